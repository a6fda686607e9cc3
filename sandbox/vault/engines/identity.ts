// The identity engine's OIDC tokens: what a token's entity can prove to others. Only reading one is played.
import { randomBytes } from 'node:crypto';
import { configured } from '../durations.ts';
import type { Engine } from '../engine.ts';
import { base62 } from '../random.ts';
import type { IdentityMount } from '../trust.ts';
import { refused, secret, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from '../wire.ts';

export const identity: Engine<IdentityMount> = {
  answer(call) {
    const name = /^oidc\/token\/([^/]+)$/.exec(call.path)?.[1];
    if (name === undefined) return UNSUPPORTED_PATH;
    if (call.operation !== 'read') return UNSUPPORTED_OPERATION;
    const role = Object.hasOwn(call.mount.roles, name) ? call.mount.roles[name] : undefined;
    if (!role) return refused(400, `role "${name}" not found`);
    const ttl = configured(role.ttl, 86_400);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const client_id = call.memory(() => base62(26));
    const claims = {
      aud: client_id,
      exp: call.clock.seconds() + ttl,
      iat: call.clock.seconds(),
      sub: call.token.displayName,
    };
    const token = `${part({ alg: 'RS256', kid: 'sandbox' })}.${part(claims)}.${randomBytes(256).toString('base64url')}`;
    call.record('identity token', [token], { expiresAt: call.clock.now() + ttl * 1000 });
    return secret({ client_id, token, ttl });
  },
};
