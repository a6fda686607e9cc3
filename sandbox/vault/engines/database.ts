// The database engine with an emulated PostgreSQL behind it, which can be down.
import { randomBytes } from 'node:crypto';
import { configured, SYSTEM_TTL } from '../durations.ts';
import { type Engine, type EngineCall, nameBelow } from '../engine.ts';
import { base62 } from '../random.ts';
import type { DatabaseMount } from '../trust.ts';
import { multi, type Outcome, refused, secret, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from '../wire.ts';

const UNREACHABLE =
  'failed to connect to `user=admin database=postgres`: 127.0.0.1:5432 (127.0.0.1): dial error: dial tcp 127.0.0.1:5432: connect: connection refused';

export const database: Engine<DatabaseMount> = {
  answer(call) {
    const fixed = nameBelow(call.path, 'static-creds');
    const name = nameBelow(call.path, 'creds');
    if (name === undefined && fixed === undefined) return UNSUPPORTED_PATH;
    if (call.operation !== 'read') return UNSUPPORTED_OPERATION;
    return name === undefined ? fixedUser(call, fixed ?? '') : newUser(call, name);
  },
};

function newUser(call: EngineCall<DatabaseMount>, name: string): Outcome {
  const role = Object.hasOwn(call.mount.roles, name) ? call.mount.roles[name] : undefined;
  if (!role) return refused(400, `unknown role: ${name}`);
  if (!call.mount.up) return multi(500, `unable to start transaction: ${UNREACHABLE}`);
  const username = `v-${call.token.displayName.slice(0, 8)}-${name.slice(0, 8)}-${base62(20)}-${call.clock.seconds()}`;
  const password = randomBytes(15).toString('base64url');
  const ttl = configured(role.default_ttl, SYSTEM_TTL);
  const user = call.record('database user', [password], {
    id: username,
    expiresAt: call.clock.now() + ttl * 1000,
    revocable: true,
  });
  const down = () => (call.mountNow()?.up === false ? UNREACHABLE : undefined);
  const broken = () =>
    call.mountNow()?.roles[name]?.revocation_statements_fail
      ? 'ERROR: syntax error at or near "BROKEN" (SQLSTATE 42601)'
      : undefined;
  return secret(
    { password, username },
    {
      lease: {
        ttl,
        maxTtl: configured(role.max_ttl, SYSTEM_TTL),
        renewable: true,
        ends: true,
        secrets: [password],
        credentials: [user],
        renew: down,
        revoke: () => down() ?? broken(),
      },
    },
  );
}

function fixedUser(call: EngineCall<DatabaseMount>, name: string): Outcome {
  const roles = call.mount.static_roles ?? {};
  const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
  if (!role) return refused(400, `unknown role: ${name}`);
  call.record('static secret', [role.password], { id: `static-creds/${name}`, once: true });
  const period = configured(role.rotation_period, SYSTEM_TTL);
  const rotated = call.flavour === 'openbao' ? 'last_openbao_rotation' : 'last_vault_rotation';
  const since = call.memory(() => call.clock.now());
  const elapsed = Math.floor((call.clock.now() - since) / 1000) % period;
  return secret({
    username: role.username,
    password: role.password,
    [rotated]: new Date(since).toISOString(),
    rotation_period: period,
    ttl: period - elapsed,
  });
}
