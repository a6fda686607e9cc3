// What the action exported for Azure, read by the clients that later steps would use: Microsoft's libraries for Python and JavaScript, and the
// Azure CLI. Each calls the resource manager with what it got; after post, what must fail fails.
import { dirname, join } from 'node:path';
import { azureCliFolder } from '../../real/azure-cli.ts';
import { parts, ROOT } from '../../real/parts.ts';
import { findLeaks } from '../../sandbox/leaks.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { runWorkflow } from '../../sandbox/runner/run.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

const ARM = 'https://management.azure.com';
const LIST = `${ARM}/subscriptions?api-version=2022-12-01`;
const CLIENT = '11111111-1111-4111-8111-111111111111';
const SUBSCRIPTION = '33333333-3333-4333-8333-333333333333';

/** Programs by the client they try; each prints what the resource manager answered. */
const python = (credential: string) => `
import requests
from azure.identity import DefaultAzureCredential, WorkloadIdentityCredential
token = ${credential}.get_token('${ARM}/.default')
answer = requests.get('${LIST}', headers={'Authorization': 'Bearer ' + token.token}, timeout=20)
print('subscriptions', answer.status_code, [s['subscriptionId'] for s in answer.json()['value']])`;
const javaScript = (credential: string) => `
const { DefaultAzureCredential, WorkloadIdentityCredential } = require('@azure/identity');
(async () => {
  const { token } = await ${credential}.getToken('${ARM}/.default');
  const answer = await fetch('${LIST}', { headers: { authorization: 'Bearer ' + token } });
  console.log('subscriptions', answer.status, (await answer.json()).value.map((s) => s.subscriptionId).join());
})().catch((error) => { console.log('refused', error.name); process.exitCode = 1; });`;

const AZ = `
az account show --query '[id, user.name]' --output tsv
az account get-access-token --query tokenType --output tsv
az rest --url '${LIST}' --query 'value[].subscriptionId' --output tsv
az rest --resource https://vault.azure.net --url 'https://octo-vault.vault.azure.net/secrets/api-key?api-version=7.4' --query value --output tsv
ls -A "$HOME"`;

const shells = { py: () => `${parts().python} {0}`, js: () => `${process.execPath} {0}` };
const STEPS: readonly (readonly [name: string, shell: keyof typeof shells | 'sh', run: string])[] = [
  ['az', 'sh', AZ],
  ['azure-identity: DefaultAzureCredential', 'py', python('DefaultAzureCredential()')],
  ['azure-identity: WorkloadIdentityCredential', 'py', python('WorkloadIdentityCredential()')],
  ['@azure/identity: DefaultAzureCredential', 'js', javaScript('new DefaultAzureCredential()')],
  ['@azure/identity: WorkloadIdentityCredential', 'js', javaScript('new WorkloadIdentityCredential()')],
];

const afterwards = `
echo "left: $(find "$RUNNER_TEMP" -name 'workload-identity-*' | wc -l)"
echo "az: $(az account show 2>&1 | tail -1)"
echo "az rest: $(az rest --url '${LIST}' 2>&1 | tail -1)"
node -e "${javaScript('new WorkloadIdentityCredential()').replaceAll('\n', ' ')}"`;

const jobOf = (inputs: Readonly<Record<string, string>>) => {
  const federate = {
    'azure-client-id': CLIENT,
    'azure-tenant-id': '22222222-2222-4222-8222-222222222222',
    'azure-consumers': 'sdk, terraform, cli',
    ...inputs,
  };
  const programs = STEPS.map(([name, shell, run]) => ({
    ...{ name, run, if: '!cancelled()' },
    shell: shell === 'sh' ? 'sh -e {0}' : shells[shell](),
  }));
  return {
    name: 'Azure',
    on: 'push',
    permissions: { 'id-token': 'write', contents: 'read' },
    jobs: {
      job: {
        'runs-on': 'ubuntu-latest',
        env: { NODE_USE_ENV_PROXY: '1' },
        steps: [
          { name: 'afterwards', uses: 'octo-org/afterwards@v1', with: { run: afterwards } },
          { name: 'federate', id: 'federate', uses: 'your-org/workload-identity@v1', with: federate },
          ...programs,
        ],
      },
    },
  };
};

let world: World;
let result: RunResult;
beforeAll(async () => {
  world = await startWorld();
  const actions = {
    'your-org/workload-identity@v1': ROOT,
    'octo-org/afterwards@v1': join(import.meta.dirname, 'afterwards'),
  };
  result = await runWorkflow({
    workflow: JSON.stringify(jobOf({ 'azure-subscription-id': SUBSCRIPTION }), null, 2), // JSON is YAML
    actions: (uses) => actions[uses as keyof typeof actions],
    identity: (job) => world.github.identityFor(job),
    observe: true,
    env: {
      ...world.env(),
      NODE_PATH: join(ROOT, 'node_modules'),
      PATH: [dirname(process.execPath), '/usr/bin', '/bin', azureCliFolder()].join(':'),
    },
  });
});
afterAll(async () => {
  result?.dispose();
  await world?.stop();
});

const stepOf = (name: string, kind: 'run' | 'main' | 'post' = 'run') =>
  result.steps.find((step) => step.name.includes(name) && step.kind === kind);

it('az works in the subscription, with the token it has and with one for another resource, and left the home alone', () => {
  const az = stepOf('az');
  expect(az?.stderr).toBe('');
  expect(az?.stdout.split(/\s+/)).toEqual([SUBSCRIPTION, CLIENT, 'Bearer', SUBSCRIPTION, 'octo-vault-api-key-1', '']);
});

it.each(STEPS.slice(1).map(([name]) => name))('%s gets in with what the step exported', (name) => {
  const step = stepOf(name);
  expect(step?.stderr).not.toContain('Traceback');
  expect(step?.stdout).toMatch(new RegExp(`^subscriptions 200 \\[?'?${SUBSCRIPTION}'?\\]?\n$`));
});

it('az was started once, with no token among its arguments, in a folder that was closed before', () => {
  const main = stepOf('federate', 'main');
  const isKeeper = (argv: readonly string[] = []) => argv.some((word) => word.endsWith('keeper.js'));
  const spawned = main?.journal.filter((entry) => entry.kind === 'spawn' && !isKeeper(entry.argv)) ?? [];
  expect(spawned.map((entry) => entry.argv?.slice(1, 3))).toEqual([['login', '--service-principal']]);
  expect(spawned[0]?.argv?.join(' ')).not.toMatch(/eyJ/);
});

it('after post az is logged out, no library gets a token, and nothing is left', () => {
  const after = stepOf('afterwards', 'post')?.stdout ?? '';
  expect(after).toMatch(/^left: 0$/m);
  expect(after).toContain("az: ERROR: Please run 'az login' to setup account.");
  expect(after).toMatch(/^az rest: .*az login/m);
  expect(after).toMatch(/^refused \w*(Credential|Authentication)\w*$/m);
});

it('the job succeeds, and nothing it was given shows', () => {
  expect(result.result).toBe('success');
  expect(findLeaks({ canaries: world.canaries(), result })).toEqual([]);
});
