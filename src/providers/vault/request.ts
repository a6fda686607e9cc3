// From Vault's inputs to a checked request.

import { isForClouds } from '../../core/audiences.ts';
import { type Checked, Problems } from '../../core/checked.ts';
import { asFailure } from '../../core/failure.ts';
import type { Values } from '../../core/input.ts';
import type { HostTls } from '../../core/ports.ts';
import type { ReadPem, Terms } from '../../core/provider.ts';
import type { VaultConnection } from './connection.ts';
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
  /** Seconds for which token and leases are wanted, where they are to be kept fresh. */
  readonly keepFor?: number;
  readonly connection?: VaultConnection;
  /** Post revokes nothing. */
  readonly revoke?: false;
  /** Nobody uses the token behind the reads: main may end it, where it holds no lease. */
  readonly spent?: true;
}

export function checkVault(values: Values<typeof vaultInputs>, terms: Terms, readPem: ReadPem): Checked<VaultRequest> {
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
  const connection = checkConnection(values, readPem, problems);
  if (problems.list.length > 0) return { ok: false, problems: problems.list };
  const namespace = named(values.namespace?.value);
  const authNamespace = values.authNamespace ? named(values.authNamespace.value) : namespace;
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
      ...(terms.keepFresh !== 'never' && { keepFor: terms.lifetime }),
      connection,
      ...(!terms.revoke && { revoke: false as const }),
      ...(terms.revoke && !values.exportToken.value && !terms.outputs.has('vault') && { spent: true as const }),
      ...(values.role && { role: values.role.value }),
      ...(namespace && { namespace }),
      ...(authNamespace && { authNamespace }),
    },
  };
}

/** `root` is how one says it where another namespace would be taken; on the wire it is no header at all. */
function named(namespace: string | undefined): string | undefined {
  return namespace === 'root' ? undefined : namespace;
}

/** What is given for the way to the server; each problem names the input that has it. */
function checkConnection(values: Values<typeof vaultInputs>, readPem: ReadPem, problems: Problems): VaultConnection {
  const { headers, caCertificate, clientCertificate, clientKey, tlsSkipVerify } = values;
  const read = (...given: Parameters<ReadPem>) => {
    try {
      return readPem(...given);
    } catch (thrown) {
      const { id, message } = asFailure(thrown);
      problems.add(id, message);
      return undefined;
    }
  };
  const ca = caCertificate && read(caCertificate.field.name, caCertificate.value);
  const certificate = clientCertificate && read(clientCertificate.field.name, clientCertificate.value);
  const of = { name: 'vault-client-certificate', pem: certificate ?? '' };
  const key = certificate && clientKey && read(clientKey.field.name, clientKey.value, of);
  for (const why of contradictions(values)) problems.add('inputs/invalid', why);
  const tls: HostTls = {
    ...(ca && { ca }),
    ...(certificate && key && { certificate, key }),
    ...(tlsSkipVerify.value && { skipVerify: true }),
  };
  return { ...(Object.keys(tls).length > 0 && { tls }), ...(headers && { headerText: headers.text }) };
}

function contradictions(values: Values<typeof vaultInputs>): string[] {
  const { url, caCertificate, clientCertificate, clientKey, tlsSkipVerify } = values;
  const given = [caCertificate, clientCertificate, clientKey].filter((value) => value !== undefined);
  const names = [...given.map((value) => value.field.name), ...(tlsSkipVerify.value ? [tlsSkipVerify.field.name] : [])];
  const plain = url?.value.startsWith('http:') && names.length > 0;
  return [
    ...(clientCertificate && !clientKey ? ['vault-client-key: missing; vault-client-certificate needs its key.'] : []),
    ...(clientKey && !clientCertificate
      ? ['vault-client-certificate: missing; vault-client-key is of no use without it.']
      : []),
    ...(caCertificate && tlsSkipVerify.value
      ? [
          'vault-tls-skip-verify: got true, and nothing would be checked by vault-ca-certificate. Remove one of the two.',
        ]
      : []),
    ...(plain ? [`${names.join(', ')}: vault-url is plain http, so there is no TLS to use it in.`] : []),
  ];
}
