// What every authority of the sandbox knows about GitHub's tokens: how to open one. Form and signature only; issuer, audience and
// time are each authority's own check, in its own order and words.
import { constants, type KeyObject, verify } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import type { Ledger } from '../ledger.ts';

export interface IssuerKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
}

/** Who signs the identity tokens of this world, as the authorities see it through discovery. */
export interface Issuer {
  readonly url: string;
  keys(): readonly IssuerKey[];
}

/** What each service is built from; its trust document comes beside it. */
export interface ServiceContext {
  readonly clock: WorldClock;
  readonly ledger: Ledger;
  readonly issuer: Issuer;
}

export type TokenFault = 'malformed' | 'alg' | 'key' | 'signature';

export interface OpenedToken {
  readonly claims: Record<string, unknown>;
  readonly header: Record<string, unknown>;
}

const SEGMENT = /^[A-Za-z0-9_-]+$/;

function readObject(segment: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Opens a compact JWS signed with RS256 by one of `keys`. Never throws: what is wrong comes back as a `fault`
 * (`malformed` form, another `alg`, no `key` of that kid, wrong `signature`).
 */
export function openToken(jwt: string, keys: readonly IssuerKey[]): OpenedToken | { readonly fault: TokenFault } {
  const [head, payload, signature, ...rest] = jwt.split('.');
  if (head === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    return { fault: 'malformed' };
  }
  if (!SEGMENT.test(head) || !SEGMENT.test(payload)) return { fault: 'malformed' };
  const header = readObject(head);
  const claims = readObject(payload);
  if (header === undefined || claims === undefined) return { fault: 'malformed' };
  if (header.alg !== 'RS256') return { fault: 'alg' };
  const key = keys.find((candidate) => candidate.kid === header.kid);
  if (key === undefined) return { fault: 'key' };
  if (!SEGMENT.test(signature)) return { fault: 'signature' };
  const padded = { key: key.publicKey, padding: constants.RSA_PKCS1_PADDING };
  const genuine = verify('sha256', Buffer.from(`${head}.${payload}`), padded, Buffer.from(signature, 'base64url'));
  return genuine ? { claims, header } : { fault: 'signature' };
}
