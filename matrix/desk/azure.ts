// The commands of the Azure CLI that advice may contain, on the trust document.
import type { AzureTrust, ExactCredential, FlexibleCredential } from '../../sandbox/azure/trust.ts';
import { flag, unknown } from '../shell-words.ts';

export function azure(words: readonly string[], trust: AzureTrust): AzureTrust {
  const line = words.join(' ');
  if (line.startsWith('ad app federated-credential create')) {
    return addCredential(trust, flag(words, 'id') ?? '', JSON.parse(flag(words, 'parameters') ?? ''));
  }
  // The preview that takes an expression in place of a subject: Microsoft Graph alone has it.
  const [, clientId] =
    /^https:\/\/graph\.microsoft\.com\/beta\/applications\(appId='([^']+)'\)\/federatedIdentityCredentials$/.exec(
      flag(words, 'url') ?? '',
    ) ?? [];
  if (line.startsWith('rest --method post') && clientId !== undefined)
    return addCredential(trust, clientId, JSON.parse(flag(words, 'body') ?? ''));
  // With a name and a group put in, it is the same for a managed identity.
  if (line.startsWith('identity federated-credential create')) return trust;
  return unknown(words);
}

/** Entra takes one credential of an issuer and subject; a second one is refused, and the first is to be changed. */
function addCredential(trust: AzureTrust, clientId: string, added: ExactCredential | FlexibleCredential): AzureTrust {
  const tenants = trust.tenants.map((tenant) => ({
    ...tenant,
    identities: tenant.identities.map((identity) => {
      if (identity.clientId !== clientId) return identity;
      const others = identity.federatedCredentials.filter(
        (one) =>
          !('subject' in one) || !('subject' in added) || one.issuer !== added.issuer || one.subject !== added.subject,
      );
      return { ...identity, federatedCredentials: [...others, added] };
    }),
  }));
  return { tenants };
}
