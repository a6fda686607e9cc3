// Google Cloud: the token exchange, then the service account's token, and what the answers mean.
import { expiresAt as tokenEnd } from '../../core/claims.ts';
import { Failure } from '../../core/failure.ts';
import type { Credential, Grant, Keep, PlannedFile, Variable } from '../../core/grant.ts';
import { type Answer, isRecord, jsonBody, NetworkFault, number, text } from '../../core/http.ts';
import type { ExchangePorts, Identities, Identity } from '../../core/provider.ts';
import { SAFE } from '../../core/retry.ts';
import type { Secret } from '../../core/secret.ts';
import { iso } from '../../core/time.ts';
import { CLOUD_PLATFORM, federate, generateAccessToken, impersonationUrl } from './client.ts';
import { IAM_HOST, STS_HOST } from './hosts.ts';
import type { GcpRequest } from './inputs.ts';

interface Token {
  readonly value: Secret;
  readonly expiresAt: number;
}

export async function exchange(
  request: GcpRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const federated = await federatedToken(request, identities, ports, keep);
  const account = request.serviceAccount
    ? await accountToken(request, request.serviceAccount, federated.value, ports, keep)
    : undefined;
  return granted(request, federated, account, identities.get('exchange'));
}

async function federatedToken(
  request: GcpRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Token> {
  const scopes = request.serviceAccount ? [CLOUD_PLATFORM] : request.scopes;
  const ask = (identity: Identity) =>
    reached(STS_HOST, () => federate({ provider: request.provider, scopes }, identity.token, ports.patient(SAFE)));
  let outcome = await ask(identities.get('exchange'));
  if (outcome.token === undefined && /\bstale\b/.test(outcome.answer.body))
    outcome = await ask(await identities.renew('exchange'));
  if (outcome.token === undefined) throw stsRefusal(outcome.answer);
  const value = keep.secret(outcome.token, 'Google federated access token');
  const seconds = number(jsonBody(outcome.answer.body), 'expires_in');
  if (!printable(outcome.token) || seconds === undefined) throw badAnswer(STS_HOST, outcome.answer);
  return { value, expiresAt: ports.clock.now() + seconds * 1000 };
}

async function accountToken(
  request: GcpRequest,
  serviceAccount: string,
  federated: Secret,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Token> {
  const call = {
    serviceAccount,
    scopes: request.scopes,
    lifetime: request.tokenLifetime,
    ...(request.requestReason && { requestReason: request.requestReason }),
  };
  const answer = await reached(IAM_HOST, () => generateAccessToken(call, federated, ports.patient(SAFE)));
  const body = jsonBody(answer.body);
  const token = text(body, 'accessToken');
  if (answer.status !== 200 || token === undefined) throw iamRefusal(answer, serviceAccount);
  const value = keep.secret(token, 'Google access token');
  const end = Date.parse(text(body, 'expireTime') ?? '');
  if (!printable(token) || Number.isNaN(end)) throw badAnswer(IAM_HOST, answer);
  return { value, expiresAt: end };
}

async function reached<T>(host: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    if (!(thrown instanceof NetworkFault)) throw thrown;
    throw new Failure(
      'gcp/unreachable',
      `${host} could not be reached (${thrown.code})`,
      { host: thrown.host, code: thrown.code },
      [`Check that the runner may reach ${thrown.host}, and the proxy variables if it sits behind one.`],
    );
  }
}

function printable(token: string): boolean {
  return /^[\x21-\x7e]{8,}$/.test(token);
}

function granted(request: GcpRequest, federated: Token, account: Token | undefined, identity: Identity): Grant {
  const token = account ?? federated;
  // The file is exchanged again by whoever reads it, and only while the identity token in it lives.
  const fileEnd = request.credentialsFile ? tokenEnd(identity.claims) : undefined;
  const end = request.wantsAccessToken ? token.expiresAt : (fileEnd ?? token.expiresAt);
  return {
    cloud: 'gcp',
    credentials: credentialsOf(request, federated, account),
    variables: projectVariables(request),
    outputs: request.projectId ? [{ name: 'gcp-project-id', value: request.projectId }] : [],
    secretOutputs: [{ name: 'gcp-access-token', value: token.value }],
    files: request.credentialsFile ? credentialFiles(request, identity) : [],
    expiresAt: end,
    remarks: [
      `Google Cloud: ${request.serviceAccount ?? `direct federation through ${request.provider}`}`,
      ...(fileEnd === undefined ? [] : [`Google Cloud: the credentials file can be exchanged until ${iso(fileEnd)}`]),
    ],
    warnings: [],
  };
}

function credentialsOf(request: GcpRequest, federated: Token, account: Token | undefined): Credential[] {
  const shared = { cloud: 'gcp', scope: request.scopes.join(' '), ending: 'expires' } as const;
  const direct: Credential = {
    ...shared,
    kind: 'Google federated access token',
    holder: request.provider,
    expiresAt: federated.expiresAt,
  };
  if (!account || !request.serviceAccount) return [direct];
  return [
    direct,
    { ...shared, kind: 'Google access token', holder: request.serviceAccount, expiresAt: account.expiresAt },
  ];
}

/** The names that google-github-actions/auth sets, so that what reads them keeps working. */
function projectVariables(request: GcpRequest): Variable[] {
  const names = ['GOOGLE_CLOUD_PROJECT', 'GCLOUD_PROJECT', 'GCP_PROJECT', 'CLOUDSDK_CORE_PROJECT', 'CLOUDSDK_PROJECT'];
  const { projectId, quotaProject } = request;
  return [
    ...(projectId ? names.map((name) => ({ name, value: projectId })) : []),
    ...(quotaProject ? [{ name: 'GOOGLE_CLOUD_QUOTA_PROJECT', value: quotaProject }] : []),
  ];
}

/** An `external_account` file and the identity token it points at. The request token is in neither (facts: gcp 4.2). */
function credentialFiles(request: GcpRequest, identity: Identity): PlannedFile[] {
  const tokenName = 'gcp-identity-token';
  return [
    { name: tokenName, content: () => identity.token, variables: [], outputs: [] },
    {
      name: 'gcp-credentials.json',
      content: (folder) => JSON.stringify(externalAccount(request, `${folder}/${tokenName}`)),
      variables: ['GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE'],
      outputs: ['gcp-credentials-file'],
    },
  ];
}

function externalAccount(request: GcpRequest, tokenFile: string): object {
  return {
    type: 'external_account',
    audience: `//iam.googleapis.com/${request.provider}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `https://${STS_HOST}/v1/token`,
    universe_domain: 'googleapis.com',
    credential_source: { file: tokenFile },
    ...(request.quotaProject && { quota_project_id: request.quotaProject }),
    ...(request.serviceAccount && {
      service_account_impersonation_url: impersonationUrl(request.serviceAccount),
      // gcloud and the libraries take 600 s and more.
      service_account_impersonation: { token_lifetime_seconds: Math.max(600, request.tokenLifetime) },
    }),
  };
}

function stsRefusal(answer: Answer): Failure {
  const body = jsonBody(answer.body);
  const code = text(body, 'error');
  if (!code) return badAnswer(STS_HOST, answer);
  const evidence = { host: STS_HOST, status: answer.status, code, said: text(body, 'error_description') ?? '' };
  return new Failure('gcp/refused', `Google's STS refused the identity token: ${code}`, evidence);
}

function iamRefusal(answer: Answer, serviceAccount: string): Failure {
  const error = jsonBody(answer.body)?.['error'];
  const status = isRecord(error) ? text(error, 'status') : undefined;
  if (!isRecord(error) || !status) return badAnswer(IAM_HOST, answer);
  const evidence = { host: IAM_HOST, status: answer.status, code: status, said: text(error, 'message') ?? '' };
  return new Failure(
    'gcp/impersonation-refused',
    `Google refused an access token of ${serviceAccount}: ${status}`,
    evidence,
  );
}

function badAnswer(host: string, answer: Answer): Failure {
  return new Failure(
    'gcp/bad-answer',
    `${host} answered with something that is not a token`,
    { host, status: answer.status },
    [
      'Something between the runner and Google answers in its place, or Google is down: look for a proxy or a login page, and at https://status.cloud.google.com.',
    ],
  );
}
