// The access tokens that the tenants of this world have issued, and who shows one.
import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import type { Entry, Ledger } from '../ledger.ts';
import { signAccessToken } from './signing.ts';
import type { Tenant, WorkloadIdentity } from './trust.ts';

export interface AccessToken {
  readonly tenantId: string;
  readonly identity: WorkloadIdentity;
  /** The resource it opens, as the scope named it. */
  readonly audience: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly entry: Entry;
}

export class AccessTokens {
  readonly #issued = new Map<string, AccessToken>();
  readonly #clock: WorldClock;
  readonly #ledger: Ledger;
  constructor(clock: WorldClock, ledger: Ledger) {
    this.#clock = clock;
    this.#ledger = ledger;
  }

  /** Signs, remembers and enters a token into the ledger. Entra has no way to end one early. */
  async issue(
    tenant: Tenant,
    identity: WorkloadIdentity,
    audience: string,
  ): Promise<{ jwt: string; expiresIn: number }> {
    const now = this.#clock.seconds();
    const expiresIn = identity.tokenLifetime ?? lifetimeOf(identity);
    const id = randomBytes(16).toString('base64url');
    const jwt = await signAccessToken(claimsOf({ tenant, identity, audience, id, now, expiresAt: now + expiresIn }));
    const entry = this.#ledger.issue({
      id,
      service: 'azure',
      kind: 'access token',
      holder: identity.clientId,
      scope: audience,
      expiresAt: (now + expiresIn) * 1000,
      revocable: false,
      secrets: [jwt],
    });
    this.#issued.set(digest(jwt), { tenantId: tenant.id, identity, audience, expiresAt: now + expiresIn, entry });
    return { jwt, expiresIn };
  }

  find(jwt: string): AccessToken | undefined {
    return this.#issued.get(digest(jwt));
  }
}

/** Seconds: 60 to 90 minutes for an application, 24 hours for a managed identity. */
function lifetimeOf(identity: WorkloadIdentity): number {
  return identity.kind === 'application' ? randomInt(3599, 5399) : 86_399;
}

interface TokenFacts {
  readonly tenant: Tenant;
  readonly identity: WorkloadIdentity;
  readonly audience: string;
  readonly id: string;
  readonly now: number;
  readonly expiresAt: number;
}

/** The claims of a version 1.0 app-only token, which the resource manager gets. */
function claimsOf({ tenant, identity, audience, id, now, expiresAt }: TokenFacts): Record<string, unknown> {
  const issuer = `https://sts.windows.net/${tenant.id}/`;
  return {
    aud: audience,
    iss: issuer,
    iat: now,
    nbf: now,
    exp: expiresAt,
    appid: identity.clientId,
    appidacr: '2',
    idp: issuer,
    idtyp: 'app',
    oid: identity.objectId,
    sub: identity.objectId,
    tid: tenant.id,
    uti: id,
    ver: '1.0',
  };
}

function digest(jwt: string): string {
  return createHash('sha256').update(jwt).digest('base64');
}
