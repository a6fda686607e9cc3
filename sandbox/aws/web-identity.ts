// AssumeRoleWithWebIdentity: an identity token against an account's provider and a role's trust (facts: aws 1, 2).
import { openToken } from '../github/tokens.ts';
import { forbidden, trustsProvider } from './authorization.ts';
import { callKeys, contextOf, inSessionKeys, tokenKeys } from './context.ts';
import { ARN, IDENTITY_TOKEN, NAME, Parameters } from './parameters.ts';
import { accessDenied, invalidIdentity, StsRefusal, validationError } from './refusal.ts';
import { bare, type FoundRole, findAccount, findProvider, findRole, readRoleArn } from './roles.ts';
import { assumedRole, credentials } from './session-answer.ts';
import { askForPolicies, packedSize, readInline, readSessionPolicies } from './session-policies.ts';
import type { Request, State } from './state.ts';
import type { OidcProvider } from './trust.ts';
import type { Element } from './xml.ts';

const NOT_AUTHORIZED = 'Not authorized to perform sts:AssumeRoleWithWebIdentity';
const NOT_VALIDATED =
  'The web identity token that was passed could not be validated by AWS. Get a new identity token from the identity provider and then retry the request.';
const NO_KEY =
  "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements";

/** The content of AssumeRoleWithWebIdentityResult. Throws StsRefusal. */
export function assumeRoleWithWebIdentity(request: Request, state: State): Element {
  const asked = ask(request.form);
  const named = readRoleArn(asked.roleArn);
  if (named === undefined) throw malformedArn(asked.roleArn);
  if (asked.policies.inline !== undefined) readInline(asked.policies.inline);
  const payload = readPayload(asked.token);
  const account = findAccount(state.trust(), named.accountId, named.partition);
  const here = named.partition === request.endpoint.partition;
  const provider = here && account ? findProvider(account, String(payload.iss)) : undefined;
  if (provider === undefined) {
    throw invalidIdentity(`No OpenIDConnect provider found in your account for ${String(payload.iss)}`);
  }
  const claims = verified(asked.token, provider, state);
  const role = findRole(state.trust(), asked.roleArn, request.endpoint.partition);
  const keys = [
    ...callKeys(state.clock.now(), request.endpoint.region),
    ...tokenKeys(bare(provider.url), claims),
    ['sts:RoleSessionName', [asked.name]] as const,
    ['sts:DurationSeconds', [String(asked.duration)]] as const,
  ];
  const providerArn = `arn:${named.partition}:iam::${named.accountId}:oidc-provider/${bare(provider.url)}`;
  const context = contextOf(keys, [['aws:FederatedProvider', [providerArn]]]);
  const action = 'sts:AssumeRoleWithWebIdentity';
  if (!role || !trustsProvider(role, providerArn, action, context) || forbidden(role, action, context))
    throw accessDenied(NOT_AUTHORIZED);
  return grant(asked, role, claims, provider, providerArn, state);
}

type Asked = ReturnType<typeof ask>;

function ask(form: URLSearchParams) {
  const parameters = new Parameters(form);
  const asked = {
    roleArn: parameters.required('RoleArn', ARN),
    name: parameters.required('RoleSessionName', NAME),
    token: parameters.required('WebIdentityToken', IDENTITY_TOKEN),
    policies: askForPolicies(parameters),
    duration: parameters.duration('DurationSeconds') ?? 3600,
  };
  parameters.check();
  if (form.has('ProviderId')) {
    throw validationError('ProviderId is only for OAuth 2.0 access tokens of www.amazon.com and graph.facebook.com.');
  }
  return asked;
}

export function malformedArn(arn: string): StsRefusal {
  return validationError(arn.startsWith('arn:') ? 'Request ARN is invalid' : `${arn} is invalid`);
}

/** The claims before anything about them is known to be true. */
function readPayload(token: string): Record<string, unknown> {
  const opened = openToken(token, []);
  const parts = token.split('.');
  if ('fault' in opened && opened.fault === 'malformed') {
    throw invalidIdentity(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
  const payload = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  for (const claim of ['iss', 'sub', 'aud']) {
    if (payload[claim] === undefined) throw invalidIdentity(`Missing a required claim: ${claim}`);
  }
  return payload;
}

/** Audience, key, signature and time, in this order. */
function verified(token: string, provider: OidcProvider, { issuer, clock }: State): Record<string, unknown> {
  const audiences = [readPayload(token).aud].flat();
  if (!audiences.some((audience) => provider.clientIds.includes(String(audience)))) {
    throw invalidIdentity('Incorrect token audience');
  }
  if (bare(provider.url) !== bare(issuer.url)) throw invalidIdentity(NO_KEY);
  const opened = openToken(token, issuer.keys());
  if ('fault' in opened) throw invalidIdentity(opened.fault === 'key' ? NO_KEY : NOT_VALIDATED);
  const { exp, nbf } = opened.claims;
  const now = clock.seconds();
  if (typeof exp !== 'number') throw invalidIdentity('Missing a required claim: exp');
  if (now >= exp) {
    const message = `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`;
    throw new StsRefusal(400, 'ExpiredTokenException', message);
  }
  if (typeof nbf === 'number' && now < nbf) throw invalidIdentity(NOT_VALIDATED);
  return opened.claims;
}

function grant(
  asked: Asked,
  role: FoundRole,
  claims: Readonly<Record<string, unknown>>,
  provider: OidcProvider,
  providerArn: string,
  state: State,
): Element {
  if (asked.duration > (role.role.maxSessionDuration ?? 3600)) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  const policies = readSessionPolicies(asked.policies, role);
  const packed = packedSize(asked.policies);
  const federation = contextOf(inSessionKeys(bare(provider.url), claims), [['aws:FederatedProvider', [providerArn]]]);
  const session = state.sessions.issue({ role, name: asked.name, duration: asked.duration, policies, federation });
  return {
    SubjectFromWebIdentityToken: String(claims.sub),
    Audience: [claims.aud].flat().map(String).join(','),
    AssumedRoleUser: assumedRole(session),
    Credentials: credentials(session),
    Provider: providerArn,
    ...(packed !== undefined && { PackedPolicySize: packed }),
  };
}
