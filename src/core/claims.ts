// A GitHub identity token's payload: compared and shown. Never verified (the authorities do that) and never rebuilt: the subject is opaque,
// it has had two forms since 2026 and organisations customise it.
import { Failure } from './failure.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** The claims that decide trust, in the order in which people compare them. */
export const SHOWN_CLAIMS = [
  'iss',
  'sub',
  'aud',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'repository_visibility',
  'ref',
  'environment',
  'event_name',
  'job_workflow_ref',
  'workflow_ref',
  'actor',
  'runner_environment',
  'enterprise',
] as const;

/** Reads the payload of a compact JWS. Throws `identity/bad-answer` for anything else; the text of the token is in no message. */
export function readClaims(jwt: string): Claims {
  const parts = jwt.split('.');
  const payload = parts.length === 3 ? parts[1] : undefined;
  if (!payload || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(jwt)) throw notAToken();
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return claims as Claims;
  } catch {
    // falls through: what is no JSON is no token
  }
  throw notAToken();
}

function notAToken(): Failure {
  return new Failure('identity/bad-answer', 'The OIDC endpoint answered with something that is not a JWT');
}

/** A claim as text; undefined where it is absent, empty or no string. */
export function claim(claims: Claims, name: string): string | undefined {
  const value = claims[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether anybody may read what this job writes; a token that does not say counts as public. */
export function isPublic(claims: Claims): boolean {
  return !['private', 'internal'].includes(claim(claims, 'repository_visibility') ?? '');
}

/** GitHub's clock, by the token's `iat`: milliseconds, or undefined. */
export function issuedAt(claims: Claims): number | undefined {
  const iat = claims.iat;
  return typeof iat === 'number' && Number.isFinite(iat) ? iat * 1000 : undefined;
}
/** When the token ends, milliseconds, or undefined. */
export function expiresAt(claims: Claims): number | undefined {
  const exp = claims.exp;
  return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined;
}

/** GitHub's tokens live this long, and one that does not say how long is taken to. */
const USUAL_LIFE_MS = 300_000;

/** Milliseconds that the token lives, on its issuer's clock: the machine's may be wrong. */
export function lifeOf(claims: Claims): number {
  const [start, end] = [issuedAt(claims), expiresAt(claims)];
  return start === undefined || end === undefined ? USUAL_LIFE_MS : end - start;
}

/**
 * What does not fit between the token and the job it should stand for (INVARIANTS 8): an earlier step can plant an endpoint of its own
 * when the job lacks the permission. Returns the names of the claims that differ; ids that the environment does not have are not compared.
 */
export function mismatches(
  claims: Claims,
  asked: { audience: string; repositoryId?: string; runId?: string; runAttempt?: string },
): string[] {
  const audience = claims.aud;
  const audiences = Array.isArray(audience) ? audience : [audience];
  const wrong = audiences.length === 1 && audiences[0] === asked.audience ? [] : ['aud'];
  const ids = { repository_id: asked.repositoryId, run_id: asked.runId, run_attempt: asked.runAttempt };
  for (const [name, expected] of Object.entries(ids)) {
    if (expected && String(claims[name] ?? '') !== expected) wrong.push(name);
  }
  return wrong;
}
