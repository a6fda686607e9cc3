// google-github-actions/auth: its inputs as of v3.0.0, and what takes the place of each here.
import type { Peer } from './peer.ts';

const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org';
const DEPLOY = 'deploy@octo-project.iam.gserviceaccount.com';
const RELEASE = 'release@octo-project.iam.gserviceaccount.com';
const RELAY = 'relay@octo-project.iam.gserviceaccount.com';
const DIRECTORY = 'directory@octo-project.iam.gserviceaccount.com';
const USERS = 'https://www.googleapis.com/auth/admin.directory.user.readonly';

const uses = (inputs: string) => `- uses: google-github-actions/auth@v3\n  with:\n${inputs.replace(/^/gm, '    ')}`;

export const gcp: Peer = {
  action: 'google-github-actions/auth@v3',
  inputs: [
    {
      name: 'project_id',
      ours: ['gcp-project-id'],
      how: 'The same. Without it the project is read from the service account, and not guessed from an address that does not hold it (`...@appspot`, `...@developer`).',
    },
    {
      name: 'workload_identity_provider',
      ours: ['gcp-workload-identity-provider'],
      how: 'The same full name, with the number of the project; checked before anything is sent.',
    },
    {
      name: 'service_account',
      ours: ['gcp-service-account'],
      how: 'The same. A binding that is missing fails this step, and not the first command behind it.',
    },
    { name: 'audience', ours: ['gcp-audience'], how: 'The same, with the same default.' },
    {
      name: 'credentials_json',
      ours: [],
      how: 'Static keys are out: this action has none. Let the provider trust the repository instead.',
    },
    {
      name: 'create_credentials_file',
      ours: ['gcp-create-credentials-file'],
      how: 'The file lies outside the workspace, 0600, and holds no request token; it can be exchanged while the identity token beside it lives.',
    },
    {
      name: 'export_environment_variables',
      ours: ['export-env'],
      how: 'Also by cloud: `export-env: aws, vault` leaves Google out. The same variables, put back by the post step.',
    },
    {
      name: 'token_format',
      ours: ['gcp-token-format', 'output-credentials'],
      how: '`access-token` and `id-token`, with a dash. Tokens become outputs with `output-credentials: gcp` alone.',
    },
    {
      name: 'delegates',
      ours: ['gcp-delegates'],
      how: 'Addresses, without `projects/-/serviceAccounts/`. The file cannot hold a chain, so `gcp-create-credentials-file: false` is asked for.',
    },
    {
      name: 'universe',
      ours: ['gcp-universe'],
      how: 'The same; the credentials file names it too. A domain that is not listed asks for a `gcp-audience` of its own.',
    },
    {
      name: 'request_reason',
      ours: ['gcp-request-reason'],
      how: 'Sent with every call to Google, impersonation included.',
    },
    {
      name: 'cleanup_credentials',
      ours: [],
      how: 'Files are always removed, whatever the environment says by then. `revoke` is for what a server can end; Google has nothing of that kind.',
    },
    {
      name: 'access_token_lifetime',
      ours: ['gcp-token-lifetime'],
      how: 'Without a unit or with one: `3600`, `3600s`, `60m`, `1h`. It also holds for what libraries get through the file (ten minutes at least).',
    },
    { name: 'access_token_scopes', ours: ['gcp-scopes'], how: 'The same, with the same default.' },
    {
      name: 'access_token_subject',
      ours: ['gcp-subject'],
      how: 'The same: domain-wide delegation, one hour at most. Asks for `gcp-create-credentials-file: false`.',
    },
    { name: 'id_token_audience', ours: ['gcp-id-token-audience'], how: 'The same.' },
    { name: 'id_token_include_email', ours: ['gcp-id-token-include-email'], how: 'The same.' },
  ],
  outputs: [
    { name: 'project_id', ours: ['gcp-project-id'], how: 'The same.' },
    { name: 'credentials_file_path', ours: ['gcp-credentials-file'], how: 'The same.' },
    {
      name: 'auth_token',
      ours: ['gcp-access-token'],
      how: 'With direct federation, and `output-credentials`. Behind a service account the federated token goes nowhere.',
    },
    { name: 'access_token', ours: ['gcp-access-token'], how: 'With `output-credentials`.' },
    { name: 'id_token', ours: ['gcp-id-token'], how: 'With `output-credentials`.' },
  ],
  moves: [
    {
      title: 'Act as a service account',
      before: uses(`workload_identity_provider: ${PROVIDER}\nservice_account: ${DEPLOY}`),
      after: { 'gcp-workload-identity-provider': PROVIDER, 'gcp-service-account': DEPLOY },
      note: 'Provider, bindings and project stay as they are.',
    },
    {
      title: 'Federate directly',
      before: uses(`project_id: octo-project\nworkload_identity_provider: ${PROVIDER}`),
      after: { 'gcp-workload-identity-provider': PROVIDER, 'gcp-project-id': 'octo-project' },
    },
    {
      title: 'Get an access token for a script',
      before: uses(
        `workload_identity_provider: ${PROVIDER}\nservice_account: ${DEPLOY}\ntoken_format: access_token\naccess_token_lifetime: 900s\naccess_token_scopes: https://www.googleapis.com/auth/devstorage.read_only`,
      ),
      after: {
        'gcp-workload-identity-provider': PROVIDER,
        'gcp-service-account': DEPLOY,
        'gcp-token-format': 'access-token',
        'gcp-token-lifetime': '15m',
        'gcp-scopes': 'https://www.googleapis.com/auth/devstorage.read_only',
        'output-credentials': 'gcp',
      },
      note: 'Read `steps.ID.outputs.gcp-access-token`; `gcp-expires-at` says until when.',
    },
    {
      title: 'Get an ID token for a service that checks it',
      before: uses(
        `workload_identity_provider: ${PROVIDER}\nservice_account: ${DEPLOY}\ncreate_credentials_file: false\ntoken_format: id_token\nid_token_audience: https://octo-service.run.app\nid_token_include_email: true`,
      ),
      after: {
        'gcp-workload-identity-provider': PROVIDER,
        'gcp-service-account': DEPLOY,
        'gcp-create-credentials-file': 'false',
        'gcp-token-format': 'id-token',
        'gcp-id-token-audience': 'https://octo-service.run.app',
        'gcp-id-token-include-email': 'true',
        'output-credentials': 'gcp',
      },
    },
    {
      title: 'Go through a delegate',
      before: uses(
        `workload_identity_provider: ${PROVIDER}\nservice_account: ${RELEASE}\ndelegates: ${RELAY}\ncreate_credentials_file: false\ntoken_format: access_token`,
      ),
      after: {
        'gcp-workload-identity-provider': PROVIDER,
        'gcp-service-account': RELEASE,
        'gcp-delegates': RELAY,
        'gcp-create-credentials-file': 'false',
        'gcp-token-format': 'access-token',
        'output-credentials': 'gcp',
      },
    },
    {
      title: 'Act as a Workspace user (domain-wide delegation)',
      before: uses(
        `workload_identity_provider: ${PROVIDER}\nservice_account: ${DIRECTORY}\ncreate_credentials_file: false\ntoken_format: access_token\naccess_token_subject: admin@octo.example.com\naccess_token_scopes: ${USERS}`,
      ),
      after: {
        'gcp-workload-identity-provider': PROVIDER,
        'gcp-service-account': DIRECTORY,
        'gcp-create-credentials-file': 'false',
        'gcp-token-format': 'access-token',
        'gcp-subject': 'admin@octo.example.com',
        'gcp-scopes': USERS,
        'output-credentials': 'gcp',
      },
    },
  ],
};
