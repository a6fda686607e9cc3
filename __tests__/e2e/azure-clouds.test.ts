// Azure's clouds, kinds of identity and scopes: in each, later steps get in with what they were given, and nobody else's host is asked.
import { join } from 'node:path';
import { CLOUDS, type CloudName } from '../../sandbox/azure/clouds.ts';
import { defaultAzureTrust, type WorkloadIdentity } from '../../sandbox/azure/trust.ts';
import type { World } from '../../sandbox/world.ts';
import { ACTION, AZURE, play, ROOT, useWorld } from './scenario.ts';

const CONSUME = { name: 'consume', run: `node ${join(ROOT, '__tests__/e2e/consumer/consume.cjs')}` };
const WHO = `${AZURE['azure-client-id']} ${AZURE['azure-subscription-id']}`;

let world: World;
useWorld((started) => {
  world = started;
});

/** The tenant in another cloud, its federated credential with that audience, its identity with these changes. */
function tenantIn(cloud: CloudName, audience: string, change: Partial<WorkloadIdentity> = {}): void {
  const tenants = defaultAzureTrust.tenants.map((tenant) => ({
    ...tenant,
    cloud,
    identities: tenant.identities.map((identity) => ({
      ...identity,
      federatedCredentials: identity.federatedCredentials.map((c) => ({ ...c, audiences: [audience] as const })),
      ...change,
    })),
  }));
  Object.assign(world.trust, { azure: { tenants } });
}

/** What later steps found. */
async function consumed(inputs: Readonly<Record<string, string>>) {
  const { result, main, later } = await play(world, {
    steps: [{ id: 'federate', uses: ACTION, with: { ...AZURE, ...inputs } }, CONSUME],
    env: { NODE_USE_ENV_PROXY: '1', AWS_EC2_METADATA_DISABLED: 'true', METADATA_SERVER_DETECTION: 'none' },
  });
  expect(result.result).toBe('success');
  const line = result.steps.find((s) => s.name === 'consume')?.stdout.match(/^consumed (.*)$/m)?.[1] ?? '{}';
  const { azure, terraform } = JSON.parse(line) as Record<string, { ok: boolean; who: string }>;
  return { azure, terraform, main, later };
}

it.each<[CloudName, WorkloadIdentity['kind'], string, Record<string, string>]>([
  ['public', 'application', 'api://AzureADTokenExchange', {}],
  ['public', 'managed identity', 'api://AzureADTokenExchange', {}],
  ['usgovernment', 'application', 'api://AzureADTokenExchangeUSGov', { 'azure-cloud': 'usgovernment' }],
  ['china', 'managed identity', 'api://AzureADTokenExchangeChina', { 'azure-cloud': 'china' }],
  ['public', 'application', 'api://our-own', { 'azure-audience': 'api://our-own' }],
  ['china', 'application', 'api://our-own', { 'azure-cloud': 'china', 'azure-audience': 'api://our-own' }],
])('%s, an %s, %s: the SDKs and Terraform get in', async (cloud, kind, audience, inputs) => {
  tenantIn(cloud, audience, { kind });
  const { azure, terraform, later } = await consumed(inputs);
  expect([azure, terraform]).toEqual([
    { ok: true, who: WHO },
    { ok: true, who: WHO },
  ]);
  const facts = CLOUDS.find((c) => c.name === cloud);
  const hosts = new Set(world.traffic.filter((t) => t.service === 'azure').map((t) => t.call.host));
  expect([...hosts].sort()).toEqual([facts?.authorityHost, facts?.managementHost].sort());
  expect(later.AZURE_AUTHORITY_HOST).toBe(`https://${facts?.authorityHost}/`);
  expect(later.ARM_ENVIRONMENT).toBe(cloud === 'public' ? undefined : cloud);
  // The SDK asked one thing of Entra: no discovery.
  expect(new Set(world.traffic.filter((t) => t.service === 'azure').map((t) => t.operation))).toEqual(
    new Set(['token', 'subscriptions']),
  );
});

it("a managed identity's token lives a day: said where a lifetime was set", async () => {
  tenantIn('public', 'api://AzureADTokenExchange', { kind: 'managed identity' });
  const { main } = await play(world, { with: { ...AZURE, lifetime: '30m' } });
  expect(main.annotations.map((a) => a.message)).toEqual([expect.stringContaining('cannot be shortened')]);
});

it('several scopes: a token for each, by its scope, each with an identity token of its own', async () => {
  const scopes = [
    'https://management.azure.com/.default',
    'https://vault.azure.net/.default',
    'https://graph.microsoft.com/.default',
  ];
  const { main } = await play(world, {
    with: { ...AZURE, 'azure-scopes': scopes.join('\n'), 'output-credentials': 'azure' },
  });
  const tokens = JSON.parse(main.outputs['azure-access-tokens'] ?? '{}') as Record<string, string>;
  expect(Object.keys(tokens)).toEqual(scopes);
  expect(main.outputs['azure-access-token']).toBe(tokens[scopes[0] ?? '']);
  const audiences = Object.values(tokens).map((token) => {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    return (JSON.parse(payload) as { aud: string }).aud;
  });
  expect(audiences).toEqual(scopes.map((scope) => scope.replace('/.default', '')));
  const forms = world.traffic.filter((t) => t.operation === 'token').map((t) => new URLSearchParams(t.call.body));
  const ours = forms.filter((form) => scopes.some((scope) => form.get('scope')?.startsWith(scope)));
  expect(new Set(ours.map((form) => form.get('client_assertion'))).size).toBeGreaterThanOrEqual(3);
});

it('a domain for a tenant, and one scope named twice: one token', async () => {
  const arm = 'https://management.azure.com/.default';
  const { main } = await play(world, {
    with: { ...AZURE, 'azure-tenant-id': 'octo.example.com', 'azure-scopes': `${arm}, ${arm}` },
  });
  const report = JSON.parse(main.outputs.report ?? '{}') as { credentials: unknown[] };
  expect(report.credentials).toHaveLength(1);
});

describe('azure-expires-at', () => {
  it('is not there for Terraform alone, whose providers renew for themselves', async () => {
    const { main } = await play(world, { with: { ...AZURE, 'azure-consumers': 'terraform' } });
    expect(Object.keys(main.outputs)).not.toContain('azure-expires-at');
    expect(Object.keys(main.outputs)).not.toContain('expires-at');
  });

  it('is that of the tokens where they became outputs', async () => {
    const { main } = await play(world, {
      with: { ...AZURE, 'azure-consumers': 'terraform', 'output-credentials': 'azure' },
    });
    const report = JSON.parse(main.outputs.report ?? '{}') as { credentials: { 'expires-at': string }[] };
    expect(main.outputs['azure-expires-at']).toBe(report.credentials[0]?.['expires-at']);
  });
});

describe('what would win over ours is named in a warning', () => {
  it.each([
    ['the SDKs', 'sdk', 'AZURE_CLIENT_SECRET'],
    ['the SDKs', 'sdk', 'AZURE_CLIENT_CERTIFICATE_PATH'],
    ['Terraform', 'terraform', 'ARM_OIDC_TOKEN'],
    ['Terraform', 'terraform', 'ARM_OIDC_TOKEN_FILE_PATH'],
    ['Terraform', 'terraform', 'ARM_CLIENT_SECRET'],
    ['Terraform', 'terraform', 'ARM_CLIENT_CERTIFICATE_PATH'],
    ['Terraform', 'terraform', 'ARM_OIDC_REQUEST_URL'],
    ['Terraform', 'terraform', 'ARM_OIDC_REQUEST_TOKEN'],
    ['the Azure CLI', 'sdk', 'AZURE_CLOUD_NAME'],
  ])('for %s (%s): %s', async (_, consumers, name) => {
    const given = { ...AZURE, 'azure-consumers': consumers };
    const { result, main } = await play(world, { with: given, env: { [name]: 'https://set-by-somebody.example' } });
    expect(result.result).toBe('success');
    expect(main.annotations.map((a) => `${a.level} ${a.message}`)).toEqual([
      expect.stringMatching(new RegExp(`^warning Set already.*: ${name}\\.`)),
    ]);
  });
});
