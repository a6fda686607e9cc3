// A stand-in for the Azure CLI, as it was measured (facts: azure 6.3, real-parts 3): it signs in over the network that its environment names,
// writes what az writes with az's modes, and fails in az's words. What it was given decides; nothing reaches it from the test's own process.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';

/** What may be wrong with it. */
export type Fault = 'hangs' | 'garbage' | 'traceback' | 'hostile' | 'floods' | 'old' | 'elsewhere' | 'leaves-a-child';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const { env } = process;
const folder = env.AZURE_CONFIG_DIR ?? '';
const BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const HOSTS: Record<string, readonly [authority: string, management: string, resource: string]> = {
  AzureCloud: ['login.microsoftonline.com', 'management.azure.com', 'https://management.core.windows.net/'],
  AzureUSGovernment: [
    'login.microsoftonline.us',
    'management.usgovcloudapi.net',
    'https://management.core.usgovcloudapi.net/',
  ],
  AzureChinaCloud: [
    'login.partner.microsoftonline.cn',
    'management.chinacloudapi.cn',
    'https://management.core.chinacloudapi.cn/',
  ],
};

/** Runs one command to its exit status; `log` is a file that gets a line for each. */
export async function az(args: readonly string[], log: string): Promise<number> {
  const variables = Object.keys(env).sort();
  appendFileSync(log, `${JSON.stringify({ args, variables, folder, cwd: process.cwd(), pid: process.pid })}\n`);
  const [first, second] = args;
  if (first === 'login') return login(args);
  if (first === 'account' && second === 'set') return setAccount(option(args, '--subscription'));
  if (first === 'account' && second === 'show') return show();
  if (first === 'account' && second === 'get-access-token') return getAccessToken(option(args, '--resource'));
  return failed(`'${args.join(' ')}' is misspelled or not recognized by the system.`);
}

export function failed(words: string): number {
  process.stderr.write(`ERROR: ${words}\n`);
  return 1;
}

interface Subscription {
  readonly id: string;
  isDefault: boolean;
}

function option(args: readonly string[], name: string): string {
  const value = args.includes(name) ? (args[args.indexOf(name) + 1] ?? '') : '';
  return value.startsWith('@') ? readFileSync(value.slice(1), 'utf8') : value;
}

function cloud(): readonly [string, string, string] {
  const config = existsSync(join(folder, 'config')) ? readFileSync(join(folder, 'config'), 'utf8') : '';
  const hosts = HOSTS[/^name = (\w+)$/m.exec(config)?.[1] ?? 'AzureCloud'];
  if (!hosts) throw new Error('no such cloud');
  return hosts;
}

async function login(args: readonly string[]): Promise<number> {
  const [client, tenant] = [option(args, '--username'), option(args, '--tenant')];
  const assertion = option(args, '--federated-token');
  const [, management, resource] = cloud();
  const got = await tokenFor({ client_id: client, tenant, client_assertion: assertion }, resource);
  if (typeof got === 'string') return failed(got);
  const { secret } = got;
  const listed = await ask('GET', `https://${management}/subscriptions?api-version=2022-12-01`, {
    authorization: `Bearer ${secret}`,
  });
  const seen = (listed.body.value ?? []) as { subscriptionId: string; displayName: string }[];
  const user = { name: client, type: 'servicePrincipal' };
  const all = seen.map((s) => ({
    id: s.subscriptionId,
    name: s.displayName,
    tenantId: tenant,
    user,
    isDefault: false,
  }));
  const subscriptions =
    all.length > 0
      ? all
      : [{ id: tenant, name: 'N/A(tenant level account)', tenantId: tenant, user, isDefault: false }];
  if (subscriptions[0]) subscriptions[0].isDefault = true;
  write('service_principal_entries.json', [{ client_id: client, tenant, client_assertion: assertion }], 0o600);
  write('msal_token_cache.json', { AccessToken: { [resource]: got } }, 0o600);
  write('azureProfile.json', { subscriptions }, 0o644);
  mkdirSync(join(folder, 'commands'), { mode: 0o755 });
  process.stdout.write(`${JSON.stringify(subscriptions, null, 2)}\n`);
  return 0;
}

interface Login {
  readonly client_id: string;
  readonly tenant: string;
  readonly client_assertion: string;
}

interface Cached {
  readonly secret: string;
  /** Seconds. */
  readonly expires_on: string;
}

/** An access token, or Entra's words as az prints them. */
async function tokenFor(login: Login, resource: string): Promise<Cached | string> {
  const [authority] = cloud();
  const form = {
    ...{ client_id: login.client_id, client_assertion: login.client_assertion, client_assertion_type: BEARER },
    ...{ grant_type: 'client_credentials', scope: `${resource}/.default` },
  };
  const url = `https://${authority}/${login.tenant}/oauth2/v2.0/token`;
  const { body } = await ask('POST', url, {}, new URLSearchParams(form).toString());
  const secret = String(body.access_token ?? '');
  if (secret !== '') return { secret, expires_on: String(Math.floor(Date.now() / 1000) + Number(body.expires_in)) };
  return `${body.error_description ?? 'HTTP Error: 503'}\nRun the command below to authenticate interactively; additional arguments may be added as needed:\naz logout\naz login`;
}

/** From its cache while five minutes are left, as MSAL does; else with the login as it is in its file. */
async function getAccessToken(wanted: string): Promise<number> {
  const resource = wanted || cloud()[2];
  const cache = JSON.parse(readFileSync(join(folder, 'msal_token_cache.json'), 'utf8')) as {
    AccessToken: Record<string, Cached>;
  };
  const known = cache.AccessToken[resource];
  if (known && Number(known.expires_on) > Date.now() / 1000 + 300) return printToken(known);
  const [login] = JSON.parse(readFileSync(join(folder, 'service_principal_entries.json'), 'utf8')) as Login[];
  if (!login) return failed("Please run 'az login' to setup account.");
  const got = await tokenFor(login, resource);
  if (typeof got === 'string') return failed(got);
  write('msal_token_cache.json', { AccessToken: { ...cache.AccessToken, [resource]: got } }, 0o600);
  return printToken(got);
}

function printToken({ secret, expires_on }: Cached): number {
  process.stdout.write(`${JSON.stringify({ accessToken: secret, expires_on: Number(expires_on) })}\n`);
  return 0;
}

function write(name: string, content: object, mode: number): void {
  writeFileSync(join(folder, name), JSON.stringify(content), { mode });
}

function profile(): Subscription[] {
  const file = join(folder, 'azureProfile.json');
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { subscriptions: Subscription[] }).subscriptions
    : [];
}

function setAccount(id: string): number {
  const subscriptions = profile();
  if (!subscriptions.some((s) => s.id === id)) return failed(`The subscription of '${id}' doesn't exist.`);
  for (const subscription of subscriptions) subscription.isDefault = subscription.id === id;
  write('azureProfile.json', { subscriptions }, 0o644);
  return 0;
}

/** What a later step asks first. */
function show(): number {
  const account = profile().find((s) => s.isDefault);
  if (!account) return failed("Please run 'az login' to setup account.");
  process.stdout.write(`${JSON.stringify(account)}\n`);
  return 0;
}

function ask(method: string, url: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  // Its proxy and its roots come from the environment, as those of az do.
  const agent = new Agent({ proxyEnv: { HTTPS_PROXY: env.HTTPS_PROXY ?? '' } } as object);
  const ca = env.REQUESTS_CA_BUNDLE ? readFileSync(env.REQUESTS_CA_BUNDLE, 'utf8') : '';
  const form = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  return new Promise((resolve, reject) => {
    const call = request(url, { method, agent, ca, headers: { ...headers, ...form } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ status: response.statusCode ?? 0, body: text.startsWith('{') ? JSON.parse(text) : {} });
    });
    call.on('error', reject).end(body);
  });
}
