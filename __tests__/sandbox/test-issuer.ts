// An issuer for tests of single authorities: GitHub's name, a key of our own, and the claims of the demo's job.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { WorldClock } from '../../sandbox/clock.ts';
import type { Issuer, ServiceContext } from '../../sandbox/github/tokens.ts';
import { Ledger } from '../../sandbox/ledger.ts';
import type { Call } from '../../sandbox/service.ts';

export const GITHUB = 'https://token.actions.githubusercontent.com';

const known = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** A key that the issuer does not publish. */
export const strangerKey: KeyObject = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

export const issuer: Issuer = { url: GITHUB, keys: () => [{ kid: 'test-key', publicKey: known.publicKey }] };

export function newContext(): ServiceContext {
  const clock = new WorldClock();
  return { clock, ledger: new Ledger(clock), issuer };
}

export interface Minting {
  readonly header?: Record<string, unknown>;
  readonly key?: KeyObject;
}

/** A token of the demo's job; `undefined` takes a claim out. */
export function mint(clock: WorldClock, claims: Record<string, unknown>, { header, key }: Minting = {}): string {
  const now = clock.seconds();
  const all = {
    iss: GITHUB,
    sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
    repository: 'octo-org/octo-repo',
    repository_id: '1296269',
    repository_owner: 'octo-org',
    repository_owner_id: '583231',
    ref: 'refs/heads/main',
    job_workflow_ref: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main',
    jti: 'test',
    iat: now,
    nbf: now - 600,
    exp: now + 300,
    ...claims,
  };
  const parts = [{ typ: 'JWT', alg: 'RS256', kid: 'test-key', ...header }, all];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), key ?? known.privateKey).toString('base64url')}`;
}

export function callTo(
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Call {
  const parsed = new URL(url);
  const { method = 'GET', headers = {}, body = '' } = init;
  return { host: parsed.host, method, path: parsed.pathname + parsed.search, url: parsed, headers, body };
}

export const FORM = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' };

export function postForm(
  url: string,
  fields: Record<string, string | undefined>,
  headers: Record<string, string> = FORM,
): Call {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) body.set(name, value);
  return callTo(url, { method: 'POST', headers, body: body.toString() });
}
