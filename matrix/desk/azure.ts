// The commands of the Azure CLI that advice may contain, on the trust document.
import type { AzureTrust, ExactCredential } from '../../sandbox/azure/trust.ts';
import { flag, unknown } from '../shell-words.ts';

export function azure(words: readonly string[], trust: AzureTrust): AzureTrust {
  const line = words.join(' ');
  if (line.startsWith('ad app federated-credential create')) {
    return addCredential(trust, flag(words, 'id') ?? '', JSON.parse(flag(words, 'parameters') ?? ''));
  }
  // With a name and a group put in, it is the same for a managed identity.
  if (line.startsWith('identity federated-credential create')) return trust;
  return unknown(words);
}

/** Entra takes one credential of an issuer and subject; a second one is refused, and the first is to be changed. */
function addCredential(trust: AzureTrust, clientId: string, added: ExactCredential): AzureTrust {
  const tenants = trust.tenants.map((tenant) => ({
    ...tenant,
    identities: tenant.identities.map((identity) => {
      if (identity.clientId !== clientId) return identity;
      const others = identity.federatedCredentials.filter(
        (one) => !('subject' in one) || one.issuer !== added.issuer || one.subject !== added.subject,
      );
      return { ...identity, federatedCredentials: [...others, added] };
    }),
  }));
  return { tenants };
}
