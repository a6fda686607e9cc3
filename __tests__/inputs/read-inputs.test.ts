import type { Problem } from '../../src/core/checked.ts';
import { inputGroups, type Orders, readInputs } from '../../src/inputs/index.ts';

type Inputs = Readonly<Record<string, string>>;

const AWS: Inputs = { 'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy', 'aws-region': 'eu-west-1' };
const AZURE: Inputs = {
  'azure-client-id': '11111111-1111-4111-8111-111111111111',
  'azure-tenant-id': '22222222-2222-4222-8222-222222222222',
};
const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org';
const GCP: Inputs = { 'gcp-workload-identity-provider': PROVIDER };
const ACCOUNT = 'deploy@octo-project.iam.gserviceaccount.com';
const MIDDLE = 'middle@octo-project.iam.gserviceaccount.com';
const USER = 'admin@octo.example.com';
const GCP_ACCOUNT: Inputs = { ...GCP, 'gcp-service-account': ACCOUNT };
const NO_FILE: Inputs = { 'gcp-create-credentials-file': 'false' };
const ID: Inputs = { 'gcp-token-format': 'id-token', 'gcp-id-token-audience': 'https://run.example.com' };
const VAULT: Inputs = {
  'vault-url': 'https://vault.example.com',
  'vault-secrets': 'secret/data/app password | APP_PASSWORD',
};

const read = (inputs: Inputs) =>
  readInputs(
    (name) => inputs[name],
    Object.keys(inputs),
    (_, given) => given,
  );

function problems(inputs: Inputs): readonly Problem[] {
  const found = read(inputs);
  return found.ok ? [] : found.problems;
}

function orders(inputs: Inputs): Orders {
  const found = read(inputs);
  if (!found.ok) throw new Error(found.problems.map((p) => p.message).join('\n'));
  return found.value;
}

type Row = readonly [input: string, inputs: Inputs, id: string, ...words: string[]];

/** Every row is one mistake in an otherwise right step; `words`: what it got, and what it takes. */
const common: readonly Row[] = [
  ['revoke', { ...AWS, revoke: 'yes' }, 'inputs/invalid', '"yes"', 'true or false'],
  ['summary', { ...AWS, summary: 'always' }, 'inputs/invalid', '"always"', 'true, false or on-failure'],
  ['mask-identifiers', { ...AWS, 'mask-identifiers': '1' }, 'inputs/invalid', '"1"', 'true or false'],
  ['lifetime', { ...AWS, lifetime: '2d' }, 'inputs/invalid', '"2d"', '15m or 1h'],
  ['lifetime', { ...AWS, lifetime: '59' }, 'inputs/invalid', '"59"', 'from 1m to 12h'],
  ['lifetime', { ...AWS, lifetime: '13h' }, 'inputs/invalid', '"13h"', 'from 1m to 12h'],
  ['timeout', { ...AWS, timeout: '5s' }, 'inputs/invalid', '"5s"', 'from 10s to 1h'],
  ['on-revoke-failure', { ...AWS, 'on-revoke-failure': 'ignore' }, 'inputs/invalid', '"ignore"', 'warn or fail'],
  ['on-missing-token', { ...AWS, 'on-missing-token': 'warn' }, 'inputs/invalid', '"warn"', 'fail or skip'],
  ['on-untrusted-event', { ...AWS, 'on-untrusted-event': 'deny' }, 'inputs/invalid', '"deny"', 'warn, fail or allow'],
  ['export-env', { ...AWS, 'export-env': 'aws, gpc' }, 'inputs/invalid', '"aws, gpc"', 'aws, azure, gcp, vault'],
  ['output-credentials', { ...AWS, 'output-credentials': 'all' }, 'inputs/invalid', '"all"', 'true, false, or a list'],
  ['keep-fresh', { ...AWS, 'keep-fresh': 'sometimes' }, 'inputs/invalid', '"sometimes"', 'auto, always or never'],
  ['check-only', { ...AWS, 'check-only': 'yes' }, 'inputs/invalid', '"yes"', 'true or false'],
  ['propagation-wait', { ...AWS, 'propagation-wait': '16m' }, 'inputs/invalid', '"16m"', 'from 0s to 15m'],
  [
    'propagation-wait',
    { ...AWS, 'propagation-wait': '5m' },
    'inputs/invalid',
    '"5m"',
    'the timeout of 2m',
    'raise timeout',
  ],
  [
    'propagation-wait',
    { ...AWS, 'propagation-wait': '61s', timeout: '1m' },
    'inputs/invalid',
    '"61s"',
    'the timeout of 1m',
  ],
  ['ca-certificate', { ...AWS, 'ca-certificate': 'no\ncertificate' }, 'inputs/invalid', 'PEM'],
];

const NEXT = 'arn:aws:iam::123456789012:role/release';
const CHAIN = { ...AWS, 'aws-role-chain': NEXT };

const aws: readonly Row[] = [
  [
    'aws-region',
    { 'aws-role-arn': AWS['aws-role-arn'] ?? '' },
    'inputs/missing',
    'required with aws-role-arn',
    'eu-west-1',
  ],
  ['aws-region', { ...AWS, 'aws-region': 'a@evil.com/' }, 'inputs/invalid', '"a@evil.com/"', 'an AWS region'],
  ['aws-region', { ...AWS, 'aws-region': 'eu-west-1.evil.com' }, 'inputs/invalid', 'an AWS region'],
  ['aws-region', { ...AWS, 'aws-region': 'EU-WEST-1' }, 'inputs/invalid', 'an AWS region'],
  ['aws-region', { ...AWS, 'aws-region': 'eu-west-1a' }, 'inputs/invalid', 'an AWS region'],
  ['aws-region', { ...AWS, 'aws-region': 'cn-north-1' }, 'inputs/invalid', 'aws-cn', 'aws-role-arn is in aws'],
  ['aws-region', { ...AWS, 'aws-region': 'us-gov-west-1' }, 'inputs/invalid', 'aws-us-gov'],
  [
    'aws-role-arn',
    { ...AWS, 'aws-role-arn': 'arn:aws:iam::12345:role/x' },
    'inputs/invalid',
    '"arn:aws:iam::12345:role/x"',
    'ARN of an IAM role',
  ],
  [
    'aws-role-arn',
    { ...AWS, 'aws-role-arn': 'arn:aws:iam::123456789012:user/x' },
    'inputs/invalid',
    'ARN of an IAM role',
  ],
  [
    'aws-role-arn',
    { ...AWS, 'aws-role-arn': 'arn:aws:iam::123456789012:role/x y' },
    'inputs/invalid',
    'ARN of an IAM role',
  ],
  ['aws-audience', { ...AWS, 'aws-audience': 'a b' }, 'inputs/invalid', '"a b"', 'an audience'],
  ['aws-session-name', { ...AWS, 'aws-session-name': 'a' }, 'inputs/invalid', '"a"', '2 to 64 characters'],
  ['aws-session-name', { ...AWS, 'aws-session-name': 'feature/x' }, 'inputs/invalid', '2 to 64 characters'],
  ['aws-session-duration', { ...AWS, 'aws-session-duration': '10m' }, 'inputs/invalid', '"10m"', 'from 15m to 12h'],
  [
    'aws-session-duration',
    { ...AWS, lifetime: '30m', 'aws-session-duration': '1h' },
    'inputs/invalid',
    '"1h"',
    'lifetime of 30m',
  ],
  ['aws-session-policy', { ...AWS, 'aws-session-policy': '[]' }, 'inputs/invalid', '"[]"', 'a JSON object'],
  [
    'aws-session-policy',
    { ...AWS, 'aws-session-policy': JSON.stringify({ Version: 'x'.repeat(2100) }) },
    'inputs/invalid',
    '2048',
  ],
  [
    'aws-session-policy-arns',
    { ...AWS, 'aws-session-policy-arns': 'ReadOnlyAccess' },
    'inputs/invalid',
    '"ReadOnlyAccess"',
    'ARN of an IAM policy',
  ],
  [
    'aws-session-policy-arns',
    {
      ...AWS,
      'aws-session-policy-arns': Array.from({ length: 11 }, (_, i) => `arn:aws:iam::aws:policy/P${i}`).join('\n'),
    },
    'inputs/invalid',
    '11',
    'at most ten',
  ],
  ['aws-allowed-account-ids', { ...AWS, 'aws-allowed-account-ids': '12345' }, 'inputs/invalid', '"12345"', '12 digits'],
  [
    'aws-allowed-account-ids',
    { ...AWS, 'aws-allowed-account-ids': '210987654321' },
    'inputs/invalid',
    'does not list 123456789012',
  ],
  [
    'aws-sts-endpoint',
    { ...AWS, 'aws-sts-endpoint': 'https://sts.evil.com' },
    'inputs/invalid',
    '"https://sts.evil.com"',
    'aws-audience',
  ],
  [
    'aws-sts-endpoint',
    { ...AWS, 'aws-sts-endpoint': 'https://sts.amazonaws.com.evil.com' },
    'inputs/invalid',
    'aws-audience',
  ],
  [
    'aws-sts-endpoint',
    { ...AWS, 'aws-sts-endpoint': 'http://sts.eu-west-1.amazonaws.com' },
    'inputs/invalid',
    'an https URL',
  ],
  [
    'aws-sts-endpoint',
    { ...AWS, 'aws-sts-endpoint': 'https://sts.evil.com', 'aws-audience': 'sts.amazonaws.com' },
    'inputs/invalid',
    'aws-audience',
  ],
  [
    'aws-sts-endpoint',
    { ...AWS, 'aws-sts-endpoint': 'https://sts.evil.com', 'aws-audience': 'api://AzureADTokenExchange' },
    'inputs/invalid',
    'aws-audience',
  ],
  [
    'aws-sts-endpoint',
    { ...AWS, 'aws-sts-endpoint': 'https://sts.eu-west-1.amazonaws.com', 'aws-use-fips-endpoint': 'true' },
    'inputs/invalid',
    'aws-use-fips-endpoint',
  ],
  ['aws-use-fips-endpoint', { ...AWS, 'aws-use-fips-endpoint': 'on' }, 'inputs/invalid', '"on"', 'true or false'],
  ['aws-role-chain', { ...AWS, 'aws-role-chain': 'release' }, 'inputs/invalid', '"release"', 'the ARN of an IAM role'],
  ['aws-role-chain', { ...AWS, 'aws-role-chain': `${NEXT} ${NEXT}` }, 'inputs/invalid', 'one item a line'],
  [
    'aws-role-chain',
    { ...AWS, 'aws-role-chain': `${NEXT}\n${NEXT.replace(':aws:', ':aws-cn:')}` },
    'inputs/invalid',
    'partition aws,',
  ],
  ['aws-session-duration', { ...CHAIN, 'aws-session-duration': '2h' }, 'inputs/invalid', '"2h"', '1h at most'],
  [
    'aws-allowed-account-ids',
    {
      ...CHAIN,
      'aws-role-chain': NEXT.replace('123456789012', '210987654321'),
      'aws-allowed-account-ids': '123456789012',
    },
    'inputs/invalid',
    '210987654321',
    'last role of aws-role-chain',
  ],
  ['aws-external-id', { ...AWS, 'aws-external-id': 'octo' }, 'inputs/invalid', 'aws-role-chain, which is empty'],
  ['aws-session-tags', { ...AWS, 'aws-session-tags': 'team=a' }, 'inputs/invalid', 'aws-role-chain, which is empty'],
  [
    'aws-source-identity',
    { ...AWS, 'aws-source-identity': 'octocat' },
    'inputs/invalid',
    'aws-role-chain, which is empty',
  ],
  ['aws-external-id', { ...CHAIN, 'aws-external-id': 'a' }, 'inputs/invalid', '"a"', '2 to 1224 characters'],
  ['aws-external-id', { ...CHAIN, 'aws-external-id': 'a b' }, 'inputs/invalid', '"a b"'],
  ['aws-session-tags', { ...CHAIN, 'aws-session-tags': 'team' }, 'inputs/invalid', '"team"', 'key=value'],
  ['aws-session-tags', { ...CHAIN, 'aws-session-tags': '=a' }, 'inputs/invalid', 'keys of 1 to 128'],
  ['aws-session-tags', { ...CHAIN, 'aws-session-tags': 'team=a\nTeam=b' }, 'inputs/invalid', 'no key twice'],
  ['aws-session-tags', { ...CHAIN, 'aws-session-tags': 'AWS:team=a' }, 'inputs/invalid', 'aws:'],
  ['aws-session-tags', { ...CHAIN, 'aws-session-tags': 'team=a#b' }, 'inputs/invalid', '"team=a#b"'],
  ['aws-session-tags', { ...CHAIN, 'aws-session-tags': `team=${'x'.repeat(257)}` }, 'inputs/invalid', 'up to 256'],
  [
    'aws-session-tags',
    { ...CHAIN, 'aws-session-tags': Array.from({ length: 51 }, (_, i) => `k${i}=v`).join('\n') },
    'inputs/invalid',
    'at most 50',
  ],
  ['aws-session-tags', { ...CHAIN, 'aws-session-tags': '{"team":1}' }, 'inputs/invalid', 'a JSON object of texts'],
  ['aws-session-tags', { ...CHAIN, 'aws-session-tags': '{"team":' }, 'inputs/invalid', 'a JSON object of texts'],
  [
    'aws-transitive-tag-keys',
    { ...CHAIN, 'aws-transitive-tag-keys': 'team' },
    'inputs/invalid',
    'no key of aws-session-tags',
  ],
  [
    'aws-transitive-tag-keys',
    { ...CHAIN, 'aws-session-tags': 'run=1', 'aws-transitive-tag-keys': 'run, team' },
    'inputs/invalid',
    '"team"',
  ],
  [
    'aws-source-identity',
    { ...CHAIN, 'aws-source-identity': 'octo cat' },
    'inputs/invalid',
    '"octo cat"',
    '2 to 64 characters',
  ],
  ['aws-profile', { ...AWS, 'aws-profile': 'a b' }, 'inputs/invalid', '"a b"', 'a profile name'],
  ['aws-profile', { ...AWS, 'aws-profile': 'ci]\ncredential_process=/bin/sh' }, 'inputs/invalid', 'a profile name'],
  ['aws-profile', { ...AWS, 'aws-profile': '__proto__' }, 'inputs/invalid', '"__proto__"'],
  ['aws-profile', { ...AWS, 'aws-profile': '../ci' }, 'inputs/invalid', '"../ci"'],
];

const azure: readonly Row[] = [
  [
    'azure-tenant-id',
    { 'azure-client-id': AZURE['azure-client-id'] ?? '' },
    'inputs/missing',
    'required with azure-client-id',
    'a tenant id',
  ],
  ['azure-client-id', { ...AZURE, 'azure-client-id': 'my-app' }, 'inputs/invalid', '"my-app"', 'a GUID'],
  ['azure-client-id', { ...AZURE, 'azure-client-id': `${AZURE['azure-client-id']}0` }, 'inputs/invalid', 'a GUID'],
  [
    'azure-tenant-id',
    { ...AZURE, 'azure-tenant-id': 'contoso/evil' },
    'inputs/invalid',
    '"contoso/evil"',
    "tenant's domains",
  ],
  ['azure-tenant-id', { ...AZURE, 'azure-tenant-id': '../common' }, 'inputs/invalid', "tenant's domains"],
  ['azure-tenant-id', { ...AZURE, 'azure-tenant-id': 'contoso.com/../x' }, 'inputs/invalid', "tenant's domains"],
  ['azure-subscription-id', { ...AZURE, 'azure-subscription-id': 'prod' }, 'inputs/invalid', '"prod"', 'a GUID'],
  [
    'azure-cloud',
    { ...AZURE, 'azure-cloud': 'germany' },
    'inputs/invalid',
    '"germany"',
    'public, usgovernment or china',
  ],
  ['azure-scopes', { ...AZURE, 'azure-scopes': 'https://vault.azure.net' }, 'inputs/invalid', '/.default'],
  [
    'azure-consumers',
    { ...AZURE, 'azure-consumers': 'sdk, bicep' },
    'inputs/invalid',
    '"sdk, bicep"',
    'sdk, terraform or cli',
  ],
  ['azure-client-id', { ...AZURE, 'azure-client-id': `{${AZURE['azure-client-id']}}` }, 'inputs/invalid', 'a GUID'],
  ['azure-client-id', { ...AZURE, 'azure-client-id': `--${AZURE['azure-client-id']}` }, 'inputs/invalid', 'a GUID'],
  ['azure-tenant-id', { ...AZURE, 'azure-tenant-id': 'common' }, 'inputs/invalid', '"common"'],
  ['azure-tenant-id', { ...AZURE, 'azure-tenant-id': 'organizations' }, 'inputs/invalid', '"organizations"'],
  ['azure-tenant-id', { ...AZURE, 'azure-tenant-id': '-t.example.com' }, 'inputs/invalid', "tenant's domains"],
  [
    'azure-tenant-id',
    { ...AZURE, 'azure-tenant-id': 'contoso.com@evil.example' },
    'inputs/invalid',
    "tenant's domains",
  ],
  ['azure-tenant-id', { ...AZURE, 'azure-tenant-id': 'contoso.com?x=1' }, 'inputs/invalid', "tenant's domains"],
  ['azure-subscription-id', { ...AZURE, 'azure-subscription-id': '/subscriptions/x' }, 'inputs/invalid', 'a GUID'],
  // The peer's words for the clouds.
  ['azure-cloud', { ...AZURE, 'azure-cloud': 'azurecloud' }, 'inputs/invalid', 'public, usgovernment or china'],
  ['azure-cloud', { ...AZURE, 'azure-cloud': 'Public' }, 'inputs/invalid', 'public, usgovernment or china'],
  ['azure-audience', { ...AZURE, 'azure-audience': 'api://two words' }, 'inputs/invalid', 'an audience'],
  ['azure-audience', { ...AZURE, 'azure-audience': 'x'.repeat(256) }, 'inputs/invalid', 'an audience'],
  ['azure-scopes', { ...AZURE, 'azure-scopes': 'https://vault.azure.net/.default offline_access' }, 'inputs/invalid'],
  ['azure-scopes', { ...AZURE, 'azure-scopes': 'http://vault.azure.net/.default' }, 'inputs/invalid', '/.default'],
  ['azure-scopes', { ...AZURE, 'azure-scopes': 'https://vault.azure.net/.default#x' }, 'inputs/invalid', '/.default'],
  ['azure-scopes', { ...AZURE, 'azure-scopes': ', ,' }, 'inputs/invalid', 'a list'],
  ['azure-consumers', { ...AZURE, 'azure-consumers': 'none' }, 'inputs/invalid', 'sdk, terraform or cli'],
  ['azure-consumers', { ...AZURE, 'azure-consumers': ',' }, 'inputs/invalid', 'a list'],
];

const gcp: readonly Row[] = [
  [
    'gcp-workload-identity-provider',
    {
      'gcp-workload-identity-provider':
        'projects/my-project/locations/global/workloadIdentityPools/github/providers/p-1',
    },
    'inputs/invalid',
    "project's number",
  ],
  [
    'gcp-workload-identity-provider',
    { 'gcp-workload-identity-provider': PROVIDER.replace(/\/providers.*/, '') },
    'inputs/invalid',
    'full name of a provider',
  ],
  [
    'gcp-workload-identity-provider',
    { 'gcp-workload-identity-provider': `//iam.googleapis.com/${PROVIDER}` },
    'inputs/invalid',
    'full name of a provider',
  ],
  ['gcp-service-account', { ...GCP, 'gcp-service-account': 'deploy' }, 'inputs/invalid', '"deploy"', 'e-mail address'],
  ['gcp-service-account', { ...GCP, 'gcp-service-account': 'me@gmail.com' }, 'inputs/invalid', 'e-mail address'],
  [
    'gcp-service-account',
    { ...GCP, 'gcp-service-account': 'a@b.iam.gserviceaccount.com:signBlob?x' },
    'inputs/invalid',
    'e-mail address',
  ],
  ['gcp-project-id', { ...GCP, 'gcp-project-id': 'My Project' }, 'inputs/invalid', '"My Project"', 'project id'],
  ['gcp-scopes', { ...GCP, 'gcp-scopes': 'cloud-platform' }, 'inputs/invalid', 'an OAuth scope'],
  ['gcp-token-format', { ...GCP, 'gcp-token-format': 'jwt' }, 'inputs/invalid', 'none, access-token or id-token'],
  ['gcp-token-format', { ...GCP, ...ID }, 'inputs/invalid', 'service accounts alone'],
  ['gcp-id-token-audience', { ...GCP_ACCOUNT, 'gcp-token-format': 'id-token' }, 'inputs/missing', 'required with'],
  ['gcp-id-token-audience', { ...GCP_ACCOUNT, ...ID, 'gcp-id-token-audience': 'a b' }, 'inputs/invalid', 'an audience'],
  ['gcp-id-token-audience', { ...GCP_ACCOUNT, 'gcp-id-token-audience': 'x' }, 'inputs/invalid', 'id-token'],
  [
    'gcp-id-token-include-email',
    { ...GCP_ACCOUNT, 'gcp-id-token-include-email': 'true' },
    'inputs/invalid',
    'id-token',
  ],
  [
    'gcp-token-lifetime',
    { ...GCP_ACCOUNT, ...ID, ...NO_FILE, 'gcp-token-lifetime': '5m' },
    'inputs/invalid',
    'an hour',
  ],
  [
    'gcp-scopes',
    { ...GCP_ACCOUNT, ...ID, ...NO_FILE, 'gcp-scopes': 'openid' },
    'inputs/invalid',
    'audience and no scopes',
  ],
  ['gcp-delegates', { ...GCP, ...NO_FILE, 'gcp-delegates': MIDDLE }, 'inputs/invalid', 'gcp-service-account'],
  ['gcp-delegates', { ...GCP_ACCOUNT, 'gcp-delegates': MIDDLE }, 'inputs/invalid', 'gcp-create-credentials-file'],
  ['gcp-delegates', { ...GCP_ACCOUNT, ...NO_FILE, 'gcp-delegates': 'middle' }, 'inputs/invalid', 'e-mail address'],
  [
    'gcp-delegates',
    { ...GCP_ACCOUNT, ...NO_FILE, 'gcp-delegates': `${MIDDLE},${MIDDLE}` },
    'inputs/invalid',
    'names an account twice',
  ],
  ['gcp-delegates', { ...GCP_ACCOUNT, ...NO_FILE, 'gcp-delegates': ACCOUNT }, 'inputs/invalid', 'end of the chain'],
  ['gcp-subject', { ...GCP, ...NO_FILE, 'gcp-subject': USER }, 'inputs/invalid', 'gcp-service-account'],
  [
    'gcp-service-account',
    { ...GCP_ACCOUNT, ...NO_FILE, 'gcp-service-account': '104857600000000000001', 'gcp-subject': USER },
    'inputs/invalid',
    'e-mail address',
  ],
  ['gcp-scopes', { ...GCP, 'gcp-scopes': 'https://evil.example/auth/x' }, 'inputs/invalid', 'an OAuth scope'],
  ['gcp-scopes', { ...GCP, 'gcp-scopes': 'https://mail.google.com/ openid' }, 'inputs/invalid', 'an OAuth scope'],
  ['gcp-subject', { ...GCP_ACCOUNT, 'gcp-subject': USER }, 'inputs/invalid', 'gcp-create-credentials-file'],
  ['gcp-subject', { ...GCP_ACCOUNT, ...NO_FILE, 'gcp-subject': 'everybody' }, 'inputs/invalid', 'e-mail address'],
  [
    'gcp-subject',
    { ...GCP_ACCOUNT, ...NO_FILE, ...ID, 'gcp-subject': USER },
    'inputs/invalid',
    'no ID tokens of users',
  ],
  [
    'gcp-token-lifetime',
    { ...GCP_ACCOUNT, ...NO_FILE, 'gcp-subject': USER, 'gcp-token-lifetime': '2h' },
    'inputs/invalid',
    '"2h"',
    'at most 1h',
  ],
  ['gcp-token-lifetime', { ...GCP_ACCOUNT, 'gcp-token-lifetime': '13h' }, 'inputs/invalid', '"13h"', 'from 1m to 12h'],
  ['gcp-token-lifetime', { ...GCP, 'gcp-token-lifetime': '30m' }, 'inputs/invalid', 'gcp-service-account'],
  ['gcp-universe', { ...GCP, 'gcp-universe': 'evil.com/' }, 'inputs/invalid', '"evil.com/"', 'a domain'],
  ['gcp-universe', { ...GCP, 'gcp-universe': 'a@evil.com' }, 'inputs/invalid', 'a domain'],
  ['gcp-universe', { ...GCP, 'gcp-universe': 'googleapis.com.evil.com' }, 'inputs/invalid', 'gcp-audience'],
  ['gcp-universe', { ...GCP, 'gcp-universe': 'evil.example' }, 'inputs/invalid', '"evil.example"', 'gcp-audience'],
  [
    'gcp-universe',
    { ...GCP, 'gcp-universe': 'evil.example', 'gcp-audience': `https://iam.googleapis.com/${PROVIDER}` },
    'inputs/invalid',
    'no cloud accepts',
  ],
  [
    'gcp-universe',
    { ...GCP, 'gcp-universe': 'evil.example', 'gcp-audience': 'sts.amazonaws.com' },
    'inputs/invalid',
    'no cloud accepts',
  ],
  ['gcp-request-reason', { ...GCP, 'gcp-request-reason': 'grüße' }, 'inputs/invalid', 'printable ASCII'],
  [
    'gcp-create-credentials-file',
    { ...GCP, 'gcp-create-credentials-file': 'no' },
    'inputs/invalid',
    '"no"',
    'true or false',
  ],
];

const vaultSecrets = (lines: string): Inputs => ({ ...VAULT, 'vault-secrets': lines });
const vault: readonly Row[] = [
  ['vault-url', { ...VAULT, 'vault-url': 'https://a@evil.com/' }, 'inputs/invalid', 'an https URL'],
  [
    'vault-url',
    { ...VAULT, 'vault-url': 'http://localhost:8200' },
    'inputs/invalid',
    '"http://localhost:8200"',
    'an https URL',
  ],
  ['vault-url', { ...VAULT, 'vault-url': 'vault.example.com' }, 'inputs/invalid', 'an https URL'],
  ['vault-role', { ...VAULT, 'vault-role': 'a/b' }, 'inputs/invalid', '"a/b"', 'name of a role'],
  ['vault-auth-path', { ...VAULT, 'vault-auth-path': '../sys' }, 'inputs/invalid', '"../sys"', 'auth mount'],
  ['vault-auth-path', { ...VAULT, 'vault-auth-path': 'jwt/%2e%2e' }, 'inputs/invalid', 'auth mount'],
  ['vault-namespace', { ...VAULT, 'vault-namespace': 'team/../root' }, 'inputs/invalid', 'a namespace'],
  ['vault-namespace', { ...VAULT, 'vault-namespace': 'team\r\nx-vault-token: y' }, 'inputs/invalid', 'a namespace'],
  ['vault-audience', { ...VAULT, 'vault-audience': 'sts.amazonaws.com' }, 'inputs/invalid', 'the audience of a cloud'],
  [
    'vault-audience',
    { ...VAULT, 'vault-audience': 'sts.amazonaws.com.cn' },
    'inputs/invalid',
    'the audience of a cloud',
  ],
  [
    'vault-audience',
    { ...VAULT, 'vault-audience': 'api://AzureADTokenExchange' },
    'inputs/invalid',
    'the audience of a cloud',
  ],
  [
    'vault-audience',
    { ...VAULT, 'vault-audience': 'api://AzureADTokenExchangeUSGov' },
    'inputs/invalid',
    'the audience of a cloud',
  ],
  [
    'vault-audience',
    { ...VAULT, 'vault-audience': `https://iam.googleapis.com/${PROVIDER}` },
    'inputs/invalid',
    'the audience of a cloud',
  ],
  ['vault-secrets', { 'vault-url': VAULT['vault-url'] ?? '' }, 'inputs/missing', 'vault-export-token'],
  ['vault-secrets', vaultSecrets('secret/data/app'), 'inputs/invalid', 'line 1', 'has no selector'],
  ['vault-secrets', vaultSecrets('secret/data/app a | A\nsecret/data/../b c | C'), 'inputs/invalid', 'line 2', '..'],
  ['vault-secrets', vaultSecrets('secret/data/a%2fb c'), 'inputs/invalid', 'line 1', '%'],
  ['vault-secrets', vaultSecrets('secret/data/a#b c'), 'inputs/invalid', 'line 1', '#'],
  ['vault-secrets', vaultSecrets('secret/data/a?list=true c'), 'inputs/invalid', 'line 1', '?version=NUMBER'],
  ['vault-secrets', vaultSecrets('secret/data/a?version=0 c'), 'inputs/invalid', 'line 1', '?version=NUMBER'],
  ['vault-secrets', vaultSecrets('secret/data//a c'), 'inputs/invalid', 'line 1', 'empty segments'],
  ['vault-secrets', vaultSecrets('secret c'), 'inputs/invalid', 'line 1', 'a mount and a name'],
  ['vault-secrets', vaultSecrets('secret/data/a b c d'), 'inputs/invalid', 'line 1', 'path selector | NAME'],
  ['vault-secrets', vaultSecrets('secret/data/a b |'), 'inputs/invalid', 'line 1', 'path selector | NAME'],
  ['vault-secrets', vaultSecrets('secret/data/a b | C | D'), 'inputs/invalid', 'line 1', 'path selector | NAME'],
  [
    'vault-secrets',
    vaultSecrets('secret/data/x y | Z\n\nsecret/data/a "b | C'),
    'inputs/invalid',
    'line 3',
    'not closed',
  ],
  ['vault-secrets', vaultSecrets('secret/data/a arr[0] | A'), 'inputs/invalid', 'line 1', 'JSONata'],
  ['vault-secrets', vaultSecrets('secret/data/a $.$ | ALL'), 'inputs/invalid', 'line 1', 'JSONata'],
  ['vault-secrets', vaultSecrets('secret/data/a b | PATH'), 'inputs/invalid', 'line 1', 'PATH', 'later steps'],
  ['vault-secrets', vaultSecrets('secret/data/a b | node_options'), 'inputs/invalid', 'line 1', 'node_options'],
  ['vault-secrets', vaultSecrets('secret/data/a b | GITHUB_ENV'), 'inputs/invalid', 'line 1', 'belongs to GitHub'],
  ['vault-secrets', vaultSecrets('secret/data/a b | 1X'), 'inputs/invalid', 'line 1', 'not a name'],
  ['vault-secrets', vaultSecrets('secret/data/a b | A-B'), 'inputs/invalid', 'line 1', 'not a name'],
  ['vault-secrets', vaultSecrets('POST auth/token/create {"ttl":"1h"} x | C'), 'inputs/invalid', 'line 1', 'auth/'],
  ['vault-secrets', vaultSecrets('POST secret/data/a ["x"] b | C'), 'inputs/invalid', 'line 1', 'JSON object'],
  ['vault-secrets', vaultSecrets(' ; ; '), 'inputs/invalid', 'holds no request'],
  ['vault-export-token', { ...VAULT, 'vault-export-token': 'TRUE' }, 'inputs/invalid', '"TRUE"', 'true or false'],
  ['vault-tls-skip-verify', { ...VAULT, 'vault-tls-skip-verify': 'no' }, 'inputs/invalid', '"no"', 'true or false'],
  [
    'vault-tls-skip-verify',
    { ...VAULT, 'vault-tls-skip-verify': 'true', 'vault-ca-certificate': '/ca.pem' },
    'inputs/invalid',
    'vault-ca-certificate',
  ],
  [
    'vault-ca-certificate',
    { ...VAULT, 'vault-url': 'http://127.0.0.1:8200', 'vault-ca-certificate': '/ca.pem' },
    'inputs/invalid',
    'plain http',
  ],
  ['vault-ca-certificate', { ...VAULT, 'vault-ca-certificate': 'no\ncertificate' }, 'inputs/invalid', 'its base64'],
  [
    'vault-client-key',
    { ...VAULT, 'vault-client-certificate': '/c.pem' },
    'inputs/invalid',
    'vault-client-certificate',
  ],
  ['vault-client-certificate', { ...VAULT, 'vault-client-key': '/k.pem' }, 'inputs/invalid', 'vault-client-key'],
  ['vault-headers', { ...VAULT, 'vault-headers': 'X-Vault-Token: hvs.x' }, 'inputs/invalid', 'name: value'],
];

describe.each([
  ['common', common],
  ['aws', aws],
  ['azure', azure],
  ['gcp', gcp],
  ['vault', vault],
])('one wrong input: %s', (_, rows) => {
  it.each(
    rows.map(([input, inputs, id, ...words]) => ({
      input,
      given: JSON.stringify(inputs[input])?.slice(0, 60),
      inputs,
      id,
      words,
    })),
  )('$input = $given is $id', ({ input, inputs, id, words }) => {
    const found = problems(inputs);
    expect(found.map((p) => p.id)).toEqual([id]);
    expect(found[0]?.message).toMatch(new RegExp(`^${input}\\b`));
    for (const word of words) expect(found[0]?.message).toContain(word);
  });
});

describe('an input of a cloud that was not asked for', () => {
  it.each([
    ['aws-region', { ...VAULT, 'aws-region': 'eu-west-1' }, 'aws-role-arn'],
    ['azure-tenant-id', { ...AWS, 'azure-tenant-id': AZURE['azure-tenant-id'] ?? '' }, 'azure-client-id'],
    [
      'gcp-service-account',
      { ...AWS, 'gcp-service-account': 'a@b.iam.gserviceaccount.com' },
      'gcp-workload-identity-provider',
    ],
    ['vault-secrets', { ...AWS, 'vault-secrets': 'a/b c' }, 'vault-url'],
    ['vault-export-token', { ...AWS, 'vault-export-token': 'true' }, 'vault-url'],
    [
      'aws-allowed-account-ids',
      { ...AZURE, 'aws-role-arn': ' ', 'aws-allowed-account-ids': '123456789012' },
      'aws-role-arn',
    ],
  ])('%s is an error, never a silently dropped cloud', (input, inputs, asks) => {
    const [problem, ...more] = problems(inputs);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ id: 'inputs/not-asked' });
    expect(problem?.message).toMatch(new RegExp(`^${input}:.*${asks}`));
  });

  it('may hold its default, as a workflow that passes everything through does', () => {
    expect(problems({ ...AWS, 'vault-auth-path': 'jwt', 'azure-cloud': 'public', 'gcp-scopes': '' })).toEqual([]);
  });
});

describe('names that do not exist', () => {
  it.each([
    ['aws-regoin', 'aws-region'],
    ['aws-allowed-account-id', 'aws-allowed-account-ids'],
    ['azure-clientid', 'azure-client-id'],
    ['vault-secret', 'vault-secrets'],
    ['lifetme', 'lifetime'],
    ['on-revoke-failur', 'on-revoke-failure'],
  ])('%s is an error, with %s suggested', (name, near) => {
    expect(problems({ ...AWS, [name]: 'x' })).toEqual([
      { id: 'inputs/unknown', message: `${name}: there is no such input. Did you mean ${near}?` },
    ]);
  });
  it('is an error with one of our prefixes, near to something or not', () => {
    expect(problems({ ...AWS, 'gcp-quantum-entanglement': 'x' })).toEqual([
      { id: 'inputs/unknown', message: 'gcp-quantum-entanglement: there is no such input.' },
    ]);
  });
  it('leaves what is far from all of ours to the runner, which warns', () => {
    expect(problems({ ...AWS, 'entirely-different-thing': 'x' })).toEqual([]);
  });
});

describe('the step as a whole', () => {
  it('asks for one cloud at least, and says with what', () => {
    const [problem, ...more] = problems({});
    expect(more).toEqual([]);
    expect(problem?.id).toBe('inputs/no-cloud');
    for (const name of ['aws-role-arn', 'azure-client-id', 'gcp-workload-identity-provider', 'vault-url'])
      expect(problem?.message).toContain(name);
  });

  it('reports everything that is wrong in one go', () => {
    const found = problems({
      revoke: 'no',
      lifetme: '1h',
      'aws-role-arn': 'x',
      'azure-client-id': AZURE['azure-client-id'] ?? '',
      'gcp-service-account': 'a@b.iam.gserviceaccount.com',
      ...vaultSecrets('a/b\nc/d e f g'),
    });
    expect(found.map((p) => p.id)).toEqual(
      expect.arrayContaining(['inputs/unknown', 'inputs/missing', 'inputs/not-asked', 'inputs/invalid']),
    );
    const text = found.map((p) => p.message).join('\n');
    for (const name of ['revoke', 'lifetme', 'aws-role-arn', 'azure-tenant-id', 'gcp-service-account', 'vault-secrets'])
      expect(text).toMatch(new RegExp(`^${name}\\b`, 'm'));
  });

  it('names the line of each mistake in vault-secrets', () => {
    const found = problems(vaultSecrets('secret/data/a x | A\nb/c d | PATH\nsecret/data/.. y | Y;\nsecret/data/z *'));
    expect(found.map((p) => /line (\d)/.exec(p.message)?.[1])).toEqual(['2', '3']);
  });

  it('lets no two clouds share an audience', () => {
    const found = problems({ ...AWS, ...VAULT, 'aws-audience': 'shared', 'vault-audience': 'shared' });
    expect(found.map((p) => p.message).join()).toContain('"shared" is the audience for aws too');
  });

  it('never quotes a secret', () => {
    const found = problems({ ...VAULT, 'vault-client-key': 'line\nof-key', 'github-token': 'ghs_x\ny' });
    expect(found.length).toBeGreaterThan(0);
    expect(found.map((p) => p.message).join()).not.toMatch(/of-key|ghs_x/);
  });
});

describe('right steps', () => {
  const plans = (inputs: Inputs) => orders(inputs).tasks.map((task) => task.plan);

  it.each<[string, Inputs, string[], string[]]>([
    ['AWS', AWS, ['sts.amazonaws.com'], ['https://sts.eu-west-1.amazonaws.com']],
    [
      'AWS in China',
      { 'aws-role-arn': 'arn:aws-cn:iam::123456789012:role/x', 'aws-region': 'cn-north-1' },
      ['sts.amazonaws.com.cn'],
      ['https://sts.cn-north-1.amazonaws.com.cn'],
    ],
    [
      'AWS with an own endpoint and audience',
      { ...AWS, 'aws-sts-endpoint': 'https://sts.proxy.example.com', 'aws-audience': 'ours' },
      ['ours'],
      ['https://sts.proxy.example.com'],
    ],
    [
      'AWS through a VPC endpoint',
      { ...AWS, 'aws-sts-endpoint': 'https://vpce-0a1b-2c3d.sts.eu-west-1.vpce.amazonaws.com' },
      ['sts.amazonaws.com'],
      ['https://vpce-0a1b-2c3d.sts.eu-west-1.vpce.amazonaws.com'],
    ],
    [
      'AWS with FIPS',
      { ...AWS, 'aws-region': 'us-east-1', 'aws-use-fips-endpoint': 'true' },
      ['sts.amazonaws.com'],
      ['https://sts-fips.us-east-1.amazonaws.com'],
    ],
    [
      'Azure for the SDKs',
      { ...AZURE, 'azure-consumers': 'sdk' },
      ['api://AzureADTokenExchange', 'api://AzureADTokenExchange'],
      ['https://login.microsoftonline.com'],
    ],
    [
      'Azure for Terraform alone',
      { ...AZURE, 'azure-consumers': 'terraform' },
      ['api://AzureADTokenExchange'],
      ['https://login.microsoftonline.com'],
    ],
    [
      'Azure for the Azure CLI and two scopes',
      {
        ...AZURE,
        'azure-consumers': 'cli',
        'azure-scopes': 'https://management.azure.com/.default, https://vault.azure.net/.default',
      },
      ['api://AzureADTokenExchange', 'api://AzureADTokenExchange', 'api://AzureADTokenExchange'],
      ['https://login.microsoftonline.com', 'https://login.microsoftonline.com'],
    ],
    [
      'Azure Government',
      { ...AZURE, 'azure-cloud': 'usgovernment', 'azure-consumers': 'terraform' },
      ['api://AzureADTokenExchangeUSGov'],
      ['https://login.microsoftonline.us'],
    ],
    [
      'Azure with a domain',
      { ...AZURE, 'azure-tenant-id': 'contoso.onmicrosoft.com', 'azure-consumers': 'terraform' },
      ['api://AzureADTokenExchange'],
      ['https://login.microsoftonline.com'],
    ],
    ['Google Cloud, direct', GCP, [`https://iam.googleapis.com/${PROVIDER}`], ['https://sts.googleapis.com']],
    [
      'Google Cloud as a service account',
      { ...GCP, 'gcp-service-account': 'ci@my-project.iam.gserviceaccount.com' },
      [`https://iam.googleapis.com/${PROVIDER}`],
      ['https://sts.googleapis.com', 'https://iamcredentials.googleapis.com'],
    ],
    ['Vault', VAULT, ['https://vault.example.com'], ['https://vault.example.com']],
    [
      'Vault below a path',
      { ...VAULT, 'vault-url': 'https://example.com:8200/vault/' },
      ['https://example.com:8200'],
      ['https://example.com:8200/vault'],
    ],
    [
      'Vault for its token alone',
      { 'vault-url': 'https://vault.example.com', 'vault-export-token': 'true' },
      ['https://vault.example.com'],
      ['https://vault.example.com'],
    ],
  ])('%s: audiences and hosts', (_, inputs, audiences, hosts) => {
    const [plan, ...more] = plans(inputs);
    expect(more).toEqual([]);
    expect(Object.values(plan?.audiences ?? {})).toEqual(audiences);
    expect(new Set(plan?.hosts)).toEqual(new Set(hosts));
  });

  it('reads all four clouds of one step', () => {
    const { tasks, terms, common: values } = orders({ ...AWS, ...AZURE, ...GCP, ...VAULT, lifetime: '30m' });
    expect(tasks.map((task) => task.cloud)).toEqual(['aws', 'azure', 'gcp', 'vault']);
    expect(terms).toEqual({ lifetime: 1800, lifetimeGiven: true, revoke: true, outputs: new Set(), keepFresh: 'auto' });
    expect(values.timeout.value).toBe(120);
  });

  it('knows whether the lifetime was set', () => {
    expect(orders(AWS).terms).toEqual({
      lifetime: 3600,
      lifetimeGiven: false,
      revoke: true,
      outputs: new Set(),
      keepFresh: 'auto',
    });
  });

  it('names the identifiers that can be masked', () => {
    const { tasks } = orders({ ...AWS, ...AZURE, ...GCP, 'gcp-project-id': 'my-project', ...VAULT });
    expect(Object.fromEntries(tasks.map((task) => [task.cloud, task.identifiers]))).toEqual({
      aws: ['123456789012'],
      azure: [AZURE['azure-client-id'], AZURE['azure-tenant-id']],
      gcp: ['my-project', '123456789012'],
      vault: [],
    });
  });

  it("saves where Vault is, for post's revocation", () => {
    const { tasks } = orders({ ...VAULT, 'vault-namespace': 'team', 'vault-auth-namespace': 'admin' });
    expect(tasks[0]?.settings).toEqual({
      'vault-url': 'https://vault.example.com',
      'vault-namespace': 'team',
      'vault-auth-namespace': 'admin',
    });
  });
});

it.each([
  [{ 'vault-namespace': 'team' }, ['team', 'team']],
  [{ 'vault-namespace': 'team', 'vault-auth-namespace': 'root' }, ['team', undefined]],
  [{ 'vault-namespace': 'team/app', 'vault-auth-namespace': 'team' }, ['team/app', 'team']],
  [{ 'vault-namespace': 'root' }, [undefined, undefined]],
])('the namespaces of %j: %j', (inputs, namespaces) => {
  const settings = orders({ ...VAULT, ...inputs }).tasks[0]?.settings;
  expect([settings?.['vault-namespace'], settings?.['vault-auth-namespace']]).toEqual(namespaces);
});

describe('the registry', () => {
  const fields = inputGroups().flatMap((group) => group.fields);
  it('defines each name once', () => {
    const names = fields.map((field) => field.name);
    expect(new Set(names).size).toBe(names.length);
  });
  it.each(fields.filter((f) => f.default !== undefined))('takes its own default: $name', (field) => {
    expect(field.kind.parse(field.default ?? '')).toBeDefined();
  });
  it.each(inputGroups().filter((g) => g.cloud))("gives every input of $title the cloud's prefix", (group) => {
    for (const field of group.fields) expect(field.name).toMatch(new RegExp(`^${group.cloud}-`));
  });
});
