// The token store: service tokens with TTL, maximum, uses and accessor; batch tokens, which nothing can end early.
import { randomUUID } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import type { Entry, Ledger } from '../ledger.ts';
import { SYSTEM_TTL, spelled } from './durations.ts';
import { base62, namespaceSuffix, tokenId } from './random.ts';
import type { Flavour } from './trust.ts';
import type { AuthBlock } from './wire.ts';

/** What a login grants. Durations in seconds; 0: not set. */
export interface TokenTerms {
  readonly type: 'service' | 'batch';
  /** Of the mount that made it: empty for the root, else `team/`. */
  readonly namespace: string;
  readonly role: string;
  readonly displayName: string;
  readonly entity: string;
  readonly path: string;
  readonly policies: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly ttl: number;
  readonly maxTtl: number;
  readonly explicitMaxTtl: number;
  readonly period: number;
  readonly uses: number;
}

export interface VaultToken extends TokenTerms {
  readonly id: string;
  readonly accessor: string;
  readonly issuedAt: number;
  expiresAt: number;
  lastRenewal?: number;
  /** Left of `uses`. */
  usesLeft: number;
  revoked: boolean;
  readonly entry: Entry;
}

export class TokenStore {
  readonly #tokens = new Map<string, VaultToken>();
  readonly #entities = new Map<string, string>();
  readonly #clock: WorldClock;
  readonly #ledger: Ledger;

  constructor(clock: WorldClock, ledger: Ledger) {
    this.#clock = clock;
    this.#ledger = ledger;
  }

  issue(flavour: Flavour, terms: TokenTerms): { readonly token: VaultToken; readonly warnings: readonly string[] } {
    const { ttl, warnings } = capped(terms.ttl, mostOf(terms), 0);
    const suffix = namespaceSuffix(terms.namespace);
    const id = tokenId(flavour, terms.type, terms.namespace);
    const accessor = terms.type === 'batch' ? '' : `${base62(24)}${suffix}`;
    const now = this.#clock.now();
    const expiresAt = now + ttl * 1000;
    const entry = this.#ledger.issue({
      id: accessor || randomUUID(),
      service: 'vault',
      kind: `${terms.type} token`,
      holder: terms.displayName,
      scope: `role ${terms.role}: ${terms.policies.join(', ')}`,
      expiresAt,
      revocable: terms.type === 'service',
      secrets: [id],
    });
    const token: VaultToken = {
      ...terms,
      ttl,
      id,
      accessor,
      issuedAt: now,
      expiresAt,
      usesLeft: terms.uses,
      revoked: false,
      entry,
    };
    this.#tokens.set(id, token);
    return { token, warnings };
  }

  /** A living token, or undefined: unknown, expired, revoked and used up look the same from outside. */
  find(id: string): VaultToken | undefined {
    const token = this.#tokens.get(id);
    return token && !token.revoked && this.#clock.now() < token.expiresAt ? token : undefined;
  }

  /** The entity behind a user claim; one for each mount and name. */
  entityOf(mount: string, name: string, namespace: string): string {
    const key = `${mount}\n${name}`;
    const id = this.#entities.get(key) ?? `${randomUUID()}${namespaceSuffix(namespace)}`;
    this.#entities.set(key, id);
    return id;
  }

  /** Extends (or shortens) a service token by `increment` seconds, 0 for its role's TTL; near its maximum it gets less, with a warning. */
  renew(token: VaultToken, increment: number): readonly string[] {
    const elapsed = wholeSeconds(token.issuedAt, this.#clock.now());
    const { ttl, warnings } = capped(token.period || increment || token.ttl, mostOf(token), elapsed);
    token.lastRenewal = this.#clock.now();
    token.expiresAt = token.lastRenewal + ttl * 1000;
    token.entry.expiresAt = token.expiresAt;
    return warnings;
  }

  revoke(token: VaultToken): void {
    token.revoked = true;
    this.#ledger.end(token.entry, 'revoked');
  }
}

/** Most seconds a token may reach from its issue. Periodic tokens know no maximum but an explicit one. */
function mostOf(terms: TokenTerms): number {
  const limits = [terms.period ? 0 : terms.maxTtl || SYSTEM_TTL, terms.explicitMaxTtl].filter((limit) => limit > 0);
  return limits.length === 0
    ? Number.POSITIVE_INFINITY
    : Math.min(...limits, terms.period ? Number.POSITIVE_INFINITY : SYSTEM_TTL);
}

/** Seconds between two moments as the server counts them: each cut to its second first. */
export function wholeSeconds(from: number, to: number): number {
  return Math.floor(to / 1000) - Math.floor(from / 1000);
}

/** A TTL within what is left of a maximum, with the server's words where it was cut. */
export function capped(wanted: number, most: number, elapsed: number): { ttl: number; warnings: readonly string[] } {
  const left = most - elapsed;
  if (wanted <= left) return { ttl: wanted, warnings: [] };
  const warning = `TTL of "${spelled(wanted)}" exceeded the effective max_ttl of "${spelled(left)}"; TTL value is capped accordingly`;
  return { ttl: Math.max(left, 0), warnings: [warning] };
}

/** The `auth` of a login and of a renewal. */
export function authBlock(token: VaultToken, now: number): AuthBlock {
  return {
    client_token: token.id,
    accessor: token.accessor,
    policies: token.policies,
    token_policies: token.policies,
    metadata: token.meta,
    lease_duration: Math.round((token.expiresAt - now) / 1000),
    renewable: token.type === 'service',
    entity_id: token.entity,
    token_type: token.type,
    orphan: true,
    mfa_requirement: null,
    num_uses: token.uses,
  };
}
