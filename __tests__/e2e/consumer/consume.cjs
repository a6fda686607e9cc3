// What a user's program does: each cloud's own client, with what the environment holds and nothing else. Prints who it is, or the name of the error.
const { GetCallerIdentityCommand, STSClient } = require('@aws-sdk/client-sts');
const { DefaultAzureCredential } = require('@azure/identity');
const { GoogleAuth } = require('google-auth-library');

const { env } = process;
/** By Terraform's word for the cloud. */
const AZURE = {
  public: ['login.microsoftonline.com', 'management.azure.com'],
  usgovernment: ['login.microsoftonline.us', 'management.usgovcloudapi.net'],
  china: ['login.partner.microsoftonline.cn', 'management.chinacloudapi.cn'],
};

const consumers = {
  async aws() {
    const client = new STSClient({ region: env.AWS_REGION || 'eu-west-1', maxAttempts: 1 });
    return (await client.send(new GetCallerIdentityCommand({}))).Arn;
  },
  async azure() {
    const host = env.AZURE_AUTHORITY_HOST ? new URL(env.AZURE_AUTHORITY_HOST).host : AZURE.public[0];
    const [, management] = Object.values(AZURE).find(([authority]) => authority === host);
    const credential = new DefaultAzureCredential({ retryOptions: { maxRetries: 0 } });
    const { token } = await credential.getToken(`https://${management}/.default`);
    return listed(management, token);
  },
  // As Terraform's providers do it: they mint and exchange by themselves, for their own audience where the URL names none (facts: azure 6.2).
  async terraform() {
    if (env.ARM_USE_OIDC !== 'true') throw named('NotConfigured');
    const [authority, management] = AZURE[env.ARM_ENVIRONMENT || 'public'];
    const url = new URL(env.ARM_OIDC_REQUEST_URL || env.ACTIONS_ID_TOKEN_REQUEST_URL);
    if (!url.searchParams.has('audience')) url.searchParams.set('audience', 'api://AzureADTokenExchange');
    const headers = {
      authorization: `Bearer ${env.ARM_OIDC_REQUEST_TOKEN || env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`,
    };
    const { value } = await answer(fetch(url, { headers }));
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: env.ARM_CLIENT_ID,
      scope: `https://${management}/.default`,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: value,
    });
    const entra = `https://${authority}/${env.ARM_TENANT_ID}/oauth2/v2.0/token`;
    return listed(management, (await answer(fetch(entra, { method: 'POST', body }))).access_token);
  },
  async gcp() {
    const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
    await auth.getClient(); // first: where there are no credentials, it looks for the project on the whole machine
    const project = await auth.getProjectId();
    const url = `https://storage.googleapis.com/storage/v1/b?project=${project}`;
    const { data } = await auth.request({ url, retry: false });
    return `${project}: ${data.items.map((bucket) => bucket.name).join(' ')}`;
  },
  async vault() {
    if (!env.VAULT_ADDR) throw named('NotConfigured');
    const headers = { 'x-vault-token': env.VAULT_TOKEN };
    return (await answer(fetch(`${env.VAULT_ADDR}/v1/auth/token/lookup-self`, { headers }))).data.display_name;
  },
};

function named(name) {
  return Object.assign(new Error(name), { name });
}

async function answer(response) {
  const { status, ok, ...rest } = await response.then(async (r) => ({
    status: r.status,
    ok: r.ok,
    text: await r.text(),
  }));
  if (!ok) throw named(`Status${status}`);
  return JSON.parse(rest.text);
}

/** The client, and the subscriptions that the resource manager shows it. */
async function listed(host, token) {
  const url = `https://${host}/subscriptions?api-version=2022-12-01`;
  const { value } = await answer(fetch(url, { headers: { authorization: `Bearer ${token}` } }));
  return [claimsOf(token).appid, ...value.map((subscription) => subscription.subscriptionId)].join(' ');
}

function claimsOf(jwt) {
  return JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString());
}

async function consume() {
  const found = await Promise.all(
    Object.entries(consumers).map(async ([name, ask]) => {
      try {
        return [name, { ok: true, who: await ask() }];
      } catch (error) {
        return [name, { ok: false, who: error.name }];
      }
    }),
  );
  process.stdout.write(`consumed ${JSON.stringify(Object.fromEntries(found))}\n`);
}

consume();
