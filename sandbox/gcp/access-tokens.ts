// The opaque access tokens of this world: issued, shown, expired, and refused where what they stand on is disabled.
import { randomBytes } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import type { Entry, Ledger } from '../ledger.ts';
import type { Call, Reply } from '../service.ts';
import { findAccount } from './context.ts';
import { type Principal, principalName, type UserPrincipal } from './principal.ts';
import { insufficientScopes, unauthenticated } from './refusal.ts';
import type { GcpTrust } from './trust.ts';

export interface AccessToken {
  readonly principal: Principal;
  readonly scopes: readonly string[];
  /** The user, with domain-wide delegation. */
  readonly actingAs?: string;
  readonly entry: Entry;
}

const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

export class AccessTokens {
  readonly #issued = new Map<string, AccessToken>();
  readonly #clock: WorldClock;
  readonly #ledger: Ledger;
  constructor(clock: WorldClock, ledger: Ledger) {
    this.#clock = clock;
    this.#ledger = ledger;
  }

  /** `lifetime` in seconds. Google has no way to end such a token early. */
  issue(principal: Principal, scopes: readonly string[], lifetime: number, actingAs?: string): string {
    const federated = principal.kind === 'federated';
    const token = `ya29.${federated ? 'd' : 'c'}.${randomBytes(federated ? 720 : 330).toString('base64url')}`;
    const entry = this.#ledger.issue({
      id: randomBytes(12).toString('hex'),
      service: 'gcp',
      kind: federated ? 'federated access token' : 'access token',
      holder: actingAs ?? principalName(principal),
      scope: scopes.join(' '),
      expiresAt: this.#clock.now() + lifetime * 1000,
      revocable: false,
      secrets: [token],
    });
    this.#issued.set(token, { principal, scopes, entry, ...(actingAs !== undefined && { actingAs }) });
    return token;
  }

  /** The living token behind the Authorization header, if it carries one of `scopes` (cloud-platform always does). */
  shown(call: Call, service: string, scopes: readonly string[], trust: GcpTrust): AccessToken | Reply {
    const header = call.headers.authorization;
    if (!header) return unauthenticated('CREDENTIALS_MISSING');
    const token = this.#issued.get(/^Bearer (\S+)$/i.exec(header)?.[1] ?? '');
    if (!token || groundless(token.principal, trust)) return unauthenticated();
    if (!this.#ledger.alive(token.entry)) return unauthenticated('ACCESS_TOKEN_EXPIRED');
    const enough = [CLOUD_PLATFORM, ...scopes].some((scope) => token.scopes.includes(scope));
    return enough ? token : insufficientScopes(service);
  }

  /** A living token, by its text. */
  find(token: string): AccessToken | undefined {
    const found = this.#issued.get(token);
    return found && this.#ledger.alive(found.entry) ? found : undefined;
  }

  knows(token: string): boolean {
    return this.#issued.has(token);
  }
}

/** Who a token speaks for: with domain-wide delegation the user, who holds none of the account's roles. */
export function speaker({ principal, actingAs }: AccessToken): Principal | UserPrincipal {
  return actingAs === undefined ? principal : { kind: 'user', email: actingAs };
}

/** A disabled pool or account silences tokens already issued; a disabled provider does not (facts: gcp 3). */
function groundless(principal: Principal, trust: GcpTrust): boolean {
  if (principal.kind === 'service account') {
    const found = findAccount(trust, principal.email);
    return !found || found.account.disabled === true;
  }
  const project = trust.projects.find((p) => p.number === principal.projectNumber);
  const pool = project?.pools.find((p) => principal.pool.endsWith(`/workloadIdentityPools/${p.id}`));
  return !pool || pool.disabled === true;
}
