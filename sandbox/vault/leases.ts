// Leases: what hangs on a credential until it is revoked, by its id, with its token, or by its own end.
import type { WorldClock } from '../clock.ts';
import type { Ended, Entry, Ledger } from '../ledger.ts';
import { base62, namespaceSuffix } from './random.ts';
import { capped, type VaultToken, wholeSeconds } from './tokens.ts';

/** What an engine says of a credential it made. Durations in seconds. */
export interface LeaseTerms {
  readonly ttl: number;
  readonly maxTtl: number;
  readonly renewable: boolean;
  /** False: revoking the lease leaves the credential alive (the AWS STS types). */
  readonly ends: boolean;
  readonly secrets: readonly string[];
  /** Tells the backend; its error text, or undefined when the credential is gone. */
  readonly revoke?: () => string | undefined;
  readonly renew?: () => string | undefined;
  /** Further entries that end with the lease: a database user. */
  readonly credentials?: readonly Entry[];
}

export interface Lease {
  readonly id: string;
  readonly path: string;
  /** Empty for the root, else `team/`. */
  readonly namespace: string;
  readonly terms: LeaseTerms;
  readonly issuedAt: number;
  expiresAt: number;
  lastRenewal?: number;
  /** The service token of the same namespace that it goes with. */
  readonly token?: VaultToken;
  readonly entry: Entry;
  /** When a revocation that failed or was queued is tried (again). */
  dueAt?: number;
  tries: number;
}

/** First wait between tries of a revocation that failed; doubled each time (facts: real-parts 1.6, 7). */
const RETRY_MS = 10_000;
const MOST_TRIES = 6;

export class LeaseStore {
  readonly #leases = new Map<string, Lease>();
  readonly #clock: WorldClock;
  readonly #ledger: Ledger;

  constructor(clock: WorldClock, ledger: Ledger) {
    this.#clock = clock;
    this.#ledger = ledger;
  }

  /** A batch token's lease ends at the latest with the token, but is not indexed under it; nor is one in another namespace. */
  register(terms: LeaseTerms, path: string, namespace: string, token: VaultToken): Lease {
    const now = this.#clock.now();
    const own = now + terms.ttl * 1000;
    const expiresAt = token.type === 'batch' ? Math.min(own, Math.floor(token.expiresAt / 1000) * 1000) : own;
    const id = `${path}/${base62(24)}${namespaceSuffix(namespace)}`;
    const indexed = token.type === 'service' && token.namespace === namespace;
    const entry = this.#ledger.issue({
      id,
      service: 'vault',
      kind: 'lease',
      holder: token.displayName,
      scope: path,
      expiresAt,
      revocable: terms.ends,
      secrets: terms.secrets,
    });
    const lease: Lease = {
      id,
      path,
      namespace,
      terms,
      issuedAt: now,
      expiresAt,
      entry,
      tries: 0,
      ...(indexed && { token }),
    };
    this.#leases.set(id, lease);
    this.#dateEntries(lease);
    return lease;
  }

  find(id: string): Lease | undefined {
    return this.#leases.get(id);
  }

  /** Seconds left, rounded as the server does. */
  ttl(lease: Lease): number {
    return lease.dueAt === undefined
      ? Math.max(0, Math.floor((lease.expiresAt - this.#clock.now()) / 1000 + 0.999))
      : 0;
  }

  /** Warnings, or the text of a refusal. `increment` 0 asks for the default TTL. */
  renew(lease: Lease, increment: number, token: VaultToken): readonly string[] | string {
    if (lease.dueAt !== undefined) return 'lease expired';
    if (!lease.terms.renewable) return 'lease is not renewable';
    const fault = lease.terms.renew?.();
    if (fault !== undefined)
      return `failed to renew entry: resp: (*logical.Response)(nil) err: 1 error occurred:\n\t* ${fault}\n\n`;
    const now = this.#clock.now();
    const elapsed = wholeSeconds(lease.issuedAt, now);
    const { ttl, warnings } = capped(increment || lease.terms.ttl, lease.terms.maxTtl, elapsed);
    lease.lastRenewal = now;
    lease.expiresAt = token.type === 'batch' ? Math.min(now + ttl * 1000, token.expiresAt) : now + ttl * 1000;
    this.#dateEntries(lease);
    return warnings;
  }

  /** Revokes now; the backend's error text where that failed, and the lease lives on. */
  revoke(lease: Lease, by: Ended = 'revoked'): string | undefined {
    const fault = lease.terms.revoke?.();
    if (fault !== undefined) return fault;
    this.#leases.delete(lease.id);
    if (!lease.terms.ends) return undefined;
    for (const entry of [lease.entry, ...(lease.terms.credentials ?? [])]) this.#ledger.end(entry, by);
    return undefined;
  }

  /** Queues: the answer comes first, the revocation `afterMs` of the machine's time later. */
  queue(lease: Lease, by: Ended, afterMs: number): void {
    lease.expiresAt = this.#clock.now();
    lease.dueAt = lease.expiresAt + afterMs;
    setTimeout(() => this.#attempt(lease, by), afterMs).unref();
  }

  queueAllOf(token: VaultToken, afterMs: number): void {
    for (const lease of this.#leases.values())
      if (lease.token === token && lease.dueAt === undefined) this.queue(lease, 'with its token', afterMs);
  }

  /** A renewed token carries its leases' latest end with it. */
  tokenRenewed(token: VaultToken): void {
    for (const lease of this.#leases.values()) if (lease.token === token) this.#dateEntries(lease);
  }

  /** Whatever the world's clock has made due: expired leases, leases of expired tokens, further tries. */
  sweep(): void {
    const now = this.#clock.now();
    for (const lease of this.#leases.values()) {
      const tokenGone = lease.token !== undefined && lease.token.expiresAt <= now;
      if (lease.dueAt === undefined && (lease.expiresAt <= now || tokenGone))
        this.#attempt(lease, tokenGone ? 'with its token' : 'expired');
      else if (lease.dueAt !== undefined && lease.tries > 0 && lease.dueAt <= now)
        this.#attempt(lease, 'with its token');
    }
  }

  #attempt(lease: Lease, by: Ended): void {
    if (!this.#leases.has(lease.id) || lease.tries >= MOST_TRIES) return;
    if (this.revoke(lease, by) === undefined) return;
    lease.dueAt = this.#clock.now() + RETRY_MS * 2 ** lease.tries;
    lease.tries++;
  }

  #dateEntries(lease: Lease): void {
    const end = lease.token && lease.terms.ends ? Math.min(lease.expiresAt, lease.token.expiresAt) : lease.expiresAt;
    lease.entry.expiresAt = end;
    for (const entry of lease.terms.credentials ?? []) entry.expiresAt = end;
  }
}
