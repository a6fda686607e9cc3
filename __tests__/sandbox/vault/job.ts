// A stand-in for GitHub: one key, and identity tokens with whatever claims a test wants.
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { Issuer } from '../../../sandbox/github/tokens.ts';

export const ISSUER = 'https://token.actions.githubusercontent.com';
const KID = 'key-1';
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const issuer: Issuer = { url: ISSUER, keys: () => [{ kid: KID, publicKey: pair.publicKey }] };
export const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
export const jwks = { keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: KID, use: 'sig', alg: 'RS256' }] };

export interface Mint {
  /** Over the job's own claims; `undefined` leaves one out. `iat`, `nbf` and `exp` are seconds from now. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly forge?: 'stranger' | 'tampered' | 'unsigned' | 'hmac';
}

/** A token of octo-org/octo-repo's main branch for https://vault.example.com; `now` in seconds. */
export function mint({ claims = {}, header = {}, forge }: Mint, now: number): string {
  const times = Object.fromEntries(
    ['iat', 'nbf', 'exp']
      .filter((name) => typeof claims[name] === 'number')
      .map((name) => [name, now + Number(claims[name])]),
  );
  const whole = {
    jti: randomUUID(),
    iss: ISSUER,
    aud: 'https://vault.example.com',
    sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
    repository: 'octo-org/octo-repo',
    repository_id: '1296269',
    repository_owner_id: '583231',
    ref: 'refs/heads/main',
    run_id: '42',
    iat: now,
    nbf: now - 600,
    exp: now + 300,
    ...claims,
    ...times,
  };
  const algorithm = forge === 'unsigned' ? 'none' : forge === 'hmac' ? 'HS256' : 'RS256';
  const text = `${encoded({ typ: 'JWT', alg: algorithm, kid: KID, ...header })}.${encoded(whole)}`;
  if (forge === 'unsigned') return `${text}.`;
  if (forge === 'hmac') return `${text}.${createHmac('sha256', publicKeyPem).update(text).digest('base64url')}`;
  const key = forge === 'stranger' ? stranger.privateKey : pair.privateKey;
  const signature = sign('sha256', Buffer.from(text), key).toString('base64url');
  return `${text}.${forge === 'tampered' ? `${signature.slice(0, -6)}AAAAAA` : signature}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
