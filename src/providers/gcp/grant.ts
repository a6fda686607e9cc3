// What Google's tokens give to later steps: variables, outputs, and the credentials files that the libraries read.
import { expiresAt, lifeOf } from '../../core/claims.ts';
import type { Credential, Grant, Variable } from '../../core/grant.ts';
import { spoken } from '../../core/kinds.ts';
import type { Identity, Keeper } from '../../core/provider.ts';
import { iso } from '../../core/time.ts';
import type { Token } from './account.ts';
import { CLOUD_PLATFORM } from './client.ts';
import { credentialFiles, LEAST_FILE_LIFETIME } from './credentials-file.ts';
import type { GcpRequest } from './request.ts';
import { sourceForm } from './source.ts';
import { PUBLIC } from './universe.ts';

/** What an exchange brought. Without a service account the federated token is the access token. */
export interface Tokens {
  readonly federated: Token;
  /** The service account's, or the user's. */
  readonly access?: Token;
  readonly id?: Token;
}

export function granted(request: GcpRequest, tokens: Tokens, identity: Identity, now: number, keeper?: Keeper): Grant {
  const access = tokens.access ?? (request.serviceAccount ? undefined : tokens.federated);
  // The file is exchanged again by whoever reads it, and only while the identity token in it lives.
  const fileEnd = request.credentialsFile ? (keeper?.until ?? expiresAt(identity.claims)) : undefined;
  const given = [access, tokens.id].filter((token) => token !== undefined);
  return {
    cloud: 'gcp',
    credentials: credentialsOf(request, tokens),
    variables: [...projectVariables(request), ...universeVariables(request)],
    outputs: request.projectId ? [{ name: 'gcp-project-id', value: request.projectId }] : [],
    secretOutputs: [
      ...(access ? [{ name: 'gcp-access-token', value: access.value }] : []),
      ...(tokens.id ? [{ name: 'gcp-id-token', value: tokens.id.value }] : []),
    ],
    files: request.credentialsFile ? credentialFiles(request, identity, keeper) : [],
    // A token that no output carries reaches nobody: what is kept fresh does not end with it.
    expiresAt: Math.min(
      ...(keeper && !request.tokenOutput ? [] : given.map((token) => token.expiresAt)),
      fileEnd ?? Number.POSITIVE_INFINITY,
    ),
    remarks: [
      `Google Cloud: ${holderOf(request) ?? `direct federation through ${request.provider}`}`,
      ...(fileEnd === undefined ? [] : [fileNote(fileEnd, keeper)]),
    ],
    warnings: [...undelivered(request), ...outliving(request, given, now)],
    ...(keeper && {
      handover: { form: sourceForm(keeper), token: identity.token, lifeMs: lifeOf(identity.claims) },
    }),
  };
}

function fileNote(end: number, keeper: Keeper | undefined): string {
  return `Google Cloud: the credentials file ${keeper ? 'is kept fresh' : 'can be exchanged'} until ${iso(end)}`;
}

function holderOf({ subject, serviceAccount }: GcpRequest): string | undefined {
  return subject ? `${subject} through ${serviceAccount}` : serviceAccount;
}

function credentialsOf(request: GcpRequest, { federated, access, id }: Tokens): Credential[] {
  const shared = { cloud: 'gcp', ending: 'expires' } as const;
  const scope = request.scopes.join(' ');
  const holder = request.subject ?? request.serviceAccount ?? '';
  const credential = (kind: string, token: Token, more: Pick<Credential, 'holder' | 'scope'>): Credential => ({
    ...shared,
    kind,
    ...more,
    expiresAt: token.expiresAt,
  });
  return [
    credential('Google federated access token', federated, {
      holder: request.provider,
      scope: request.serviceAccount ? CLOUD_PLATFORM : scope,
    }),
    ...(access ? [credential('Google access token', access, { holder, scope })] : []),
    ...(id && request.idToken ? [credential('Google ID token', id, { holder, scope: request.idToken.audience })] : []),
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

/** gcloud and the libraries refuse credentials of another universe than they were told of. */
function universeVariables({ universe }: GcpRequest): Variable[] {
  if (universe === PUBLIC) return [];
  return ['GOOGLE_CLOUD_UNIVERSE_DOMAIN', 'CLOUDSDK_CORE_UNIVERSE_DOMAIN'].map((name) => ({ name, value: universe }));
}

function undelivered(request: GcpRequest): string[] {
  if (!request.tokenUndelivered) return [];
  const what = request.credentialsFile
    ? 'gcp-token-format asks for a token, but no output carries it'
    : 'No output carries the token, and there is no credentials file: later steps get nothing from Google Cloud';
  return [`${what}. Set output-credentials to true, or to a list with gcp.`];
}

/** Google shortens the tokens of service accounts alone, and what the file gives lives ten minutes at least. */
function outliving(request: GcpRequest, given: readonly Token[], now: number): string[] {
  const { lifetime } = request;
  if (lifetime === undefined) return [];
  const late = Math.max(...given.map((token) => token.expiresAt));
  const byFile = request.credentialsFile && request.serviceAccount && lifetime < LEAST_FILE_LIFETIME;
  return [
    ...(late - now > (lifetime + 60) * 1000
      ? [
          `Google cannot shorten such a token: the one given outlives the lifetime of ${spoken(lifetime)} and ends at ${iso(late)}.`,
        ]
      : []),
    ...(byFile
      ? [
          `The libraries take no token of less than ${spoken(LEAST_FILE_LIFETIME)} through the credentials file: those outlive the lifetime of ${spoken(lifetime)}.`,
        ]
      : []),
  ];
}
