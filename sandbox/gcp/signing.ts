// Google-managed keys: one RSA pair for this process; the key id says whether Google or which service account has signed.
import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import { type OpenedToken, openToken, type TokenFault } from '../github/tokens.ts';

let pair: Promise<{ privateKey: KeyObject; publicKey: KeyObject }> | undefined;

/** Starts making the key, off the main thread. */
export function prepareSigningKey(): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  pair ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return pair;
}

/** `signer`: a service account's address, or `accounts.google.com`. */
export function keyIdOf(signer: string): string {
  return createHash('sha1').update(signer).digest('hex');
}

/** A JWT of these claims, whatever they say. */
export async function sign(claims: JWTPayload, signer: string): Promise<string> {
  const { privateKey } = await prepareSigningKey();
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: keyIdOf(signer), typ: 'JWT' }).sign(privateKey);
}

/** Opens what `sign` made for this very signer. */
export async function openSigned(jwt: string, signer: string): Promise<OpenedToken | { readonly fault: TokenFault }> {
  const { publicKey } = await prepareSigningKey();
  return openToken(jwt, [{ kid: keyIdOf(signer), publicKey }]);
}

/** The signer's JWK set. */
export async function publishedKeys(signer: string): Promise<object> {
  const { publicKey } = await prepareSigningKey();
  return { keys: [{ ...(await exportJWK(publicKey)), use: 'sig', alg: 'RS256', kid: keyIdOf(signer) }] };
}
