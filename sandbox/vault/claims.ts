// A role's demands on the claims, in the order and the words of Vault's JWT method (facts: vault 2.1; the order measured again).
import { configured, type Duration } from './durations.ts';
import type { Claims, Identity } from './identity.ts';
import type { ClaimValue, JwtConfig, JwtRole } from './trust.ts';

const NO_NUMBER = 'error validating token: go-jose/go-jose/jwt: expected number value to unmarshal NumericDate';

/** The text of the first demand that is not met; undefined when the token is the role's. `now` in seconds. */
export function claimsFault(identity: Identity, config: JwtConfig, role: JwtRole, now: number): string | undefined {
  const { claims } = identity;
  if (['iat', 'nbf', 'exp'].some((name) => claims[name] !== undefined && typeof claims[name] !== 'number'))
    return NO_NUMBER;
  return standardFault(identity, config, role) ?? timeFault(claims, role, now) ?? roleFault(claims, role);
}

function standardFault({ claims, algorithm }: Identity, config: JwtConfig, role: JwtRole): string | undefined {
  const algorithms = config.jwt_supported_algs ?? [];
  if (algorithms.length > 0 && !algorithms.includes(algorithm)) {
    return 'error validating token: invalid algorithm (alg) header parameter: token signed with unexpected algorithm';
  }
  if (config.bound_issuer && claims.iss !== config.bound_issuer)
    return 'error validating token: invalid issuer (iss) claim';
  if (role.bound_subject && claims.sub !== role.bound_subject)
    return 'error validating token: invalid subject (sub) claim';
  const bound = role.bound_audiences ?? [];
  if (bound.length > 0 && !listed(claims.aud).some((audience) => bound.includes(String(audience)))) {
    return 'error validating token: invalid audience (aud) claim: audience claim does not match any expected audience';
  }
  return undefined;
}

function timeFault(claims: Claims, role: JwtRole, now: number): string | undefined {
  const iat = Number(claims.iat ?? 0);
  let nbf = Number(claims.nbf ?? 0);
  let exp = Number(claims.exp ?? 0);
  if (!iat && !nbf && !exp) {
    return 'error validating token: no issued at (iat), not before (nbf), or expiration time (exp) claims in token';
  }
  // The 150 s leeways stand in for a claim that is missing; what is there gets the clock skew's 60 s alone.
  if (!exp) exp = Math.max(iat, nbf) + leeway(role.expiration_leeway, 150);
  if (!nbf) nbf = iat || exp - leeway(role.not_before_leeway, 150);
  const skew = leeway(role.clock_skew_leeway, 60);
  if (nbf > now + skew) return 'error validating token: invalid not before (nbf) claim: token not yet valid';
  if (exp < now - skew) return 'error validating token: invalid expiration time (exp) claim: token is expired';
  if (iat > now + skew) return 'error validating token: invalid issued at (iat) claim: token issued in the future';
  return undefined;
}

function leeway(setting: Duration | undefined, otherwise: number): number {
  const seconds = configured(setting, 0);
  return seconds === 0 ? otherwise : Math.max(seconds, 0);
}

function roleFault(claims: Claims, role: JwtRole): string | undefined {
  if (claims.aud !== undefined && (role.bound_audiences ?? []).length === 0) {
    return 'audience claim found in JWT but no audiences bound to the role';
  }
  const user = claimAt(claims, role.user_claim);
  if (user === undefined) return `claim "${role.user_claim}" not found in token`;
  if (typeof user !== 'string') return `claim "${role.user_claim}" could not be converted to string`;
  for (const source of Object.keys(role.claim_mappings ?? {}).sort()) {
    const value = claimAt(claims, source);
    if (value !== undefined && typeof value !== 'string') return `error converting claim '${source}' to string`;
  }
  return boundFault(claims, role);
}

function boundFault(claims: Claims, role: JwtRole): string | undefined {
  for (const [name, bound] of Object.entries(role.bound_claims ?? {})) {
    const value = claimAt(claims, name);
    if (value === undefined) return `error validating claims: claim "${name}" is missing`;
    const accepted = listed(value).some((actual) =>
      listed(bound).some((expected) => same(expected as ClaimValue, actual, role)),
    );
    if (!accepted) return `error validating claims: claim "${name}" does not match any associated bound claim values`;
  }
  return undefined;
}

/** Equal in value and type: the number 42 is not "42". `*` counts only under `bound_claims_type: glob`, for texts. */
function same(expected: ClaimValue, actual: unknown, role: JwtRole): boolean {
  if (role.bound_claims_type !== 'glob' || typeof expected !== 'string' || typeof actual !== 'string')
    return expected === actual;
  const parts = expected.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(actual);
}

/** A claim by name, or by JSON pointer where the name begins with `/`. */
export function claimAt(claims: Claims, name: string): unknown {
  if (!name.startsWith('/')) return claims[name] ?? undefined;
  let value: unknown = claims;
  for (const segment of name.slice(1).split('/')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[segment.replace(/~1/g, '/').replace(/~0/g, '~')];
  }
  return value ?? undefined;
}

function listed(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
