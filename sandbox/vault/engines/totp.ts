// TOTP codes of keys that the engine keeps.
import { createHmac } from 'node:crypto';
import { type Engine, nameBelow } from '../engine.ts';
import type { TotpMount } from '../trust.ts';
import { refused, secret, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from '../wire.ts';

const PERIOD = 30;

export const totp: Engine<TotpMount> = {
  answer(call) {
    const name = nameBelow(call.path, 'code');
    if (name === undefined) return UNSUPPORTED_PATH;
    const key = Object.hasOwn(call.mount.keys, name) ? call.mount.keys[name] : undefined;
    if (key === undefined) return refused(400, `unknown key: ${name}`);
    const now = call.clock.seconds();
    const code = codeAt(key, Math.floor(now / PERIOD));
    if (call.operation === 'write') return secret({ valid: call.body.code === code });
    if (call.operation !== 'read') return UNSUPPORTED_OPERATION;
    const end = (Math.floor(now / PERIOD) + 1) * PERIOD;
    call.record('totp code', [code], { expiresAt: end * 1000 });
    return secret(call.flavour === 'openbao' ? { code, expire_time: end, generated: now, period: '30s' } : { code });
  },
};

/** Six digits for a base32 key and a counter (RFC 6238 with SHA-1). */
export function codeAt(base32: string, counter: number): string {
  const bits = [...base32.replace(/=+$/, '').toUpperCase()]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac('sha1', key).update(message).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
