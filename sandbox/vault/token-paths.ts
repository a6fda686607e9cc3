// auth/token/*: what a token may ask about itself. These run in the token's own namespace, whichever the request names (measured).
import { secondsOf } from './durations.ts';
import { goTime } from './random.ts';
import type { SystemCall } from './system.ts';
import { authBlock, type VaultToken } from './tokens.ts';
import { EMPTY, type Outcome, refused, secret, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from './wire.ts';

export function tokenPath(call: SystemCall): Outcome {
  const { path, operation } = call.request;
  if (path === 'auth/token/lookup-self')
    return operation === 'read' ? secret(describe(call.token, call.clock.now())) : UNSUPPORTED_OPERATION;
  if (path !== 'auth/token/renew-self' && path !== 'auth/token/revoke-self') return UNSUPPORTED_PATH;
  if (operation !== 'write') return UNSUPPORTED_OPERATION;
  return path === 'auth/token/renew-self' ? renew(call) : revoke(call);
}

/** 204 at once; the leases go a moment later, and those in other namespaces stay. */
function revoke(call: SystemCall): Outcome {
  if (call.token.type === 'batch') return refused(400, 'batch tokens cannot be revoked');
  call.stores.end(call.token);
  return EMPTY;
}

function renew(call: SystemCall): Outcome {
  if (call.token.type === 'batch') return refused(400, 'batch tokens cannot be renewed');
  const asked = call.body.increment;
  const increment = asked === undefined ? 0 : secondsOf(asked);
  if (increment === undefined)
    return refused(
      400,
      `Field validation failed: error converting input for field "increment": time: invalid duration "${asked}"`,
    );
  const warnings = call.stores.tokens.renew(call.token, increment);
  call.stores.leases.tokenRenewed(call.token);
  return { kind: 'auth', auth: authBlock(call.token, call.clock.now()), warnings };
}

function describe(token: VaultToken, now: number): Record<string, unknown> {
  const renewed =
    token.lastRenewal === undefined
      ? {}
      : { last_renewal: goTime(token.lastRenewal), last_renewal_time: Math.floor(token.lastRenewal / 1000) };
  return {
    accessor: token.accessor,
    creation_time: Math.floor(token.issuedAt / 1000),
    creation_ttl: token.ttl,
    display_name: token.displayName,
    entity_id: token.entity,
    expire_time: goTime(token.expiresAt),
    explicit_max_ttl: token.explicitMaxTtl,
    id: token.id,
    issue_time: goTime(token.issuedAt),
    ...renewed,
    meta: token.meta,
    ...(token.namespace !== '' && { namespace_path: token.namespace }),
    num_uses: token.usesLeft,
    orphan: true,
    path: token.path,
    ...(token.period > 0 && { period: token.period }),
    policies: token.policies,
    renewable: token.type === 'service',
    ttl: Math.ceil((token.expiresAt - now) / 1000),
    type: token.type,
  };
}
