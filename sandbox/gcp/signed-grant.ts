// `POST oauth2.googleapis.com/token`: a JWT that a service account has signed, for its own token or, delegated domain-wide, a user's.
import { type Call, json, type Reply } from '../service.ts';
import type { AccessTokens } from './access-tokens.ts';
import { findAccount, type GcpContext, universeOf } from './context.ts';
import { googleHeaders, oauthRefusal } from './refusal.ts';
import { knownScope } from './scopes.ts';
import { openSigned } from './signing.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Seconds. */
const HOUR = 3600;
const SKEW = 60;

type Claims = Readonly<Record<string, unknown>>;

/** A token of the account or, with `sub`, of a user within the account's domain-wide scopes. */
export async function grantSigned(call: Call, context: GcpContext, tokens: AccessTokens): Promise<Reply> {
  const form = new URLSearchParams(call.body);
  const grant = form.get('grant_type');
  if (!grant) return oauthRefusal('invalid_request', 'Required parameter is missing: grant_type');
  if (grant !== JWT_BEARER) return oauthRefusal('unsupported_grant_type', `Invalid grant_type: ${grant}`);
  const jwt = form.get('assertion');
  if (!jwt) return oauthRefusal('invalid_request', 'Required parameter is missing: assertion');
  const trust = context.trust();
  const opened = await openedBy(jwt, context);
  if ('refusal' in opened) return opened.refusal;
  const { claims } = opened;
  const fault = claimsFault(claims, universeOf(trust), context.clock.seconds());
  if (fault) return fault;
  const account = findAccount(trust, String(claims.iss))?.account;
  const scopes = String(claims.scope ?? '')
    .split(' ')
    .filter((scope) => scope !== '');
  if (!account || account.disabled) return oauthRefusal('invalid_grant', 'Invalid grant: account not found');
  if (scopes.length === 0) return oauthRefusal('invalid_scope', 'Empty or missing scope not allowed.');
  if (!scopes.every(knownScope)) {
    return oauthRefusal('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  }
  const subject = claims.sub;
  const user = typeof subject === 'string' && subject !== account.email ? subject : undefined;
  // The user first: whose domain it is decides which delegations count.
  if (user !== undefined && !trust.users?.includes(user)) {
    return oauthRefusal('invalid_grant', 'Invalid email or User ID');
  }
  if (user !== undefined && !scopes.every((scope) => account.domainWideScopes?.includes(scope))) {
    const text =
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.';
    return oauthRefusal('unauthorized_client', text, 401);
  }
  const token = tokens.issue({ kind: 'service account', email: account.email }, scopes, HOUR, user);
  return json(200, { access_token: token, expires_in: HOUR - 1, token_type: 'Bearer' }, googleHeaders());
}

/** The claims, once the signature is that of the account they name. */
async function openedBy(jwt: string, context: GcpContext): Promise<{ claims: Claims } | { refusal: Reply }> {
  const unverified = payloadOf(jwt);
  if (!unverified) return { refusal: oauthRefusal('invalid_grant', 'Invalid JWT: Failed to parse the JWT.') };
  const account = findAccount(context.trust(), String(unverified.iss ?? ''))?.account;
  if (!account) return { refusal: oauthRefusal('invalid_grant', 'Invalid grant: account not found') };
  const opened = await openSigned(jwt, account.email);
  if (!('fault' in opened)) return opened;
  return { refusal: oauthRefusal('invalid_grant', 'Invalid JWT Signature.') };
}

function claimsFault(claims: Claims, universe: string, now: number): Reply | undefined {
  const { aud, iat, exp } = claims;
  const endpoint = `https://oauth2.${universe}/token`;
  if (aud !== endpoint) {
    const text = `Invalid JWT: Failed audience check. The right audience is ${endpoint}`;
    return oauthRefusal('invalid_grant', text);
  }
  const short = typeof iat === 'number' && typeof exp === 'number' && exp - iat <= HOUR;
  if (short && iat <= now + SKEW && exp > now - SKEW) return undefined;
  const text =
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';
  return oauthRefusal('invalid_grant', text);
}

/** `POST /revoke` knows users' tokens only: those of service accounts and pools are refused, and live on. */
export function revoke(): Reply {
  return oauthRefusal('invalid_token', 'Token expired or revoked');
}

function payloadOf(jwt: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}
