// The jobs: what a workflow's author asks for, and how near to the floor the action must come.

export interface Job {
  readonly id: string;
  readonly title: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Largest ratio of main's wall time to the floor's, where requests and connections take their time. */
  readonly bar: number;
}

/** Secrets that the bench's Vault holds. */
export const SECRETS = 50;

const EACH = 1.15;
const TOGETHER = 1.25;

const AWS = { 'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy', 'aws-region': 'eu-west-1' };
const AZURE = {
  'azure-client-id': '11111111-1111-4111-8111-111111111111',
  'azure-tenant-id': '22222222-2222-4222-8222-222222222222',
};
const DIRECT = {
  'gcp-workload-identity-provider':
    'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org',
  'gcp-project-id': 'octo-project',
};
const IMPERSONATED = { ...DIRECT, 'gcp-service-account': 'deploy@octo-project.iam.gserviceaccount.com' };

export const JOBS: readonly Job[] = [
  { id: 'aws', title: 'AWS', inputs: AWS, bar: EACH },
  { id: 'azure', title: 'Azure', inputs: AZURE, bar: EACH },
  { id: 'gcp-direct', title: 'Google Cloud, direct', inputs: DIRECT, bar: EACH },
  { id: 'gcp-account', title: 'Google Cloud, impersonated', inputs: IMPERSONATED, bar: EACH },
  { id: 'vault-3', title: 'Vault, 3 secrets', inputs: vault(3), bar: EACH },
  { id: 'vault-50', title: 'Vault, 50 secrets', inputs: vault(SECRETS), bar: EACH },
  { id: 'all', title: 'all four', inputs: { ...AWS, ...AZURE, ...IMPERSONATED, ...vault(3) }, bar: TOGETHER },
];

function vault(secrets: number): Record<string, string> {
  const lines = Array.from({ length: secrets }, (_, i) => `secret/data/bench-${i + 1} value | SECRET_${i + 1}`);
  return { 'vault-url': 'https://vault.example.com', 'vault-role': 'ci', 'vault-secrets': lines.join('; ') };
}
