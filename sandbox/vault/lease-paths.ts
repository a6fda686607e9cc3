// sys/leases/*: looked up, renewed, revoked. The lease's namespace decides, not the request's, as its id carries it (measured).
import { secondsOf } from './durations.ts';
import type { Lease } from './leases.ts';
import { namespaceSuffix } from './random.ts';
import type { SystemCall } from './system.ts';
import type { VaultServer } from './trust.ts';
import { EMPTY, type Outcome, refused, secret, textField, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from './wire.ts';

const QUEUED: Outcome = { kind: 'empty', status: 202 };

export function leasePath(call: SystemCall): Outcome {
  const action = { 'sys/leases/lookup': lookup, 'sys/leases/renew': renew, 'sys/leases/revoke': revoke }[
    call.request.path
  ];
  if (!action) return UNSUPPORTED_PATH;
  if (call.request.operation !== 'write') return UNSUPPORTED_OPERATION;
  const id = textField(call.body, 'lease_id');
  return id === undefined ? refused(400, 'lease_id must be specified') : action(call, id, call.stores.leases.find(id));
}

/** The namespace whose policy a lease request is judged by: its id's, where a child's suffix is on it. */
export function namespaceOfLease(id: unknown, server: VaultServer): string | undefined {
  const names = Object.keys(server.namespaces ?? {}).map((name) => `${name}/`);
  return typeof id === 'string' ? names.find((name) => id.endsWith(namespaceSuffix(name))) : undefined;
}

function lookup(call: SystemCall, id: string, lease: Lease | undefined): Outcome {
  if (!lease) return refused(400, 'invalid lease');
  return secret({
    expire_time: new Date(lease.expiresAt).toISOString(),
    id,
    issue_time: new Date(lease.issuedAt).toISOString(),
    last_renewal: lease.lastRenewal === undefined ? null : new Date(lease.lastRenewal).toISOString(),
    ...(lease.namespace !== '' && { namespace_path: lease.namespace }),
    ...(call.flavour === 'openbao' && { path: lease.path }),
    renewable: lease.terms.renewable && lease.dueAt === undefined,
    ttl: call.stores.leases.ttl(lease),
  });
}

function renew(call: SystemCall, id: string, lease: Lease | undefined): Outcome {
  if (!lease) return refused(400, 'lease not found');
  const asked = call.body.increment;
  const increment = asked === undefined ? 0 : secondsOf(asked);
  if (increment === undefined)
    return refused(
      400,
      `Field validation failed: error converting input for field "increment": time: invalid duration "${asked}"`,
    );
  const result = call.stores.leases.renew(lease, increment, call.token);
  if (typeof result === 'string') return refused(400, result);
  return secret(null, { leaseId: id, renewable: true, leaseDuration: call.stores.leases.ttl(lease), warnings: result });
}

/** Synchronous by default in OpenBao, queued in Vault; an id that is not known is already revoked. */
function revoke(call: SystemCall, _id: string, lease: Lease | undefined): Outcome {
  const sync = readSync(call.body.sync, call.flavour === 'openbao');
  if (sync === undefined) {
    return refused(
      400,
      `Field validation failed: error converting input for field "sync": '' cannot parse value as 'bool': strconv.ParseBool: invalid syntax`,
    );
  }
  if (!sync) {
    if (lease) call.stores.leases.queue(lease, 'revoked', call.stores.backgroundMs);
    return QUEUED;
  }
  const fault = lease && call.stores.leases.revoke(lease);
  return fault === undefined
    ? EMPTY
    : refused(400, `failed to revoke entry: resp: (*logical.Response)(nil) err: ${fault}`);
}

function readSync(value: unknown, otherwise: boolean): boolean | undefined {
  if (value === undefined) return otherwise;
  if (typeof value === 'boolean') return value;
  return { true: true, '1': true, false: false, '0': false }[String(value)];
}
