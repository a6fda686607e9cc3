// What was read, as values for later steps; and how token and leases will end.

import { Failure } from '../../core/failure.ts';
import type { Credential, Grant, Keep, Variable } from '../../core/grant.ts';
import type { VaultToken } from './exchange.ts';
import { dataOf, type Picked, pick } from './pick.ts';
import type { Found } from './read.ts';
import type { VaultRequest } from './request.ts';
import { placeOf } from './secrets.ts';

export function granted(request: VaultRequest, token: VaultToken, found: readonly Found[], keep: Keep): Grant {
  const { picked, notices } = pickAll(request, found);
  const secrets = picked.map((p) => ({ ...p, secret: keep.secret(p.value, p.variable) }));
  const unmasked = secrets.filter((s) => !s.secret.maskable).map((s) => s.variable);
  const leases = found.flatMap((f) => (f.lease ? [{ path: f.path, ...f.lease }] : []));
  const ends = [
    ...leases.map((l) => l.expiresAt),
    ...(request.exportToken || leases.length > 0 ? [token.expiresAt] : []),
  ].filter((e) => e !== undefined);
  const service = token.type !== 'batch';
  const credentials: Credential[] = [
    {
      cloud: 'vault',
      kind: `Vault ${token.type} token`,
      holder: request.role ?? 'default role',
      ending: service ? 'revoked by post' : 'expires',
      ...(token.expiresAt && { expiresAt: token.expiresAt }),
    },
    ...leases.map(
      (l): Credential => ({
        cloud: 'vault',
        kind: 'Vault lease',
        holder: request.role ?? 'default role',
        scope: l.path,
        // A lease goes with its token, whatever its own term.
        expiresAt: l.ends && token.expiresAt ? Math.min(l.expiresAt, token.expiresAt) : l.expiresAt,
        ending: l.ends ? 'revoked by post' : 'expires',
      }),
    ),
  ];
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
    files: [],
    ...(ends.length > 0 && { expiresAt: Math.min(...ends) }),
    remarks: [
      `Vault: role ${request.role ?? "(the mount's default)"} at ${request.url}, ${found.length} ${found.length === 1 ? 'secret' : 'secrets'} read, ${leases.length} leased`,
    ],
    warnings: [
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
