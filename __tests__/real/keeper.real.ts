// Python's clients, the Azure CLI and psql over six hours of the world's time, with what the action exported: those made at the start and new
// ones, every five minutes. az lives in that time too; psql has no clock: the played PostgreSQL behind the played Vault has (docs/ARCHITECTURE.md).
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { azureCliFolder } from '../../real/azure-cli.ts';
import { parts, ROOT } from '../../real/parts.ts';
import { type AzureTrust, defaultAzureTrust } from '../../sandbox/azure/trust.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { runWorkflow } from '../../sandbox/runner/run.ts';
import { type SharedTime, shareTime } from '../../sandbox/shared-time.ts';
import { type PlayedPostgres, startPlayedPostgres } from '../../sandbox/vault/postgres.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { workflowOf } from './job.ts';

/** A token of five minutes is over at 6, a session of an hour at 61. */
const TELLING = [0, 6, 20, 61, 120, 240, 300, 355];
const EVERY_FIVE = Array.from({ length: 72 }, (_, i) => i * 5);

/** Lives in the world's time by time-machine; lets it pass as any step may, by its port. */
const PROGRAM = `
import json, os, socket, subprocess, sys, time_machine
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
def run(*command, **env):
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env})
    if done.returncode: raise RuntimeError(done.stderr)
def az(_):
    run('az', 'account', 'get-access-token')
def az_anew(_):
    # Without its cache, so that it has to sign in with what its login holds by now; a refusal must not cost it the cache.
    cache = os.path.join(os.environ['AZURE_CONFIG_DIR'], 'msal_token_cache.json')
    os.rename(cache, cache + '.aside')
    try: az(_)
    except Exception:
        os.rename(cache + '.aside', cache)
        raise
def psql(_):
    run(os.environ['PSQL'], '-X', '-w', '-A', '-t', '-h', '127.0.0.1', '-p', os.environ['DATABASE_PORT'], '-U', os.environ['DB_USER'],
        '-d', 'postgres', '-c', 'select 1', PGPASSWORD=os.environ['DB_PASSWORD'])
# A process for each call: there is no old one.
programs = {'az': az, 'psql': psql, 'az without its cache': az_anew}
uses = {
    'boto3': lambda c: c.get_caller_identity(),
    'azure-identity': lambda c: c.get_token(ARM),
    'google-auth': google_ok,
    'hvac': lambda c: c.lookup_token(),
}
old = {name: make() for name, make in makers.items()}
failed, at = [], 0
for minute in json.loads(sys.argv[1]):
    clock.move_to(ask(str((minute - at) * 60000))['now'] / 1000)
    at = minute
    for name, use in uses.items():
        for age, client in (('old', old[name]), ('new', None)):
            try:
                use(client or makers[name]())
            except Exception as error:
                print(name, age, minute, type(error).__name__, str(error)[:300].replace('\\n', ' '))
                failed.append([minute, f'{age} {name}'])
    for name, use in programs.items():
        try:
            use(None)
        except Exception as error:
            print(name, minute, type(error).__name__, str(error)[:300].replace('\\n', ' '))
            failed.append([minute, name])
print('worked ' + json.dumps(failed))
`;

/** Entra's access tokens live an hour, where its usual 60 to 90 minutes would let chance decide. */
function anHour(): AzureTrust {
  const tenants = defaultAzureTrust.tenants.map((tenant) => ({
    ...tenant,
    identities: tenant.identities.map((identity) => ({ ...identity, tokenLifetime: 3600 })),
  }));
  return { ...defaultAzureTrust, tenants };
}

/** az as the action and later steps start it, in the world's time: its own Python, moved before az begins. */
function azInTime(folder: string, port: string): void {
  const program = `
import json, socket, sys
sys.path.append(${JSON.stringify(clientsFolder())})
import time_machine
with socket.create_connection(('127.0.0.1', ${port})) as s:
    s.sendall(b'0\\n')
    now = json.loads(s.makefile().readline())['now']
time_machine.travel(now / 1000, tick=True).start()
import runpy
sys.argv[0] = 'az'
runpy.run_module('azure.cli', run_name='__main__')
`;
  writeFileSync(join(folder, 'az.py'), program);
  writeFileSync(
    join(folder, 'az'),
    `#!/bin/sh\nexec ${join(azureCliFolder(), 'python')} ${join(folder, 'az.py')} "$@"\n`,
  );
  chmodSync(join(folder, 'az'), 0o755);
}

/** Where the clients' Python has what was installed for it. */
function clientsFolder(): string {
  const asked = spawnSync(parts().python, ['-c', 'import sysconfig; print(sysconfig.get_path("platlib"))'], {
    encoding: 'utf8',
  });
  return asked.stdout.trim();
}

let machine: string;
let database: PlayedPostgres;
let world: World;
let time: SharedTime;
let result: RunResult | undefined;
beforeEach(async () => {
  // One each: it begins with the job.
  world = await startWorld({ trust: { azure: anHour() } });
  time = await shareTime(world);
  database = await startPlayedPostgres(world.ledger);
  machine = mkdtempSync(join(tmpdir(), 'az-in-time-'));
  azInTime(machine, time.env().WORLD_TIME ?? '');
});
afterEach(async () => {
  result?.dispose();
  rmSync(machine, { recursive: true });
  await database.stop();
  await time.close();
  await world.stop();
});

/** Which clients failed at which minute of a job with these inputs. */
async function failures(
  keepFresh: string,
  lifetime: string,
  minutes: readonly number[],
): Promise<readonly (readonly [number, string])[]> {
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
    'vault-secrets': 'database/creds/readonly username | DB_USER; database/creds/readonly password | DB_PASSWORD',
    'keep-fresh': keepFresh,
    lifetime,
  };
  const steps = [
    { uses: 'your-org/workload-identity@v1', with: inputs },
    { name: 'work', run: `${parts().python} - '${JSON.stringify(minutes)}' <<'END'\n${PROGRAM}\nEND` },
  ];
  result = await runWorkflow({
    actions: () => ROOT,
    identity: (job) => world.github.identityFor(job),
    workflow: workflowOf(steps),
    // Python's clients honour the proxy, so they need no door of their own to AWS.
    env: {
      ...{ ...world.env(), ...time.env(), AWS_ENDPOINT_URL_STS: '' },
      PATH: [machine, dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
      PSQL: join(parts().postgres, 'psql'),
      DATABASE_PORT: String(database.port),
    },
  });
  const work = result.steps.find((step) => step.name === 'work');
  const line = work?.log.find((text) => text.startsWith('worked '));
  if (!line) throw new Error(`${work?.log.join('\n')}\n${work?.stderr}`);
  return JSON.parse(line.slice('worked '.length)) as [number, string][];
}

it('kept fresh, every client works every five minutes', async () => {
  expect(await failures('always', '6h', EVERY_FIVE)).toEqual([]);
  expect(result?.result).toBe('success');
  expect(world.ledger.owed()).toEqual([]);
}, 900_000);

it('not kept fresh, each works as long as the README says', async () => {
  const found = await failures('never', '1h', TELLING);
  const first = (who: string) => found.find(([, name]) => name === who)?.[0];
  expect({
    'new azure-identity': first('new azure-identity'),
    'new google-auth': first('new google-auth'),
    'new hvac': first('new hvac'),
    'new boto3': first('new boto3'),
    az: first('az'),
    'az without its cache': first('az without its cache'),
    psql: first('psql'),
  }).toEqual({
    ...{ 'new azure-identity': 6, 'new google-auth': 6, 'new hvac': 20, 'new boto3': 61 },
    ...{ az: 61, 'az without its cache': 6, psql: 20 },
  });
});
