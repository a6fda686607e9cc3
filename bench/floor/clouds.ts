// The floor's exchanges: the requests that each job cannot do without, on the best schedule that they allow.
import { ask, post } from './wire.ts';

/** What an exchange gives to later steps. */
export interface Given {
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly state?: Readonly<Record<string, string>>;
}

export interface Cloud {
  /** Hosts, one for each connection that will be in use at a time. */
  readonly hosts: readonly string[];
  /** Identity tokens that it asks for. */
  readonly tokens: number;
  run(mint: (audience: string) => Promise<string>): Promise<Given>;
}

const input = (name: string): string => process.env[`INPUT_${name.toUpperCase()}`] ?? '';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';
const PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
/** Vault reads under way at a time. */
const PARALLEL = 8;

const aws: Cloud = {
  hosts: [`sts.${input('aws-region')}.amazonaws.com`],
  tokens: 1,
  async run(mint) {
    const answer = await post(`https://sts.${input('aws-region')}.amazonaws.com/`, {
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: input('aws-role-arn'),
      RoleSessionName: `gh-${process.env.GITHUB_RUN_ID}`,
      DurationSeconds: '3600',
      WebIdentityToken: await mint('sts.amazonaws.com'),
    });
    const member = (name: string) => answer.split(`<${name}>`)[1]?.split('<')[0] ?? '';
    const [key, secret, token] = [member('AccessKeyId'), member('SecretAccessKey'), member('SessionToken')];
    const region = input('aws-region');
    const place = { AWS_REGION: region, AWS_DEFAULT_REGION: region, AWS_CREDENTIAL_EXPIRATION: member('Expiration') };
    const env = { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token, ...place };
    return { env, secrets: [key, secret, token] };
  },
};

const azure: Cloud = {
  hosts: ['login.microsoftonline.com'],
  tokens: 2, // one is exchanged, one goes into the file
  async run(mint) {
    const [clientId, tenant] = [input('azure-client-id'), input('azure-tenant-id')];
    const forFile = mint('api://AzureADTokenExchange');
    const answer = await post(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, {
      client_id: clientId,
      scope: 'https://management.azure.com/.default',
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await mint('api://AzureADTokenExchange'),
    });
    const { access_token: token } = JSON.parse(answer) as { access_token: string };
    const ids = { AZURE_CLIENT_ID: clientId, AZURE_TENANT_ID: tenant, ARM_CLIENT_ID: clientId, ARM_TENANT_ID: tenant };
    return { env: ids, secrets: [token], files: { AZURE_FEDERATED_TOKEN_FILE: await forFile } };
  },
};

const gcp: Cloud = {
  hosts: ['sts.googleapis.com', ...(input('gcp-service-account') ? ['iamcredentials.googleapis.com'] : [])],
  tokens: 1,
  async run(mint) {
    const provider = input('gcp-workload-identity-provider');
    const identity = await mint(`https://iam.googleapis.com/${provider}`);
    const answer = await post('https://sts.googleapis.com/v1/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience: `//iam.googleapis.com/${provider}`,
      scope: PLATFORM,
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token: identity,
      subject_token_type: JWT,
    });
    const { access_token: federated } = JSON.parse(answer) as { access_token: string };
    const account = input('gcp-service-account');
    const secrets = account ? [federated, await accountToken(account, federated)] : [federated];
    const file = { type: 'external_account', audience: `//iam.googleapis.com/${provider}`, subject_token_type: JWT };
    const files = { TOKEN: identity, GOOGLE_APPLICATION_CREDENTIALS: JSON.stringify(file) };
    return { env: { GOOGLE_CLOUD_PROJECT: input('gcp-project-id') }, secrets, files };
  },
};

async function accountToken(account: string, federated: string): Promise<string> {
  const url = `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`;
  const headers = { authorization: `Bearer ${federated}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ scope: [PLATFORM], lifetime: '3600s' });
  const answer = JSON.parse(await ask('POST', url, headers, body)) as { accessToken: string };
  return answer.accessToken;
}

const lines = input('vault-secrets')
  .split(';')
  .map((line) => line.trim().split(/[ |]+/));

const vault: Cloud = {
  hosts: lines.slice(0, PARALLEL).map(() => new URL(input('vault-url') || 'https://none').hostname),
  tokens: 1,
  async run(mint) {
    const url = `${input('vault-url')}/v1`;
    const jwt = await mint(input('vault-url'));
    const body = JSON.stringify({ role: input('vault-role'), jwt });
    const answer = await ask('POST', `${url}/auth/jwt/login`, { 'content-type': 'application/json' }, body);
    const token = (JSON.parse(answer) as { auth: { client_token: string } }).auth.client_token;
    const env: Record<string, string> = {};
    const waiting = [...lines];
    const reader = async () => {
      for (let line = waiting.shift(); line; line = waiting.shift()) {
        const [path, key = '', name = ''] = line;
        const read = await ask('GET', `${url}/${path}`, { 'x-vault-token': token });
        env[name] = (JSON.parse(read) as { data: { data: Record<string, string> } }).data.data[key] ?? '';
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, reader));
    return { env, secrets: [token, ...Object.values(env)], state: { token, url } };
  },
};

/** The clouds that the inputs ask for. */
export const asked: readonly Cloud[] = [
  ...(input('aws-role-arn') ? [aws] : []),
  ...(input('azure-client-id') ? [azure] : []),
  ...(input('gcp-workload-identity-provider') ? [gcp] : []),
  ...(input('vault-url') ? [vault] : []),
];
