// The issuer's RS256 key. Making one takes a good part of a second, so a process has one, made when first asked for.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { IssuerKey } from './tokens.ts';

export interface SigningKey extends IssuerKey {
  readonly privateKey: KeyObject;
  /** Thumbprint as GitHub's header has it beside `kid`. */
  readonly x5t: string;
}

let made: SigningKey | undefined;

/** The key of this process. */
export function signingKey(): SigningKey {
  made ??= newSigningKey();
  return made;
}

/** Another key, which no authority knows unless it is published. */
export function newSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const digest = createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
  const hex = digest.toString('hex');
  const kid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  return { kid, privateKey, publicKey, x5t: digest.toString('base64url') };
}

/** The key as a member of a JWKS. */
export function jwkOf(key: SigningKey): Record<string, unknown> {
  const { n, e } = key.publicKey.export({ format: 'jwk' });
  return { kty: 'RSA', alg: 'RS256', use: 'sig', kid: key.kid, n, e, x5t: key.x5t };
}

/** A compact JWS of `claims`. */
export function signToken(claims: Readonly<Record<string, unknown>>, key: SigningKey): string {
  const header = { typ: 'JWT', alg: 'RS256', x5t: key.x5t, kid: key.kid };
  const parts = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signed = parts.join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), key.privateKey).toString('base64url')}`;
}
