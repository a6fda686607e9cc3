// GitHub's token issuer: who the job is, whether it runs, and the tokens that were signed about it. What is minted stands in the ledger.
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import type { Ledger } from '../ledger.ts';
import { type JobDescription, jobFor } from './event.ts';
import { claimsOf, defaultJob, type JobIdentity } from './job.ts';
import { type SigningKey, signingKey, signToken } from './signing-key.ts';
import type { Issuer } from './tokens.ts';

export const ISSUER_URL = 'https://token.actions.githubusercontent.com';
/** Of the many that GitHub has; the runner is told which. */
export const REQUEST_HOST = 'run-actions-1-azure-eastus.actions.githubusercontent.com';

/** Seconds. */
const LIFETIME = 300;
const BACKDATED = 600;
const REQUEST_TOKEN_LIFETIME = 6 * 3600 + 600;

export type JobState = 'Pending' | 'Delayed' | 'InProgress' | 'Completed';

/** What the job's processes need to ask for tokens, and what those would say. */
export interface JobAccess {
  readonly requestUrl: string;
  readonly requestToken: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export class TokenIssuer {
  readonly issuer: Issuer = { url: ISSUER_URL, keys: () => [signingKey()] };
  /** Settable; what is minted from then on is minted for it. */
  job: JobIdentity = defaultJob;
  /** Settable: only a job in progress gets tokens. */
  state: JobState = 'InProgress';
  readonly requestUrl: string;
  readonly requestToken: string;
  readonly #clock: WorldClock;
  readonly #ledger: Ledger;
  readonly #requestTokenEnds: number;

  constructor(clock: WorldClock, ledger: Ledger) {
    this.#clock = clock;
    this.#ledger = ledger;
    const plan = randomUUID();
    this.requestUrl = `https://${REQUEST_HOST}/36//idtoken/${plan}/${randomUUID()}?api-version=2.0`;
    this.#requestTokenEnds = clock.seconds() + REQUEST_TOKEN_LIFETIME;
    this.requestToken = requestTokenFor(plan, clock.seconds(), this.#requestTokenEnds);
    ledger.issue({
      id: plan,
      service: 'github',
      kind: 'request token',
      holder: 'the job',
      scope: 'identity tokens',
      expiresAt: this.#requestTokenEnds * 1000,
      revocable: false,
      secrets: [this.requestToken],
    });
  }

  /** Whether a bearer token is the job's own and has not ended. */
  accepts(bearer: string): boolean {
    return bearer === this.requestToken && this.#clock.seconds() < this.#requestTokenEnds;
  }

  /** The claims that a token would carry now. */
  claims(audience = `https://github.com/${this.job.owner}`): Record<string, unknown> {
    const now = this.#clock.seconds();
    const times = { iat: now, nbf: now - BACKDATED, exp: now + LIFETIME };
    return { ...claimsOf(this.job), aud: audience, iss: ISSUER_URL, ...times };
  }

  /** Signs a token. `overrides` replace claims, or take them out where undefined; `key` may be one that nobody knows. */
  mint(audience?: string, overrides: Readonly<Record<string, unknown>> = {}, key: SigningKey = signingKey()): string {
    const all = Object.entries({ ...this.claims(audience), ...overrides }).filter(([, value]) => value !== undefined);
    const claims = Object.fromEntries(all);
    const token = signToken(claims, key);
    this.#ledger.issue({
      id: String(claims.jti ?? randomUUID()),
      service: 'github',
      kind: 'identity token',
      holder: String(claims.sub),
      scope: String(claims.aud),
      expiresAt: Number(claims.exp ?? this.#clock.seconds() + LIFETIME) * 1000,
      revocable: false,
      secrets: [token],
    });
    return token;
  }

  /** For a runner: makes the described job the one that runs now, keeping what else is known of it. */
  identityFor(described: JobDescription): JobAccess {
    this.job = jobFor(described, this.job);
    this.state = 'InProgress';
    return { requestUrl: this.requestUrl, requestToken: this.requestToken, claims: this.claims() };
  }
}

/** Shaped as the real one: a JWT that only its own service reads. */
function requestTokenFor(plan: string, now: number, ends: number): string {
  const header = { alg: 'HS256', typ: 'JWT' };
  const claims = {
    nameid: 'dddddddd-dddd-dddd-dddd-dddddddddddd',
    orchid: `${plan}.deploy.__default`,
    nbf: now - BACKDATED,
    exp: ends,
  };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac('sha256', randomBytes(32)).update(signed).digest('base64url')}`;
}
