// Results that have an end, but no lease: certificates, cloud tokens, keys on a schedule (facts: vault 1.5, 3.3).
import type { Keep } from '../../core/grant.ts';
import { number, text } from '../../core/http.ts';
import { SERIAL } from './owed.ts';
import type { Data } from './pick.ts';

export interface Result {
  /** As the report names it. */
  readonly kind: string;
  readonly expiresAt?: number;
  /** Of a certificate: how its engine may revoke it. */
  readonly revocable?: { readonly mount: string; readonly serial: string };
}

/** `pki/issue/web`, `pki/issuer/x/sign/web`: the mount in front. */
const ISSUED = /^(.+?)\/(?:issuer\/[^/]+\/)?(?:issue|sign|sign-verbatim)(?:\/[^/]+)?$/;

/** What an answer without a lease holds that has an end; undefined for what lives until somebody changes it, a KV secret above all. */
export function resultOf(path: string, data: Data, now: number): Result | undefined {
  const expiresAt = endOf(data, now);
  const serial = text(data, 'serial_number');
  if (serial !== undefined && data.certificate !== undefined && data.issuing_ca !== undefined)
    return { kind: 'Vault certificate', ...until(expiresAt), ...revocable(path, serial) };
  if (text(data, 'signed_key') !== undefined) return { kind: 'Vault SSH certificate' };
  const google = /\/[^/]+\/token$/.test(path) && number(data, 'expires_at_seconds') !== undefined;
  if (google) return { kind: 'Vault Google token', ...until(expiresAt) };
  if (/\/(creds|sts|static-creds|static-cred)\//.test(path) && data.metadata === undefined)
    return { kind: 'Vault credential', ...until(expiresAt) };
  if (/^identity\/oidc\/token\//.test(path)) return { kind: 'Vault identity token', ...until(expiresAt) };
  return undefined;
}

/** A certificate is owed the moment it is there. */
export function oweResult(path: string, { revocable, expiresAt }: Result, keep: Keep): void {
  if (!revocable) return;
  keep.owe({ by: 'vault', kind: 'certificate', data: { ...revocable, path, ...until(expiresAt) } });
}

function until(expiresAt: number | undefined): { expiresAt?: number } {
  return expiresAt === undefined ? {} : { expiresAt };
}

/** The mount that a path of a certificate authority lies in; undefined for other paths. */
export function mountOfIssue(path: string): string | undefined {
  return ISSUED.exec(path)?.[1];
}

function revocable(path: string, serial: string): Pick<Result, 'revocable'> {
  const mount = mountOfIssue(path);
  return mount && new RegExp(`^${SERIAL.source}$`, 'i').test(serial) ? { revocable: { mount, serial } } : {};
}

/** Each engine's own word for it: a moment, or how long. */
function endOf(data: Data, now: number): number | undefined {
  const seconds = number(data, 'expiration') ?? number(data, 'expires_at_seconds');
  if (seconds !== undefined && seconds > 1e9) return seconds * 1000;
  const written = text(data, 'expiration') ?? text(data, 'expired_at');
  const moment = written === undefined ? Number.NaN : Date.parse(written);
  if (!Number.isNaN(moment)) return moment;
  const ttl = number(data, 'ttl');
  return ttl !== undefined && ttl > 0 ? now + ttl * 1000 : undefined;
}
