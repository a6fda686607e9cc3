// Azure: one token request a scope, and what Entra's answers mean.

import { expiresAt } from '../../core/claims.ts';
import { Failure } from '../../core/failure.ts';
import type { Credential, Grant, Keep, PlannedFile, Variable } from '../../core/grant.ts';
import { type Answer, isRecord, jsonBody, NetworkFault, text } from '../../core/http.ts';
import { spoken } from '../../core/kinds.ts';
import type { ExchangePorts, Identities, Identity } from '../../core/provider.ts';
import { type RetryPolicy, SAFE } from '../../core/retry.ts';
import { Secret } from '../../core/secret.ts';
import { iso } from '../../core/time.ts';
import { accessToken } from './client.ts';
import { CLOUD_FACTS } from './cloud.ts';
import { type AzureRequest, FILE_USE, useOf } from './inputs.ts';

const POLICY: RetryPolicy = {
  ...SAFE,
  transient: (answer) => text(jsonBody(answer.body), 'error') === 'temporarily_unavailable',
};

/** Refusals that lag behind a correct trust (CONTRACT, "Failures"): one more try, after two seconds, with a fresh token. */
const LAGGING = new Set([70021, 700211, 700212, 700213, 70025, 700016]);
const LAG_MS = 2_000;
/** The assertion was too old: one more try with a fresh token. */
const STALE = 700024;

interface Token {
  readonly scope: string;
  readonly value: Secret;
  readonly expiresAt: number;
  readonly requestId?: string;
}

export async function exchange(
  request: AzureRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const tokens = await Promise.all(request.scopes.map((scope) => tokenFor(scope, request, identities, ports, keep)));
  return granted(request, tokens, identities, ports);
}

async function tokenFor(
  scope: string,
  request: AzureRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Token> {
  const ask = (identity: Identity) => asked(scope, request, identity, ports);
  const use = useOf(scope);
  let outcome = await ask(identities.get(use));
  const codes = outcome.token === undefined ? codesOf(outcome.answer) : [];
  const lagging = codes.some((code) => LAGGING.has(code));
  if (lagging || codes.includes(STALE)) {
    if (lagging) await ports.clock.sleep(LAG_MS, ports.budget.stopping);
    outcome = await ask(await identities.renew(use));
  }
  if (outcome.token === undefined) throw refusal(outcome.answer, request);
  const value = keep.secret(outcome.token, 'Azure access token');
  if (!/^[\x21-\x7e]{20,}$/.test(outcome.token) || !outcome.expiresAt) throw badAnswer(outcome.answer, request);
  const requestId = outcome.answer.headers['x-ms-request-id'];
  return { scope, value, expiresAt: outcome.expiresAt, ...(requestId && { requestId }) };
}

async function asked(scope: string, request: AzureRequest, identity: Identity, ports: ExchangePorts) {
  try {
    return await accessToken({ ...request, scope }, identity.token, ports.patient(POLICY));
  } catch (thrown) {
    if (!(thrown instanceof NetworkFault)) throw thrown;
    throw new Failure(
      'azure/unreachable',
      `Entra could not be reached (${thrown.code})`,
      { host: thrown.host, code: thrown.code },
      [`Check that the runner may reach ${thrown.host}, and the proxy variables if it sits behind one.`],
    );
  }
}

function granted(request: AzureRequest, tokens: readonly Token[], identities: Identities, ports: ExchangePorts): Grant {
  const end = Math.min(...tokens.map((t) => t.expiresAt));
  const assertion = request.consumers.includes('sdk') ? identities.get(FILE_USE) : undefined;
  const terraform = request.consumers.includes('terraform') ? terraformVariables(request, ports.job.requestUrl) : [];
  return {
    cloud: 'azure',
    credentials: tokens.map((token) => credentialOf(token, request)),
    variables: [...(assertion ? sdkVariables(request) : []), ...terraform],
    outputs: [],
    secretOutputs: [
      ...(tokens[0] ? [{ name: 'azure-access-token', value: tokens[0].value }] : []),
      { name: 'azure-access-tokens', value: tokensByScope(tokens) },
    ],
    files: assertion ? [tokenFile(assertion)] : [],
    expiresAt: end,
    remarks: [`Azure: ${request.clientId} in tenant ${request.tenantId}`, ...(assertion ? [fileNote(assertion)] : [])],
    warnings: lifetimeWarning(request.lifetime, end, ports.clock.now()),
  };
}

/** Not masked as a whole: every token in it is. */
function tokensByScope(tokens: readonly Token[]): Secret {
  return new Secret(
    JSON.stringify(Object.fromEntries(tokens.map((t) => [t.scope, t.value.reveal()]))),
    'azure-access-tokens',
  );
}

function fileNote(assertion: Identity): string {
  const end = expiresAt(assertion.claims);
  const until = end === undefined ? 'for five minutes' : `until ${iso(end)}`;
  return `Azure: the token file that the SDKs read (AZURE_FEDERATED_TOKEN_FILE) can be exchanged ${until}`;
}

function lifetimeWarning(lifetime: number | undefined, end: number, now: number): string[] {
  if (lifetime === undefined || end - now <= (lifetime + 60) * 1000) return [];
  return [
    `Entra's access tokens cannot be shortened: the one given outlives the lifetime of ${spoken(lifetime)} and ends at ${iso(end)}.`,
  ];
}

function credentialOf(token: Token, request: AzureRequest): Credential {
  return {
    cloud: 'azure',
    kind: 'Azure access token',
    holder: request.clientId,
    scope: token.scope,
    expiresAt: token.expiresAt,
    ending: 'expires',
    ...(token.requestId && { requestId: token.requestId }),
  };
}

/** No final newline: azure-identity for Python sends the file untrimmed. */
function tokenFile(assertion: Identity): PlannedFile {
  return {
    name: 'azure-identity-token',
    content: () => assertion.token,
    variables: ['AZURE_FEDERATED_TOKEN_FILE'],
    outputs: ['azure-token-file'],
  };
}

function sdkVariables(request: AzureRequest): Variable[] {
  return [
    { name: 'AZURE_CLIENT_ID', value: request.clientId },
    { name: 'AZURE_TENANT_ID', value: request.tenantId },
    ...(request.subscriptionId ? [{ name: 'AZURE_SUBSCRIPTION_ID', value: request.subscriptionId }] : []),
    { name: 'AZURE_AUTHORITY_HOST', value: `${request.authority}/` },
    // Otherwise DefaultAzureCredential falls through to IMDS, az and azd in silence when an exchange is refused.
    { name: 'AZURE_TOKEN_CREDENTIALS', value: 'WorkloadIdentityCredential' },
  ];
}

/**
 * Terraform's providers ask GitHub themselves, as often as they need: nothing of ours goes stale (facts: azure 6.2). They add the public
 * cloud's audience only where the URL names none.
 */
function terraformVariables(request: AzureRequest, requestUrl: string | undefined): Variable[] {
  const own = request.audience !== CLOUD_FACTS.public.audience;
  return [
    { name: 'ARM_USE_OIDC', value: 'true' },
    { name: 'ARM_CLIENT_ID', value: request.clientId },
    { name: 'ARM_TENANT_ID', value: request.tenantId },
    ...(request.subscriptionId ? [{ name: 'ARM_SUBSCRIPTION_ID', value: request.subscriptionId }] : []),
    ...(request.cloud === 'public' ? [] : [{ name: 'ARM_ENVIRONMENT', value: request.cloud }]),
    ...(own && requestUrl ? [{ name: 'ARM_OIDC_REQUEST_URL', value: withAudience(requestUrl, request.audience) }] : []),
  ];
}

function withAudience(requestUrl: string, audience: string): string {
  const url = new URL(requestUrl);
  url.searchParams.set('audience', audience);
  return url.href;
}

/** `error_codes` of Entra's answer: the numbers behind AADSTS. */
export function codesOf(answer: Answer): number[] {
  const codes = jsonBody(answer.body)?.['error_codes'];
  return Array.isArray(codes) ? codes.filter((code) => typeof code === 'number') : [];
}

function refusal(answer: Answer, request: AzureRequest): Failure {
  const body = jsonBody(answer.body);
  if (!body || !isRecord(body) || !text(body, 'error')) return badAnswer(answer, request);
  const [code] = codesOf(answer);
  const said = (text(body, 'error_description') ?? '').split(/\r?\n| Trace ID:/)[0] ?? '';
  const requestId = text(body, 'trace_id');
  const evidence = {
    host: new URL(request.authority).host,
    status: answer.status,
    code: code ? `AADSTS${code}` : (text(body, 'error') ?? ''),
    said,
    ...(requestId && { requestId }),
  };
  return new Failure('azure/refused', `Entra refused the token: ${evidence.code}`, evidence);
}

function badAnswer(answer: Answer, request: AzureRequest): Failure {
  return new Failure(
    'azure/bad-answer',
    'Entra answered with something that is not a token',
    { host: new URL(request.authority).host, status: answer.status },
    [
      'Something between the runner and Entra answers in its place, or Entra is down: look for a proxy or a login page, and at https://status.azure.com.',
    ],
  );
}
