// What was read, as values for later steps; and how token and leases will end.

import { Failure } from '../../core/failure.ts';
import type { Grant, Keep, PlannedFile, Variable } from '../../core/grant.ts';
import { Secret } from '../../core/secret.ts';
import { issued } from './credentials.ts';
import type { VaultToken } from './exchange.ts';
import type { Outlook } from './outlook.ts';
import { dataOf, type Picked, pick } from './pick.ts';
import type { Found } from './read.ts';
import type { VaultRequest } from './request.ts';
import { placeOf } from './secrets.ts';

/** What main knows of the end besides what was read. */
interface Prospect {
  readonly outlook: Outlook;
  /** Whether main has asked for the token's end already. */
  readonly asked: boolean;
  readonly now: number;
  readonly warnings: readonly string[];
}

export function granted(
  request: VaultRequest,
  token: VaultToken,
  found: readonly Found[],
  keep: Keep,
  { outlook, asked, now, warnings }: Prospect,
): Grant {
  const { picked, notices } = pickAll(request, found);
  const secrets = picked.map((p) => ({ ...p, secret: keep.secret(p.value, p.variable) }));
  const unmasked = secrets.filter((s) => !s.secret.maskable).map((s) => s.variable);
  const { credentials, ends, remarks, warnings: unconfirmed } = issued(request, token, found, outlook, asked, now);
  const leased = found.filter((f) => f.lease).length;
  return {
    cloud: 'vault',
    credentials,
    variables: [
      ...secrets.map((s) => ({ name: s.variable, value: s.secret, ...(s.wild && { ifAbsent: true as const }) })),
      ...(request.exportToken ? tokenVariables(request, token) : []),
    ],
    outputs: [],
    secretOutputs: [
      { name: 'vault-token', value: token.value },
      ...secrets.map((s) => ({ name: s.output, value: s.secret })),
    ],
    files: request.exportToken ? connectionFiles(request) : [],
    ...(ends.length > 0 && { expiresAt: Math.min(...ends) }),
    remarks: [
      `Vault: role ${request.role ?? "(the mount's default)"} at ${request.url}, ${found.length} ${found.length === 1 ? 'secret' : 'secrets'} read, ${leased} leased`,
      ...remarks,
    ],
    warnings: [
      ...warnings,
      ...unconfirmed,
      ...notices,
      ...(unmasked.length > 0 ? [`Too short or too common to be masked in the log: ${unmasked.join(', ')}`] : []),
    ],
  };
}

function tokenVariables(request: VaultRequest, token: VaultToken): Variable[] {
  return [
    { name: 'VAULT_TOKEN', value: token.value },
    { name: 'VAULT_ADDR', value: request.url },
    ...(request.namespace ? [{ name: 'VAULT_NAMESPACE', value: request.namespace }] : []),
  ];
}

/** With the token: what a client needs to reach the same server. `vault-tls-skip-verify` is not handed on. */
function connectionFiles({ connection }: VaultRequest): PlannedFile[] {
  const { ca, certificate, key } = connection?.tls ?? {};
  const file = (name: string, variable: string, content: Secret | string): PlannedFile => ({
    name,
    content: () => content,
    variables: [variable],
    outputs: [],
  });
  return [
    ...(ca ? [file('vault-ca.pem', 'VAULT_CACERT', ca)] : []),
    ...(certificate ? [file('vault-client.pem', 'VAULT_CLIENT_CERT', certificate)] : []),
    ...(key ? [file('vault-client-key.pem', 'VAULT_CLIENT_KEY', new Secret(key, 'vault-client-key'))] : []),
  ];
}

/** All values of all lines; nothing is half done: what one line lacks fails the exchange, and the leases that were taken are owed. */
function pickAll(request: VaultRequest, found: readonly Found[]): { picked: Picked[]; notices: string[] } {
  const byPlace = new Map(found.map((f) => [f.path, f]));
  const picked: Picked[] = [];
  const notices: string[] = [];
  for (const secret of request.secrets) {
    const place = byPlace.get(placeOf(secret));
    if (!place?.data) {
      notices.push(`Vault: ${placeOf(secret)} was not found; ignored, as vault-ignore-not-found asks.`);
      continue;
    }
    const data = dataOf(place.data);
    const picks = data === undefined ? 'this version of it is deleted' : pick(secret, data);
    if (typeof picks === 'string')
      throw new Failure('vault/key-missing', `Vault: ${placeOf(secret)} was read, but ${picks}`);
    picked.push(...picks);
  }
  return { picked, notices };
}
