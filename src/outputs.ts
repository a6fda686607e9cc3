// The outputs, defined once: action.yml and the README come from here, and a test holds what is set to it.
import type { Cloud } from './core/input.ts';

export interface OutputDefinition {
  readonly name: string;
  readonly cloud?: Cloud;
  /** Only with `output-credentials`, and masked. */
  readonly secret?: true;
  readonly description: string;
}

const END = 'When what later steps were given stops working, RFC 3339 in UTC.';

export const OUTPUTS: readonly OutputDefinition[] = [
  {
    name: 'federated',
    description: '`true` when credentials were delivered; `false` when the step was skipped or failed.',
  },
  {
    name: 'expires-at',
    description: `The earliest of all: ${END.toLowerCase().replace('rfc', 'RFC').replace('utc', 'UTC')}`,
  },
  {
    name: 'report',
    description:
      'Versioned JSON (docs/report.schema.json), nothing secret: what was issued, to whom, until when, how it ends.',
  },
  { name: 'aws-account-id', cloud: 'aws', description: 'Account of the session.' },
  { name: 'aws-role-arn', cloud: 'aws', description: 'The last role that was assumed.' },
  { name: 'aws-session-arn', cloud: 'aws', description: 'ARN of the session.' },
  { name: 'aws-expires-at', cloud: 'aws', description: END },
  {
    name: 'aws-config-file',
    cloud: 'aws',
    description: 'The configuration file, where a profile was written; `aws-credentials` is beside it.',
  },
  { name: 'aws-access-key-id', cloud: 'aws', secret: true, description: 'Access key id.' },
  { name: 'aws-secret-access-key', cloud: 'aws', secret: true, description: 'Secret access key.' },
  { name: 'aws-session-token', cloud: 'aws', secret: true, description: 'Session token.' },
  {
    name: 'azure-expires-at',
    cloud: 'azure',
    description: `${END} Not set for Terraform alone, whose providers renew for themselves.`,
  },
  { name: 'azure-token-file', cloud: 'azure', description: 'The identity token file that Azure SDKs read.' },
  {
    name: 'azure-config-dir',
    cloud: 'azure',
    description: "The Azure CLI's configuration folder, where one was made.",
  },
  { name: 'azure-access-token', cloud: 'azure', secret: true, description: 'Access token for the first scope.' },
  { name: 'azure-access-tokens', cloud: 'azure', secret: true, description: 'JSON object: access tokens by scope.' },
  { name: 'gcp-project-id', cloud: 'gcp', description: 'Project that later steps work in.' },
  { name: 'gcp-expires-at', cloud: 'gcp', description: END },
  { name: 'gcp-credentials-file', cloud: 'gcp', description: 'The credentials file, where one was written.' },
  {
    name: 'gcp-docker-credentials-file',
    cloud: 'gcp',
    description:
      'The same for docker actions: its path as they see it (runner 2.329.0 or later). Only where no keeper serves the token: `keep-fresh: never`.',
  },
  {
    name: 'gcp-access-token',
    cloud: 'gcp',
    secret: true,
    description: "Access token: the federated one, the service account's, or the user's.",
  },
  { name: 'gcp-id-token', cloud: 'gcp', secret: true, description: 'ID token.' },
  { name: 'vault-expires-at', cloud: 'vault', description: `${END} Not set where nothing ends (static secrets).` },
  {
    name: 'vault-token',
    cloud: 'vault',
    secret: true,
    description: 'Vault token; besides it each secret under its name.',
  },
];
