// What the step exported of a real OpenBao, in the hands of those who read it: HashiCorp's own sample in Python, and the command line.
import { jest } from '@jest/globals';
import { parts } from '../../real/parts.ts';
import { DOCUMENT, ROLE } from '../../real/vault-document.ts';
import { startVaultWorld, type VaultWorld } from '../../real/vault-world.ts';
import { findLeaks } from '../../sandbox/leaks.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { jobTokens } from './alive.ts';
import { stage, stepOf, workflowOf } from './job.ts';

jest.setTimeout(120_000);

const FIRST = 'first-canary-9Xw2Lq';
const SECOND = 'second-canary-3Rt7Bz';

const POLICY = `
path "secret/data/my-secret-password" { capabilities = ["create", "update", "read"] }
path "secret/metadata/my-secret-password" { capabilities = ["read"] }
`;

/** HashiCorp's quick start: the client from the environment, a secret stored, read back and stored anew. */
const SAMPLE = `
import hvac, os, sys
client = hvac.Client()
client.secrets.kv.v2.create_or_update_secret(path='my-secret-password', secret=dict(password=os.environ['FIRST']))
print('Secret written successfully.')
password = client.secrets.kv.read_secret_version(path='my-secret-password')['data']['data']['password']
if password != os.environ['FIRST']: sys.exit('unexpected password')
print('Access granted!')
written = client.secrets.kv.v2.create_or_update_secret(path='my-secret-password', secret=dict(password=os.environ['SECOND']))
print('version', written['data']['version'])
old = client.secrets.kv.v2.read_secret_version(path='my-secret-password', version=1)['data']['data']['password']
print('the first one is kept', old == os.environ['FIRST'])
`;

const COMMANDS = `
set -eu
test "$("$BAO" kv get -mount=secret -field=password my-secret-password)" = "$SECOND"
"$BAO" kv put -mount=secret my-secret-password password=from-the-command-line
"$BAO" kv metadata get -mount=secret -format=json my-secret-password | grep current_version
"$BAO" token lookup | grep path
`;

let vault: VaultWorld;
let result: RunResult;
let accessors: string[];
beforeAll(async () => {
  const { jwt } = DOCUMENT.auth;
  if (!jwt) throw new Error('the document lacks a JWT mount');
  const role = { ...ROLE, token_policies: ['sample'] };
  const auth = { jwt: { ...jwt, roles: { sample: role } } };
  vault = await startVaultWorld({ document: { ...DOCUMENT, auth, policies: { sample: POLICY } } });
  const steps = [
    {
      uses: 'your-org/workload-identity@v1',
      with: {
        'vault-url': 'https://vault.example.com',
        'vault-role': 'sample',
        'vault-export-token': 'true',
        // Exported as VAULT_CACERT: the command line trusts nothing else here.
        'vault-ca-certificate': vault.world.caFile,
      },
    },
    { name: 'hvac', shell: `${parts().python} {0}`, run: SAMPLE },
    { name: 'bao', run: COMMANDS },
  ];
  result = await vault.play(workflowOf(steps), {
    env: { BAO: parts().bao, FIRST, SECOND },
    hooks: {
      async beforeStep({ kind }) {
        if (kind === 'post') accessors = await jobTokens(vault.bao);
      },
    },
  });
});
afterAll(async () => {
  result?.dispose();
  await vault?.stop();
});

it("HashiCorp's sample runs unchanged, stores a secret, and a new version of it", () => {
  expect(stepOf(result, 'hvac').stderr).not.toContain('Traceback');
  expect(stepOf(result, 'hvac').stdout).toBe(
    'Secret written successfully.\nAccess granted!\nversion 2\nthe first one is kept True\n',
  );
});

it('the command line reads that version, writes another, and knows whose token it has', () => {
  expect(stepOf(result, 'bao').stderr).toBe('');
  expect(stepOf(result, 'bao').conclusion).toBe('success');
  expect(stepOf(result, 'bao').stdout).toMatch(/"current_version": 3/);
  expect(stepOf(result, 'bao').stdout).toMatch(/path +auth\/jwt\/login/);
});

it('all of it with one token, which is dead after post', async () => {
  expect(result.result).toBe('success');
  expect(accessors).toHaveLength(1);
  expect(await jobTokens(vault.bao)).toEqual([]);
  expect(stage(result, 'post').log).toContain('Vault token: revoked');
  expect(findLeaks({ canaries: vault.world.canaries(), result })).toEqual([]);
});

it('what the job stored stays, in all its versions', async () => {
  const versions = await Promise.all(
    [1, 2, 3].map((version) => vault.bao.demand('GET', `secret/data/my-secret-password?version=${version}`)),
  );
  expect(versions.map(({ body }) => (body?.data as { data?: object } | undefined)?.data)).toEqual([
    { password: FIRST },
    { password: SECOND },
    { password: 'from-the-command-line' },
  ]);
});
