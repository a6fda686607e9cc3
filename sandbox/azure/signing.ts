// The key that every tenant signs its access tokens with, and its public half as the discovery documents show it.
import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

let signingKey: Promise<SigningKey> | undefined;

/** Starts making the key, off the main thread; once a process, since an RSA key takes long. */
export function prepareSigningKey(): Promise<SigningKey> {
  signingKey ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 }).then(({ privateKey, publicKey }) => {
    const der = publicKey.export({ type: 'spki', format: 'der' });
    return { kid: createHash('sha1').update(der).digest('base64url'), privateKey, publicKey };
  });
  return signingKey;
}

/** A signed JWT of these claims, with the header that Entra writes. */
export async function signAccessToken(claims: JWTPayload): Promise<string> {
  const { kid, privateKey } = await prepareSigningKey();
  return new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: kid, kid }).sign(privateKey);
}

/** The JWK set of an issuer. */
export async function publishedKeys(issuer: string): Promise<object> {
  const { kid, publicKey } = await prepareSigningKey();
  return { keys: [{ ...(await exportJWK(publicKey)), use: 'sig', kid, x5t: kid, issuer }] };
}
