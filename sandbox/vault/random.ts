// Ids and secrets as Vault makes them: base62 and base64url of good randomness, namespace suffixes, and each flavour's token prefixes.
import { createHash, randomBytes } from 'node:crypto';
import type { Flavour } from './trust.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export function base62(length: number): string {
  return Array.from(randomBytes(length), (byte) => BASE62[byte % 62]).join('');
}

/** What ids that belong to a child namespace end with: `.` and six characters. The root's ids have none. */
export function namespaceSuffix(namespace: string): string {
  if (namespace === '') return '';
  const digest = createHash('sha256').update(namespace).digest();
  return `.${Array.from(digest.subarray(0, 6), (byte) => BASE62[byte % 62]).join('')}`;
}

/** A new token: `s.` + 24 and `b.` + some 220 characters in OpenBao, `hvs.` and `hvb.` in Vault since 1.10. */
export function tokenId(flavour: Flavour, type: 'service' | 'batch', namespace: string): string {
  const suffix = namespaceSuffix(namespace);
  if (flavour === 'openbao')
    return type === 'batch' ? `b.${randomBytes(162).toString('base64url')}` : `s.${base62(24)}${suffix}`;
  return type === 'batch'
    ? `hvb.${randomBytes(104).toString('base64url')}`
    : `hvs.${randomBytes(69).toString('base64url')}${suffix}`;
}

/** RFC 3339 as Go prints it. */
export function goTime(ms: number): string {
  return new Date(ms).toISOString();
}
