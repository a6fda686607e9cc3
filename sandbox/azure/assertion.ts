// Whether an identity token may speak for a workload identity: form, federated credential, signature, time.
// Entra names the first thing that is wrong, and only that; the numbers and texts are those of facts: azure 2.
import { type Issuer, openToken, type TokenFault } from '../github/tokens.ts';
import { satisfies } from './expression.ts';
import type { Refusal } from './refusal.ts';
import type { FederatedCredential, WorkloadIdentity } from './trust.ts';

const PUBLIC_GITHUB = 'https://token.actions.githubusercontent.com';
const CHECK =
  'Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation';
/** Seconds; Entra's limit for the lifetime of an assertion, `1.01:00:00`. */
const LONGEST_LIFETIME = 25 * 3600;

type Claims = Readonly<Record<string, unknown>>;

/** Undefined when the assertion is accepted. `now` in milliseconds. */
export function judge(jwt: string, identity: WorkloadIdentity, issuer: Issuer, now: number): Refusal | undefined {
  const claims = unverifiedClaims(jwt);
  if (!claims) return malformed();
  if (identity.federatedCredentials.length === 0) {
    return refusal(70025, `The client '${identity.displayName}' has no configured federated identity credentials.`);
  }
  const unmatched = matchRefusal(claims, identity.federatedCredentials);
  if (unmatched) return unmatched;
  const opened = openedBy(issuer, claims, jwt);
  return opened ?? timeRefusal(claims, now);
}

function openedBy(issuer: Issuer, claims: Claims, jwt: string): Refusal | undefined {
  // A credential may trust an issuer that nobody plays here: Entra could not fetch its keys.
  if (claims.iss !== issuer.url) {
    return { code: 501661, error: 'invalid_request', text: 'Request to External OIDC endpoint failed.' };
  }
  const opened = openToken(jwt, issuer.keys());
  return 'fault' in opened ? signatureRefusal(opened.fault, jwt, issuer.url) : undefined;
}

function signatureRefusal(fault: TokenFault, jwt: string, issuer: string): Refusal {
  if (fault === 'malformed') return malformed();
  if (fault === 'key') {
    const kid = String(headerOf(jwt)?.kid ?? '');
    return refusal(
      7000272,
      `The certificate with identifier ${kid} used to sign the federated credential could not be found in the metadata of identity provider ${issuer}. Please validate that your Identity Provider's metadata exposes the key used to sign the incoming token.`,
    );
  }
  return refusal(
    700027,
    'Client assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.]',
  );
}

/** The classic credentials and the flexible ones side by side; issuer first, then subject, then audience. */
function matchRefusal(claims: Claims, credentials: readonly FederatedCredential[]): Refusal | undefined {
  const subject = String(claims.sub ?? '');
  const sameIssuer = credentials.filter((credential) => credential.issuer === claims.iss);
  if (sameIssuer.length === 0) return unmatched(700211, 'issuer', String(claims.iss ?? ''));
  const sameSubject = sameIssuer.filter((credential) => subjectMatches(credential, subject, claims));
  if (sameSubject.length === 0) return subjectRefusal(subject, sameIssuer);
  if (sameSubject.some((credential) => audienceMatches(credential, claims.aud))) return undefined;
  return unmatched(700212, 'audience', [claims.aud].flat().join(','));
}

function subjectMatches(credential: FederatedCredential, subject: string, claims: Claims): boolean {
  if ('subject' in credential) return credential.subject === subject;
  return credential.issuer === PUBLIC_GITHUB && satisfies(claims, credential.claimsMatchingExpression.value);
}

function audienceMatches(credential: FederatedCredential, audience: unknown): boolean {
  return [audience].flat().includes(credential.audiences[0]);
}

function subjectRefusal(subject: string, credentials: readonly FederatedCredential[]): Refusal {
  const otherCase = credentials.some((c) => 'subject' in c && c.subject.toLowerCase() === subject.toLowerCase());
  if (!otherCase) return unmatched(700213, 'subject', subject);
  const hint = 'The subject matches with case-insensitive comparison, but not with case-sensitive comparison.';
  return unmatched(7002138, 'subject', subject, hint);
}

function unmatched(code: number, field: string, value: string, hint?: string): Refusal {
  const found = `No matching federated identity record found for presented assertion ${field} '${value}'.`;
  return refusal(code, [found, hint, CHECK].filter(Boolean).join(' '));
}

function timeRefusal(claims: Claims, now: number): Refusal | undefined {
  const [from, until, issued] = [seconds(claims.nbf), seconds(claims.exp), seconds(claims.iat)];
  if (until === undefined) return malformed();
  if (until - (issued ?? from ?? until) > LONGEST_LIFETIME) {
    return refusal(70023, "Client assertion's lifetime exceeds the maximum of 1.01:00:00.");
  }
  if (now < until * 1000 && now >= (from ?? 0) * 1000) return undefined;
  return refusal(
    700024,
    `Client assertion is not within its valid time range. Current time: ${precise(now)}, assertion valid from ${precise((from ?? 0) * 1000)}, expiry time of assertion ${precise(until * 1000)}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
  );
}

/** As Entra prints times here: seven decimals. */
function precise(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '0000Z');
}

function refusal(code: number, text: string): Refusal {
  return { code, error: 'invalid_client', text };
}

function malformed(): Refusal {
  return { code: 50027, error: 'invalid_request', text: 'JWT token is invalid or malformed.' };
}

function seconds(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function unverifiedClaims(jwt: string): Claims | undefined {
  const parts = jwt.split('.');
  if (parts.length !== 3 || parts.some((part) => !/^[\w-]+$/.test(part)) || !headerOf(jwt)) return undefined;
  return jsonPart(parts[1]);
}

function headerOf(jwt: string): Claims | undefined {
  return jsonPart(jwt.split('.')[0]);
}

function jsonPart(part: string | undefined): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}
