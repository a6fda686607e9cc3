// What the action exported, read by the clients that later steps would use: libraries for Python, none of them ours. Those of Azure and Google have files
// of their own: azure.real.ts, gcp.real.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { parts, ROOT } from '../../real/parts.ts';
import { SECRET } from '../../real/vault-document.ts';
import { startVaultWorld, type VaultWorld } from '../../real/vault-world.ts';
import { findLeaks } from '../../sandbox/leaks.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';

interface Example {
  jobs: { deploy: { steps: { name?: string; shell?: string; run?: string }[] } };
}

/** Programs by the library they try; each prints what its cloud says about the credential. */
const PROGRAMS = {
  boto3: `
import boto3
print('arn', boto3.client('sts').get_caller_identity()['Arn'])
print('buckets', len(boto3.client('s3').list_buckets()['Buckets']))`,
  hvac: `
import os, hvac
client = hvac.Client(url=os.environ['VAULT_ADDR'], token=os.environ['VAULT_TOKEN'])
print('policies', client.lookup_token()['data']['policies'])
print('user', client.secrets.kv.v2.read_secret_version('app', raise_on_deleted_version=True)['data']['data']['user'])`,
} as const;

/** The example's step, and behind it one step for each program. */
function workflow(): string {
  const example = parse(readFileSync(join(ROOT, 'examples', 'four-clouds.yml'), 'utf8')) as Example;
  const [federate] = example.jobs.deploy.steps;
  const shell = `${parts().python} {0}`;
  const steps = Object.entries(PROGRAMS).map(([name, run]) => ({ name, shell, run, if: '!cancelled()' }));
  return stringify({ ...example, jobs: { deploy: { ...example.jobs.deploy, steps: [federate, ...steps] } } });
}

let vault: VaultWorld;
let result: RunResult;
beforeAll(async () => {
  vault = await startVaultWorld();
  // Python's clients honour the proxy, so they need no door of their own to AWS.
  result = await vault.play(workflow(), { env: { AWS_ENDPOINT_URL_STS: '' } });
});
afterAll(async () => {
  result?.dispose();
  await vault?.stop();
});

it.each([
  ['boto3', /^arn arn:aws:sts::123456789012:assumed-role\/deploy\/\S+\nbuckets \d+\n$/],
  ['hvac', new RegExp(`^policies \\['ci', 'default'\\]\nuser ${SECRET.user}\n$`)],
] as const)('%s gets in with what the step exported', (name, expected) => {
  const step = result.steps.find((candidate) => candidate.name === name);
  expect(step?.stderr).not.toContain('Traceback');
  expect(step?.stdout).toMatch(expected);
});

it('the job succeeds, nothing it was given shows, and nothing that can be ended is alive', () => {
  expect(result.result).toBe('success');
  expect(findLeaks({ canaries: vault.world.canaries(), result })).toEqual([]);
  expect(vault.world.ledger.owed()).toEqual([]);
});
