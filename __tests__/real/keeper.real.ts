// Python's clients and the Azure CLI over six hours of the world's time, with what the action exported: those made at the start and new ones, at the
// minutes that matter.
import { dirname } from 'node:path';
import { azureCliFolder } from '../../real/azure-cli.ts';
import { parts, ROOT } from '../../real/parts.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { runWorkflow } from '../../sandbox/runner/run.ts';
import { type SharedTime, shareTime } from '../../sandbox/shared-time.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

/** A token of five minutes is over at 6, a session of an hour at 61. */
const MINUTES = [0, 6, 20, 61, 120, 240, 300, 355];

const PATH = [dirname(process.execPath), '/usr/bin', '/bin', azureCliFolder()].join(':');

/** Lives in the world's time by time-machine; lets it pass as any step may, by its port. */
const PROGRAM = `
import json, os, socket, subprocess, sys, tempfile, time_machine
def ask(line):
    with socket.create_connection(('127.0.0.1', int(os.environ['WORLD_TIME']))) as s:
        s.sendall((line + '\\n').encode())
        return json.loads(s.makefile().readline())
traveller = time_machine.travel(ask('0')['now'] / 1000, tick=True)
clock = traveller.start()

import boto3, google.auth, hvac
from botocore.config import Config
from azure.identity import DefaultAzureCredential
from google.auth.transport.requests import AuthorizedSession
ARM = 'https://management.azure.com/.default'
STORAGE = 'https://storage.googleapis.com/storage/v1/b?project=' + os.environ['GOOGLE_CLOUD_PROJECT']
def google_session():
    credentials, _ = google.auth.default(scopes=['https://www.googleapis.com/auth/cloud-platform'])
    return AuthorizedSession(credentials)
makers = {
    'boto3': lambda: boto3.session.Session().client('sts', config=Config(retries={'max_attempts': 0})),
    'azure-identity': DefaultAzureCredential,
    'google-auth': google_session,
    'hvac': lambda: hvac.Client(url=os.environ['VAULT_ADDR'], token=os.environ['VAULT_TOKEN']),
}
def google_ok(session):
    answer = session.get(STORAGE)
    answer.raise_for_status()
uses = {
    'boto3': lambda c: c.get_caller_identity(),
    'azure-identity': lambda c: c.get_token(ARM),
    'google-auth': google_ok,
    'hvac': lambda c: c.lookup_token(),
}
old = {name: make() for name, make in makers.items()}

# Each start of az lives in that time as well, by a module that every Python loads at its start.
folder = tempfile.mkdtemp(dir=os.environ['RUNNER_TEMP'])
with open(os.path.join(folder, 'sitecustomize.py'), 'w') as f:
    f.write(f"""
import json, os, socket, sys
sys.path.append({os.path.dirname(os.path.dirname(time_machine.__file__))!r})
import time_machine
sys.path.pop()
with socket.create_connection(('127.0.0.1', int(os.environ['WORLD_TIME']))) as s:
    s.sendall(bytes([48, 10]))
    time_machine.travel(json.loads(s.makefile().readline())['now'] / 1000, tick=True).start()
""")
def az(*args):
    ran = subprocess.run(['az', *args], env={**os.environ, 'PYTHONPATH': folder}, capture_output=True, text=True)
    if ran.returncode or 'sitecustomize' in ran.stderr: raise RuntimeError(ran.stderr[-300:])
TOKEN = ['account', 'get-access-token', '--output', 'none']
uses['az'] = lambda _: az(*TOKEN)
uses['az, another resource'] = lambda _: az(*TOKEN, '--resource', 'https://vault.azure.net') if at > 0 else None

failed, at = [], 0
for minute in json.loads(sys.argv[1]):
    clock.move_to(ask(str((minute - at) * 60000))['now'] / 1000)
    at = minute
    for name, use in uses.items():
        for age, client in (('old', old.get(name)), ('new', None)):
            if age == 'old' and not client: continue
            try:
                use(client or makers.get(name, lambda: None)())
            except Exception as error:
                print(name, age, minute, type(error).__name__, str(error)[:300].replace('\\n', ' '))
                failed.append([minute, f'{age} {name}'])
print('worked ' + json.dumps(failed))
`;

let world: World;
let time: SharedTime;
let result: RunResult | undefined;
beforeAll(async () => {
  world = await startWorld();
  time = await shareTime(world);
});
afterEach(() => result?.dispose());
afterAll(async () => {
  await time.close();
  await world.stop();
});

/** Which clients failed at which minute of a job with these inputs. */
async function failures(keepFresh: string, lifetime: string): Promise<readonly (readonly [number, string])[]> {
  const inputs = {
    'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy',
    'aws-region': 'eu-west-1',
    'azure-client-id': '11111111-1111-4111-8111-111111111111',
    'azure-tenant-id': '22222222-2222-4222-8222-222222222222',
    'azure-consumers': 'sdk, cli',
    'gcp-workload-identity-provider':
      'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org',
    'gcp-service-account': 'deploy@octo-project.iam.gserviceaccount.com',
    'vault-url': 'https://vault.example.com',
    'vault-role': 'ci',
    'vault-export-token': 'true',
    'keep-fresh': keepFresh,
    lifetime,
  };
  const steps = [
    { uses: 'your-org/workload-identity@v1', with: inputs },
    { name: 'work', run: `${parts().python} - '${JSON.stringify(MINUTES)}' <<'END'\n${PROGRAM}\nEND` },
  ];
  const jobs = { job: { 'runs-on': 'ubuntu-latest', steps } };
  const workflow = JSON.stringify({ name: 'keeper', on: 'push', permissions: { 'id-token': 'write' }, jobs }, null, 1);
  result = await runWorkflow({
    actions: () => ROOT,
    identity: (job) => world.github.identityFor(job),
    workflow,
    // Python's clients honour the proxy, so they need no door of their own to AWS.
    env: { ...world.env(), ...time.env(), AWS_ENDPOINT_URL_STS: '', PATH },
  });
  const work = result.steps.find((step) => step.name === 'work');
  const line = work?.log.find((text) => text.startsWith('worked '));
  if (!line) throw new Error(`${work?.log.join('\n')}\n${work?.stderr}`);
  return JSON.parse(line.slice('worked '.length)) as [number, string][];
}

it('kept fresh, every client works at every minute', async () => {
  expect(await failures('always', '6h')).toEqual([]);
  expect(result?.result).toBe('success');
  expect(world.ledger.owed()).toEqual([]);
});

it('not kept fresh, each works as long as the README says', async () => {
  const found = await failures('never', '1h');
  const first = (who: string) => found.find(([, name]) => name === who)?.[0];
  expect({
    'new azure-identity': first('new azure-identity'),
    'new google-auth': first('new google-auth'),
    'new hvac': first('new hvac'),
    'new boto3': first('new boto3'),
    'new az, another resource': first('new az, another resource'),
  }).toEqual({
    'new azure-identity': 6,
    'new google-auth': 6,
    'new hvac': 20,
    'new boto3': 61,
    'new az, another resource': 6,
  });
  // The token that it was logged in with it uses up: Entra's live 60 to 90 minutes.
  expect([61, 120]).toContain(first('new az'));
});
