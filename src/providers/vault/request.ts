// From Vault's inputs to a checked request.

import { type Checked, Problems } from '../../core/checked.ts';
import type { Values } from '../../core/input.ts';
import type { Terms } from '../../core/provider.ts';
import type { vaultInputs } from './inputs.ts';
import { nameOf } from './pick.ts';
import { parseSecrets, type SecretRequest } from './secrets.ts';

/** A checked request: plain data. */
export interface VaultRequest {
  readonly url: string;
  readonly role?: string;
  readonly authPath: string;
  readonly namespace?: string;
  readonly authNamespace?: string;
  readonly audience: string;
  readonly secrets: readonly SecretRequest[];
  readonly exportToken: boolean;
  readonly ignoreNotFound: boolean;
  /** Seconds for which token and leases are wanted, where they are to be kept fresh. */
  readonly lifetime?: number;
}

/** A token for a cloud must not be shown to another server, which could use it there (INVARIANTS 7). */
const CLOUD_AUDIENCE = /^sts\.amazonaws\.com|^api:\/\/AzureADTokenExchange|iam\.googleapis\.com/;

export function checkVault(values: Values<typeof vaultInputs>, terms: Terms): Checked<VaultRequest> {
  const problems = new Problems();
  const url = values.url?.value ?? '';
  const audience = values.audience?.value ?? (url && new URL(url).origin);
  if (CLOUD_AUDIENCE.test(audience)) {
    problems.add(
      'inputs/invalid',
      `vault-audience: got "${audience}", the audience of a cloud: whoever runs the Vault server could log in there with the token.`,
    );
  }
  const secrets = values.secrets ? problems.take(parseSecrets(values.secrets.value)) : [];
  for (const name of repeated(secrets ?? [])) {
    problems.add('inputs/name-twice', `vault-secrets: ${name} is named twice. Each line needs a name of its own.`);
  }
  if (!values.secrets && !values.exportToken.value) {
    problems.add(
      'inputs/missing',
      'vault-secrets: nothing to read, and vault-export-token is false: the login would have no effect.',
    );
  }
  if (problems.list.length > 0) return { ok: false, problems: problems.list };
  const namespace = values.namespace?.value;
  const authNamespace = values.authNamespace?.value ?? namespace;
  return {
    ok: true,
    value: {
      url,
      audience,
      authPath: values.authPath.value,
      secrets: secrets ?? [],
      exportToken: values.exportToken.value,
      ignoreNotFound: values.ignoreNotFound.value,
      ...(terms.keepFresh !== 'never' && { lifetime: terms.lifetime }),
      ...(values.role && { role: values.role.value }),
      ...(namespace && { namespace }),
      ...(authNamespace && { authNamespace }),
    },
  };
}

/** Names that two lines would set, as far as that can be known before the secrets are read: a wildcard's are not. */
function repeated(secrets: readonly SecretRequest[]): string[] {
  const names = secrets.flatMap(({ selector, name }) =>
    selector.kind === 'all' ? [] : [name ?? nameOf(selector.written).toUpperCase()],
  );
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}
