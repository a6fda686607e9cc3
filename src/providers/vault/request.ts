// From Vault's inputs to a checked request.

import { isForClouds } from '../../core/audiences.ts';
import { type Checked, Problems } from '../../core/checked.ts';
import type { Values } from '../../core/input.ts';
import type { Terms } from '../../core/provider.ts';
import type { vaultInputs } from './inputs.ts';
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
  /** Seconds for which later steps are to have what was read; undefined where the user did not say. */
  readonly lifetime?: number;
}

export function checkVault(values: Values<typeof vaultInputs>, terms: Terms): Checked<VaultRequest> {
  const problems = new Problems();
  const url = values.url?.value ?? '';
  const audience = values.audience?.value ?? (url && new URL(url).origin);
  if (isForClouds(audience)) {
    problems.add(
      'inputs/invalid',
      `vault-audience: got "${audience}", the audience of a cloud: whoever runs the Vault server could log in there with the token.`,
    );
  }
  const secrets = values.secrets ? problems.take(parseSecrets(values.secrets.value)) : [];
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
      ...(terms.lifetimeGiven && { lifetime: terms.lifetime }),
      ...(values.role && { role: values.role.value }),
      ...(namespace && { namespace }),
      ...(authNamespace && { authNamespace }),
    },
  };
}
