// What Entra's tokens give to later steps: variables for the consumers, and a token file.

import { expiresAt, lifeOf } from '../../core/claims.ts';
import type { Credential, Grant, Handover, PlannedFile, Variable } from '../../core/grant.ts';
import { spoken } from '../../core/kinds.ts';
import type { ExchangePorts, Identities, Identity, Keeper } from '../../core/provider.ts';
import { Secret } from '../../core/secret.ts';
import { iso } from '../../core/time.ts';
import type { CliLogin } from './cli.ts';
import { CLOUD_FACTS } from './cloud.ts';
import type { Token } from './exchange.ts';
import { type AzureRequest, CLI_USE, FILE_USE, TOKEN_FILE } from './request.ts';

export function granted(
  request: AzureRequest,
  tokens: readonly Token[],
  cli: CliLogin | undefined,
  identities: Identities,
  ports: ExchangePorts,
  keeper: Keeper | undefined,
): Grant {
  const end = Math.min(...tokens.map((t) => t.expiresAt));
  const assertion = request.consumers.includes('sdk') ? identities.get(FILE_USE) : undefined;
  const terraform = request.consumers.includes('terraform') ? terraformVariables(request, ports.job.requestUrl) : [];
  // Of what later steps were given. Terraform's providers mint for themselves: nothing of ours ends for them.
  const fileEnd = assertion && (keeper?.until ?? expiresAt(assertion.claims));
  const keptLogin = keeper && cli?.loginFile;
  const cliEnd = keptLogin ? keeper.until : cli?.expiresAt;
  const ends = [fileEnd, cliEnd, request.outputs ? end : undefined];
  const known = ends.filter((at) => at !== undefined);
  return {
    cloud: 'azure',
    credentials: [...tokens.map((token) => credentialOf(token, request)), ...(cli?.credentials ?? [])],
    variables: [
      ...(assertion ? sdkVariables(request) : []),
      ...terraform,
      ...(cli ? [{ name: 'AZURE_CONFIG_DIR', value: cli.folder }] : []),
    ],
    outputs: cli ? [{ name: 'azure-config-dir', value: cli.folder }] : [],
    secretOutputs: [
      ...(tokens[0] ? [{ name: 'azure-access-token', value: tokens[0].value }] : []),
      { name: 'azure-access-tokens', value: tokensByScope(tokens) },
    ],
    files: assertion ? [tokenFile(assertion)] : [],
    ...(known.length > 0 && { expiresAt: Math.min(...known) }),
    remarks: [
      `Azure: ${request.clientId} in tenant ${request.tenantId}`,
      ...(assertion ? [fileNote(fileEnd, keeper)] : []),
      ...(cli ? [cliNote(cli, keptLogin ? keeper.until : undefined)] : []),
    ],
    warnings: lifetimeWarning(request.lifetime, end, ports.clock.now()),
    ...(keeper && (assertion || keptLogin) && { handover: handoverOf(assertion, keptLogin, identities) }),
  };
}

/** Not masked as a whole: every token in it is. */
function tokensByScope(tokens: readonly Token[]): Secret {
  return new Secret(
    JSON.stringify(Object.fromEntries(tokens.map((t) => [t.scope, t.value.reveal()]))),
    'azure-access-tokens',
  );
}

function fileNote(end: number | undefined, keeper: Keeper | undefined): string {
  const until = end === undefined ? 'for five minutes' : `until ${iso(end)}`;
  const how = keeper ? 'is kept fresh' : 'can be exchanged';
  return `Azure: the token file that the SDKs read (AZURE_FEDERATED_TOKEN_FILE) ${how} ${until}`;
}

/** `kept`: until when its login is kept fresh. */
function cliNote({ place }: CliLogin, kept: number | undefined): string {
  const how = kept
    ? `and its login is kept fresh until ${iso(kept)}`
    : 'For the resource manager it has a token; for other resources it gets one for five minutes';
  return `Azure: the Azure CLI is logged in (AZURE_CONFIG_DIR), ${place}${kept ? ', ' : '. '}${how}`;
}

function handoverOf(file: Identity | undefined, loginFile: string | undefined, identities: Identities): Handover {
  return {
    ...(file && { lifeMs: lifeOf(file.claims) }),
    ...(loginFile && { loginFile, loginMs: lifeOf(identities.get(CLI_USE).claims) }),
  };
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
    name: TOKEN_FILE,
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
