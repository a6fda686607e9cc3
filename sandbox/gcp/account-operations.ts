// What the Service Account Credentials API gives, once the caller may: access tokens, ID tokens, signatures.
import { randomBytes } from 'node:crypto';
import { json, type Reply } from '../service.ts';
import type { AccessTokens } from './access-tokens.ts';
import { durationOf, type Fields, isReply, stringsOf } from './account-request.ts';
import type { GcpContext } from './context.ts';
import { googleHeaders, invalidArgument } from './refusal.ts';
import { knownScope } from './scopes.ts';
import { keyIdOf, sign } from './signing.ts';
import type { ServiceAccount } from './trust.ts';

const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
/** Seconds. */
const HOUR = 3600;

export interface Operation {
  readonly permission: string;
  readonly fields: readonly string[];
  run(account: ServiceAccount, fields: Fields, context: GcpContext, tokens: AccessTokens): Reply | Promise<Reply>;
}

/** By their names in the path. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  generateAccessToken: {
    permission: 'iam.serviceAccounts.getAccessToken',
    fields: ['delegates', 'scope', 'lifetime'],
    run: generateAccessToken,
  },
  generateIdToken: {
    permission: 'iam.serviceAccounts.getOpenIdToken',
    fields: ['delegates', 'audience', 'includeEmail', 'useEmailAzp', 'organizationNumberIncluded'],
    run: generateIdToken,
  },
  signJwt: { permission: 'iam.serviceAccounts.signJwt', fields: ['delegates', 'payload'], run: signJwt },
};

function generateAccessToken(
  account: ServiceAccount,
  fields: Fields,
  context: GcpContext,
  tokens: AccessTokens,
): Reply {
  const asked = stringsOf(fields.scope);
  if (!asked || asked.length === 0) return invalidArgument();
  const scopes = asked.map((scope) => (scope === '' ? CLOUD_PLATFORM : scope));
  if (!scopes.every(knownScope)) return invalidArgument();
  const lifetime = durationOf(fields.lifetime, HOUR);
  if (isReply(lifetime)) return lifetime;
  const longest = account.lifetimeExtension ? 12 : 1;
  if (lifetime <= 0) return invalidArgument('Lifetime of access token must be larger then zero.');
  if (lifetime > longest * HOUR) return tooLong(account, longest);
  const token = tokens.issue({ kind: 'service account', email: account.email }, scopes, lifetime);
  const expireTime = new Date(context.clock.now() + lifetime * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return json(200, { accessToken: token, expireTime }, googleHeaders());
}

function tooLong(account: ServiceAccount, hours: number): Reply {
  if (hours > 1) {
    return invalidArgument(
      `Access tokens for service account ${account.email} can not have lifetimes of more than ${hours} hours.`,
    );
  }
  return invalidArgument(
    `Access tokens for service account ${account.email} can not have lifetimes of more than 1 hour. Use the Org Policy Constraint constraints/iam.allowServiceAccountCredentialLifetimeExtension to allow up to 12 hours.`,
  );
}

async function generateIdToken(account: ServiceAccount, fields: Fields, context: GcpContext): Promise<Reply> {
  const audience = fields.audience;
  if (typeof audience !== 'string' || audience === '') return invalidArgument();
  const now = context.clock.seconds();
  const claims = {
    aud: audience,
    azp: fields.useEmailAzp === true ? account.email : account.uniqueId,
    exp: now + HOUR,
    iat: now,
    iss: 'https://accounts.google.com',
    sub: account.uniqueId,
    ...(fields.includeEmail === true && { email: account.email, email_verified: true }),
  };
  const token = await sign(claims, 'accounts.google.com');
  context.ledger.issue({
    id: keyIdOf(token),
    service: 'gcp',
    kind: 'ID token',
    holder: account.email,
    scope: audience,
    expiresAt: (now + HOUR) * 1000,
    revocable: false,
    secrets: [token],
  });
  return json(200, { token }, googleHeaders());
}

/** The payload is a JSON object as text; an `exp` may lie at most twelve hours ahead. */
async function signJwt(account: ServiceAccount, fields: Fields, context: GcpContext): Promise<Reply> {
  const payload = payloadOf(fields.payload);
  if (!payload) return invalidArgument();
  const { exp } = payload;
  if (exp !== undefined && (typeof exp !== 'number' || exp > context.clock.seconds() + 12 * HOUR)) {
    return invalidArgument();
  }
  const signedJwt = await sign(payload, account.email);
  context.ledger.issue({
    id: randomBytes(12).toString('hex'),
    service: 'gcp',
    kind: 'signed JWT',
    holder: account.email,
    scope: String(payload.aud ?? ''),
    ...(exp !== undefined && { expiresAt: exp * 1000 }),
    revocable: false,
    secrets: [signedJwt],
  });
  return json(200, { keyId: keyIdOf(account.email), signedJwt }, googleHeaders());
}

function payloadOf(value: unknown): Record<string, unknown> | undefined {
  try {
    const payload: unknown = JSON.parse(typeof value === 'string' ? value : '');
    const object = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
    return object ? (payload as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
