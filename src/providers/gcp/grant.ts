// What Google's tokens give to later steps: variables, and the credentials file that the libraries read.
import { expiresAt, lifeOf } from '../../core/claims.ts';
import type { Credential, Grant, PlannedFile, Variable } from '../../core/grant.ts';
import type { Identity, Keeper } from '../../core/provider.ts';
import { iso } from '../../core/time.ts';
import { impersonationUrl } from './client.ts';
import type { Token } from './exchange.ts';
import { STS_HOST } from './hosts.ts';
import type { GcpRequest } from './request.ts';
import { credentialSource, sourceFiles, sourceForm } from './source.ts';

const UNDELIVERED =
  'gcp-token-format asks for a token, but no output carries it: set output-credentials to true, or to a list with gcp.';

export function granted(
  request: GcpRequest,
  federated: Token,
  account: Token | undefined,
  identity: Identity,
  keeper: Keeper | undefined,
): Grant {
  const token = account ?? federated;
  // The file is exchanged again by whoever reads it, and only while the identity token in it lives.
  const fileEnd = request.credentialsFile ? (keeper?.until ?? expiresAt(identity.claims)) : undefined;
  const given = keeper && !request.tokenOutput ? Number.POSITIVE_INFINITY : token.expiresAt;
  const end = Math.min(given, fileEnd ?? Number.POSITIVE_INFINITY);
  return {
    cloud: 'gcp',
    credentials: credentialsOf(request, federated, account),
    variables: projectVariables(request),
    outputs: request.projectId ? [{ name: 'gcp-project-id', value: request.projectId }] : [],
    secretOutputs: [{ name: 'gcp-access-token', value: token.value }],
    files: request.credentialsFile ? credentialFiles(request, identity, keeper) : [],
    expiresAt: end,
    remarks: [
      `Google Cloud: ${request.serviceAccount ?? `direct federation through ${request.provider}`}`,
      ...(fileEnd === undefined ? [] : [fileNote(fileEnd, keeper)]),
    ],
    warnings: request.tokenUndelivered ? [UNDELIVERED] : [],
    ...(keeper && {
      handover: { form: sourceForm(keeper), token: identity.token, lifeMs: lifeOf(identity.claims) },
    }),
  };
}

function fileNote(end: number, keeper: Keeper | undefined): string {
  return `Google Cloud: the credentials file ${keeper ? 'is kept fresh' : 'can be exchanged'} until ${iso(end)}`;
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

/** An `external_account` file and, without a keeper, the identity token it points at. The request token is in neither (facts: gcp 4.2). */
function credentialFiles(request: GcpRequest, identity: Identity, keeper: Keeper | undefined): PlannedFile[] {
  return [
    ...sourceFiles(identity, keeper),
    {
      name: 'gcp-credentials.json',
      content: (path) => JSON.stringify(externalAccount(request, credentialSource(path, keeper))),
      variables: ['GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE'],
      outputs: ['gcp-credentials-file'],
    },
  ];
}

function externalAccount(request: GcpRequest, source: object): object {
  return {
    type: 'external_account',
    audience: `//iam.googleapis.com/${request.provider}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `https://${STS_HOST}/v1/token`,
    universe_domain: 'googleapis.com',
    credential_source: source,
    ...(request.quotaProject && { quota_project_id: request.quotaProject }),
    ...(request.serviceAccount && {
      service_account_impersonation_url: impersonationUrl(request.serviceAccount),
      // gcloud and the libraries take 600 s and more.
      service_account_impersonation: { token_lifetime_seconds: Math.max(600, request.tokenLifetime) },
    }),
  };
}
