// From a living token's request to its answer: policy first, then the token's own paths, the system's, or an engine's.
import { aclOf, capabilityFor } from './access.ts';
import type { Authenticated } from './engine-desk.ts';
import { engineOf } from './engines/index.ts';
import { namespaceOfLease } from './lease-paths.ts';
import type { Request } from './requests.ts';
import type { Stores } from './stores.ts';
import { mountAt, mountInfo, systemPath } from './system.ts';
import { tokenPath } from './token-paths.ts';
import { FORBIDDEN, type Outcome, refused } from './wire.ts';

const LAST_USE = 'Secret cannot be returned; token had one use left, so leased credentials were immediately revoked.';
export const OWN_PATH = /^auth\/token\/(lookup|renew|revoke)-self$/;

/** `last`: the token has no use left after this one. */
export function route(asked: Authenticated, stores: Stores, last: boolean): Outcome {
  const request = { ...asked.request, namespace: namespaceFor(asked, stores) };
  const { path, namespace, operation } = request;
  const server = stores.server();
  if (path.startsWith('sys/internal/ui/mounts')) return mountInfo(request, asked.token, server);
  const authenticated = { ...asked, request };
  const target = targetOf(authenticated, stores);
  const wanted = capabilityFor(operation, operation !== 'write' || target.exists());
  if (!aclOf(asked.token, server).allows(namespace + path, wanted)) return FORBIDDEN;
  const call = { ...authenticated, server, flavour: server.flavour, clock: stores.context.clock, stores };
  if (path.startsWith('auth/token/')) return tokenPath(call);
  if (path.startsWith('sys/')) return systemPath(call);
  return leased(target.answer(), authenticated, stores, last);
}

/** What a path leads to, asked only once the policy has let it through; whether it is there decides between create and update. */
interface Target {
  exists(): boolean;
  answer(): Outcome;
}

function targetOf(asked: Authenticated, stores: Stores): Target {
  const { path, namespace } = asked.request;
  const found = mountAt(stores.server(), namespace, path);
  if (!found || path.length <= found.path.length) {
    return { exists: () => true, answer: () => refused(404, `no handler for route "${path}". route entry not found.`) };
  }
  if (!found.mount) {
    const below = path.slice(found.path.length + 1);
    return { exists: () => stores.desk.holds(asked.token, below), answer: () => stores.desk.cubbyhole(asked) };
  }
  const engine = engineOf(found.mount);
  const call = stores.desk.call(asked, found.path, found.mount);
  return { exists: () => engine.exists?.(call) ?? true, answer: () => engine.answer(call) };
}

/** Registers the lease of a new credential; a token on its last use may not have one. */
function leased(outcome: Outcome, { request, token }: Authenticated, stores: Stores, last: boolean): Outcome {
  if (outcome.kind !== 'secret' || !outcome.lease) return outcome;
  const lease = stores.leases.register(outcome.lease, request.path, request.namespace, token);
  const { renewable } = outcome.lease;
  if (!last) return { ...outcome, leaseId: lease.id, renewable, leaseDuration: stores.leases.ttl(lease) };
  stores.leases.revoke(lease);
  return refused(400, LAST_USE);
}

/** A token's own paths run in its namespace, a lease's in the lease's, everything else in the one that was asked (measured). */
function namespaceFor({ request, body, token }: Authenticated, stores: Stores): Request['namespace'] {
  if (OWN_PATH.test(request.path)) return token.namespace;
  const ofLease = request.path.startsWith('sys/leases/') ? namespaceOfLease(body.lease_id, stores.server()) : undefined;
  return ofLease ?? request.namespace;
}
