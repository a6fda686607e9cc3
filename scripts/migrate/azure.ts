// azure/login, input by input.
import type { Peer } from './peer.ts';

const IDS = {
  'azure-client-id': '11111111-1111-4111-8111-111111111111',
  'azure-tenant-id': '22222222-2222-4222-8222-222222222222',
};
const SUBSCRIPTION = { 'azure-subscription-id': '33333333-3333-4333-8333-333333333333' };
/** The peer's step with these lines under `with:`. */
const before = (...lines: readonly string[]) =>
  ['- uses: azure/login@v3', '  with:', ...lines.map((line) => `    ${line}`), ''].join('\n');
const THEIR_IDS = [
  `client-id: ${IDS['azure-client-id']}`,
  `tenant-id: ${IDS['azure-tenant-id']}`,
  `subscription-id: ${SUBSCRIPTION['azure-subscription-id']}`,
];

export const azure: Peer = {
  action: 'azure/login@v3',
  inputs: [
    {
      name: 'client-id',
      ours: ['azure-client-id'],
      how: 'The same, of an app registration or a user-assigned identity; it is masked only with mask-identifiers.',
    },
    { name: 'tenant-id', ours: ['azure-tenant-id'], how: "The same; one of the tenant's domains is taken too." },
    {
      name: 'subscription-id',
      ours: ['azure-subscription-id'],
      how: 'Never required; with the cli consumer az works in it, and the step fails if the identity does not see it.',
    },
    {
      name: 'creds',
      ours: [],
      how: 'A client secret in JSON is a static key, which this action does not take: add a federated credential to the same application, and give its ids.',
    },
    {
      name: 'enable-AzPSSession',
      ours: ['azure-consumers'],
      how: 'There is no PowerShell session: in a later step, connect with the token file (Connect-AzAccount -ServicePrincipal -ApplicationId $env:AZURE_CLIENT_ID -Tenant $env:AZURE_TENANT_ID -FederatedToken (Get-Content $env:AZURE_FEDERATED_TOKEN_FILE)), within five minutes.',
    },
    {
      name: 'environment',
      ours: ['azure-cloud'],
      how: 'azurecloud is public, azureusgovernment is usgovernment, azurechinacloud is china; azurestack is not there, and azuregermancloud was closed in 2021.',
    },
    {
      name: 'allow-no-subscriptions',
      ours: ['azure-subscription-id'],
      how: 'Leave azure-subscription-id out: az is then logged in to the tenant where it sees no subscription.',
    },
    {
      name: 'audience',
      ours: ['azure-audience'],
      how: 'The same, but its default follows azure-cloud, so that another cloud needs none.',
    },
    {
      name: 'auth-type',
      ours: [],
      how: "IDENTITY, the managed identity of a machine of one's own, is not taken: this action federates; a user-assigned identity with a federated credential works from every runner.",
    },
  ],
  moves: [
    {
      title: 'Log az in',
      before: before(...THEIR_IDS),
      after: { ...IDS, ...SUBSCRIPTION, 'azure-consumers': 'cli' },
      note: 'az is logged in in a folder of this step alone (AZURE_CONFIG_DIR), which post removes: a login in ~/.azure, and other jobs on the machine, keep theirs. Extensions that are installed in ~/.azure are not seen there; set AZURE_EXTENSION_DIR for them.',
    },
    {
      title: 'Give SDKs and Terraform credentials',
      before: before(...THEIR_IDS),
      after: { ...IDS, ...SUBSCRIPTION },
      note: "No az is needed. SDKs read the AZURE_ variables and a token file; Terraform's providers the ARM_ variables, with which they renew by themselves for as long as the job may mint.",
    },
    {
      title: 'Sign in without a subscription',
      before: before(...THEIR_IDS.slice(0, 2), 'allow-no-subscriptions: true'),
      after: { ...IDS, 'azure-consumers': 'cli' },
    },
    {
      title: 'Ask for an audience of your own',
      before: before(...THEIR_IDS, 'audience: api://AzureADTokenExchange'),
      after: { ...IDS, ...SUBSCRIPTION, 'azure-audience': 'api://AzureADTokenExchange', 'azure-consumers': 'sdk, cli' },
      note: "azure/login needs this for Azure Government and Azure China; here it follows azure-cloud, and is only for a federated credential with an audience of one's own.",
    },
    {
      title: 'Get an access token for a REST call',
      before: before(...THEIR_IDS),
      after: { ...IDS, 'azure-scopes': 'https://management.azure.com/.default', 'output-credentials': 'azure' },
      note: 'In the place of `az account get-access-token`: the masked output azure-access-token, and azure-access-tokens for several scopes.',
    },
  ],
};
