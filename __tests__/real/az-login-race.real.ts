// The keeper and the Azure CLI at the same file, with az's own code: nobody reads half of it, and no login of another is lost.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { azureCliFolder } from '../../real/azure-cli.ts';
import { openFiles } from '../../src/adapters/files.ts';
import type { KeeperWorld } from '../../src/core/keeper-world.ts';
import { exchangePart } from '../../src/keep-fresh/shared-file.ts';
import { LOGINS } from '../../src/providers/azure/cli-files.ts';
import type { AzureRequest } from '../../src/providers/azure/request.ts';
import { charges } from '../../src/providers/azure/upkeep.ts';

/** At least. */
const ROUNDS = 150;
/** az reads our login and writes one of its own, again and again; each has to be there when it looks. */
const PROGRAM = `
import sys, time
from azure.cli.core.auth.persistence import load_secret_store
from azure.cli.core.auth.identity import ServicePrincipalStore
location, rounds = sys.argv[1], int(sys.argv[2])
def store(): return ServicePrincipalStore(load_secret_store(location, False))
seen, done = set(), 0
# On a loaded machine the other side may not get its turn for a while.
while done < rounds or (len(seen) < 5 and done < 10 * rounds):
    seen.add(store().load_entry('app', 'octo')['client_assertion'])
    store().save_entry({'client_id': f'other-{done}', 'tenant': 'octo', 'client_secret': 's'})
    done += 1
    time.sleep(0.001)
for i in range(done):
    store().load_entry(f'other-{i}', 'octo')
print(len(seen), done)
`;

let temp: string;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'race-'));
});
afterEach(() => rmSync(temp, { recursive: true }));

it('az finds its logins whole while they are exchanged under it', async () => {
  const files = openFiles((name) => (name === 'RUNNER_TEMP' ? temp : undefined), process.platform);
  const folder = files.createFolder(`workload-identity-${'0'.repeat(32)}`);
  const inner = files.createInner(folder, 'azure-cli');
  files.createFile(inner, LOGINS, JSON.stringify([{ client_id: 'app', tenant: 'octo', client_assertion: 'token-0' }]));
  const clock = { steady: () => performance.now(), sleep: (ms: number) => pause(ms) };
  const world = { files, clock } as unknown as KeeperWorld;
  const request = { audience: 'a', clientId: 'app', tenantId: 'octo' } as AzureRequest;
  const form = charges(request, { cliFolder: 'azure-cli', cliLifeMs: 300_000 })[0]?.form;
  if (form?.kind !== 'shared') throw new Error('not shared');

  const location = join(inner, LOGINS.replace('.json', ''));
  const az = spawn(join(azureCliFolder(), 'python'), ['-c', PROGRAM, location, String(ROUNDS)], { stdio: 'pipe' });
  let printed = '';
  for (const stream of [az.stdout, az.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  let running = true;
  az.on('exit', () => (running = false));
  let token = 0;
  while (running) {
    expect(await exchangePart(form, `token-${++token}`, folder, world)).toBe(true);
    // A hundred thousand times as often as the keeper does.
    await pause(1);
  }
  expect(printed).toMatch(/^\d+ \d+\n$/);
  const [seen = 0, others = 0] = printed.split(' ').map(Number);
  expect(seen).toBeGreaterThanOrEqual(5);
  expect(await exchangePart(form, 'last', folder, world)).toBe(true);
  const logins = JSON.parse(readFileSync(join(inner, LOGINS), 'utf8')) as { client_assertion?: string }[];
  expect(logins).toHaveLength(others + 1);
  expect(logins.flatMap((login) => login.client_assertion ?? [])).toEqual(['last']);
  expect(statSync(join(inner, LOGINS)).mode & 0o777).toBe(0o600);
});
