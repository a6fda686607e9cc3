// The keeper in real time, with real clients, a real OpenBao and a real PostgreSQL: ten minutes, or SOAK_MINUTES. Longer than an identity token lives.
import { dirname, join } from 'node:path';
import { azureCliFolder } from '../../real/azure-cli.ts';
import { parts } from '../../real/parts.ts';
import { startVaultWorld, type VaultWorld } from '../../real/vault-world.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { workflowOf } from './job.ts';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 10);
const EVERY_S = 15;
/** The bar of its memory, in MiB. */
const MOST_MEMORY = 80;

const PATH = [dirname(process.execPath), '/usr/bin', '/bin', azureCliFolder()].join(':');

const PROGRAM = `
import glob, json, os, subprocess, sys, time
import boto3, google.auth, hvac
from azure.identity import DefaultAzureCredential
from google.auth.transport.requests import AuthorizedSession
mark = 'RUNNER_TRACKING_ID=' + os.environ['RUNNER_TRACKING_ID']
def read(pid, name):
    try:
        with open(f'/proc/{pid}/{name}', 'rb') as f: return f.read().decode('latin1')
    except OSError: return ''
keeper = next(p for p in os.listdir('/proc') if p.isdigit() and 'dist/keeper.js' in read(p, 'cmdline') and mark in read(p, 'environ').split(chr(0)))
def memory(): return int(read(keeper, 'status').split('VmRSS:')[1].split()[0]) / 1024
def seconds():
    fields = read(keeper, 'stat').rsplit(') ', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
def google_buckets():
    credentials, project = google.auth.default(scopes=['https://www.googleapis.com/auth/cloud-platform'])
    AuthorizedSession(credentials).get('https://storage.googleapis.com/storage/v1/b?project=' + project).raise_for_status()
psql = [os.environ['PSQL'], '-X', '-w', '-A', '-t', '-h', '127.0.0.1', '-p', os.environ['PGPORT'], '-U', os.environ['DB_USER'], '-d', 'postgres', '-c', 'select 1']
def az():
    # As if the access token had ended: az has to sign in again with what it keeps.
    for cache in glob.glob(os.path.join(os.environ['AZURE_CONFIG_DIR'], 'msal_token_cache*')): os.remove(cache)
    subprocess.run(['az', 'account', 'get-access-token', '--output', 'none'], check=True, capture_output=True)
uses = {
    'boto3': lambda: boto3.session.Session().client('sts').get_caller_identity(),
    'azure-identity': lambda: DefaultAzureCredential().get_token('https://management.azure.com/.default'),
    'google-auth': google_buckets,
    'az': az,
    'hvac': lambda: hvac.Client(url=os.environ['VAULT_ADDR'], token=os.environ['VAULT_TOKEN']).lookup_token(),
    'psql': lambda: subprocess.run(psql, check=True, capture_output=True, env={**os.environ, 'PGPASSWORD': os.environ['DB_PASSWORD']}),
}
calls, failures, most, began = 0, [], 0, seconds()
end = time.time() + float(sys.argv[1]) * 60
while time.time() < end:
    for name, use in uses.items():
        calls += 1
        try: use()
        except Exception as error: failures.append(name + ': ' + type(error).__name__ + ' ' + str(error)[:200])
    most = max(most, memory())
    time.sleep(float(sys.argv[2]))
print('soaked ' + json.dumps({'calls': calls, 'failures': failures, 'memory': most, 'cpu': seconds() - began}))
`;

let vault: VaultWorld;
let result: RunResult | undefined;
beforeAll(async () => {
  vault = await startVaultWorld();
});
afterAll(async () => {
  result?.dispose();
  await vault?.stop();
});

it(
  'keeps every client working',
  async () => {
    const inputs = {
      'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy',
      'aws-region': 'eu-west-1',
      'azure-client-id': '11111111-1111-4111-8111-111111111111',
      'azure-tenant-id': '22222222-2222-4222-8222-222222222222',
      'azure-consumers': 'sdk, cli',
      'gcp-workload-identity-provider':
        'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org',
      'gcp-project-id': 'octo-project',
      'vault-url': 'https://vault.example.com',
      'vault-role': 'ci',
      'vault-export-token': 'true',
      'vault-secrets': 'database/creds/readonly username | DB_USER; database/creds/readonly password | DB_PASSWORD',
      'keep-fresh': 'always',
      lifetime: '2h',
    };
    const run = `${parts().python} - ${MINUTES} ${EVERY_S} <<'END'\n${PROGRAM}\nEND`;
    const steps = [
      { uses: 'your-org/workload-identity@v1', with: inputs },
      { name: 'soak', run },
    ];
    result = await vault.play(workflowOf(steps), {
      env: {
        AWS_ENDPOINT_URL_STS: '',
        PATH,
        PSQL: join(parts().postgres, 'psql'),
        PGPORT: String(vault.postgres.port),
      },
    });
    const step = result.steps.find(({ name }) => name === 'soak');
    const line = step?.log.find((text) => text.startsWith('soaked '));
    if (!line) throw new Error(`${step?.log.join('\n')}\n${step?.stderr}`);
    process.stdout.write(`${line}\n`);
    const { failures, memory } = JSON.parse(line.slice('soaked '.length)) as { failures: string[]; memory: number };
    expect(failures).toEqual([]);
    expect(memory).toBeLessThanOrEqual(MOST_MEMORY);
    expect(result.result).toBe('success');
    expect(result.log.join('\n')).toMatch(/Keeper \(process \d+\): stopped/);
    expect(vault.world.ledger.owed()).toEqual([]);
  },
  (MINUTES + 3) * 60_000,
);
