// The `external_account` file that Google's libraries and gcloud read, and the identity token it points at (facts: gcp 1.3). The request token is in
// neither: google-github-actions/auth leaves that in the workspace.
import type { PlannedFile } from '../../core/grant.ts';
import type { Identity, Keeper } from '../../core/provider.ts';
import { impersonationUrl } from './client.ts';
import type { GcpRequest } from './request.ts';
import { credentialSource, sourceFiles, sourceForm } from './source.ts';
import { hostOf, resourceName } from './universe.ts';

/** Seconds: gcloud and the libraries take no less. */
export const LEAST_FILE_LIFETIME = 600;

/**
 * The two files, and a third one that is the same in the eyes of a docker action, where RUNNER_TEMP has another name. Where the keeper serves the token
 * there is one: nothing of it is on disk, and a docker action could not reach the keeper.
 */
export function credentialFiles(request: GcpRequest, identity: Identity, keeper: Keeper | undefined): PlannedFile[] {
  const content = (path: (name: string) => string) =>
    JSON.stringify(externalAccount(request, credentialSource(path, keeper)));
  const served = sourceForm(keeper) === 'served';
  return [
    ...sourceFiles(identity, keeper),
    {
      name: 'gcp-credentials.json',
      content,
      // The last one is read by google-github-actions' other actions, such as setup-gcloud.
      variables: ['GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE', 'GOOGLE_GHA_CREDS_PATH'],
      outputs: ['gcp-credentials-file'],
    },
    ...(served ? [] : [dockerFile(content)]),
  ];
}

function dockerFile(content: PlannedFile['content']): PlannedFile {
  return {
    name: 'gcp-docker-credentials.json',
    content,
    variables: [],
    outputs: ['gcp-docker-credentials-file'],
    forDocker: true,
  };
}

function externalAccount(request: GcpRequest, source: object): object {
  const { provider, universe, serviceAccount, quotaProject, tokenLifetime } = request;
  return {
    type: 'external_account',
    audience: resourceName(provider, universe),
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `https://${hostOf('sts', universe)}/v1/token`,
    universe_domain: universe,
    credential_source: source,
    ...(quotaProject && { quota_project_id: quotaProject }),
    ...(serviceAccount && {
      service_account_impersonation_url: impersonationUrl(serviceAccount, universe),
      service_account_impersonation: { token_lifetime_seconds: Math.max(LEAST_FILE_LIFETIME, tokenLifetime) },
    }),
  };
}
