// Whether a provider accepts an identity token: issuer, audience, signature, time. What is wrong is always an `invalid_grant`.
import { type Issuer, openToken } from '../github/tokens.ts';
import type { Provider } from './trust.ts';

/** Seconds by which clocks may differ, in both directions. */
const SKEW = 60;

type Claims = Readonly<Record<string, unknown>>;

/** `names`: the provider's own resource name, in the forms that count as audience by default. `now` in seconds. */
export function openIdentityToken(
  jwt: string,
  provider: Provider,
  names: readonly string[],
  issuer: Issuer,
  now: number,
): { readonly claims: Claims } | { readonly fault: string } {
  const opened = openToken(jwt, issuer.keys());
  if ('fault' in opened && opened.fault === 'malformed') return { fault: 'Unable to parse the ID Token.' };
  const claims = payloadOf(jwt);
  const stranger = issuerFault(claims, provider) ?? audienceFault(claims, provider, names);
  if (stranger) return { fault: stranger };
  // Keys are fetched from the provider's issuer; one that nobody plays here cannot be reached.
  if (provider.issuer !== issuer.url) return { fault: "Error connecting to the given credential's issuer." };
  if ('fault' in opened) return { fault: signatureFault(opened.fault) };
  const stale = timeFault(opened.claims, now);
  return stale ? { fault: stale } : { claims: opened.claims };
}

/** A key that the issuer does not publish is reported as if the issuer were away. */
function signatureFault(fault: 'malformed' | 'alg' | 'key' | 'signature'): string {
  return fault === 'signature'
    ? 'Unable to verify the ID Token signature.'
    : "Error connecting to the given credential's issuer.";
}

function issuerFault(claims: Claims, provider: Provider): string | undefined {
  if (claims.iss === provider.issuer) return undefined;
  return `The issuer in ID Token ${claims.iss ?? null} does not match the expected ones: ${provider.issuer}`;
}

function audienceFault(claims: Claims, provider: Provider, names: readonly string[]): string | undefined {
  const given = [claims.aud ?? []].flat();
  const allowed = provider.allowedAudiences?.length ? provider.allowedAudiences : names;
  if (given.some((audience) => allowed.includes(String(audience)))) return undefined;
  return `The audience in ID Token [${given.join(', ')}] does not match the expected audience.`;
}

function timeFault(claims: Claims, now: number): string | undefined {
  const { iat, exp } = claims;
  const text = `ID Token issued at ${iat ?? null} is stale to sign-in.`;
  if (typeof iat !== 'number' || typeof exp !== 'number') return text;
  return iat > now + SKEW || exp < now - SKEW ? text : undefined;
}

function payloadOf(jwt: string): Claims {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
}
