// The connection that main exported, in the hands of others: an authority of the server's own, a client certificate, a namespace. OpenBao's own listeners
// speak TLS here; what a client lacks of VAULT_CACERT, VAULT_CLIENT_CERT, VAULT_CLIENT_KEY and VAULT_NAMESPACE, it would not get an answer without.
import { jest } from '@jest/globals';
import { parts } from '../../real/parts.ts';
import { DOCUMENT, ROLE } from '../../real/vault-document.ts';
import { startVaultWorld, type VaultWorld } from '../../real/vault-world.ts';
import { findLeaks } from '../../sandbox/leaks.ts';
import { createAuthority } from '../../sandbox/net/authority.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { jobTokens } from './alive.ts';
import { stage, stepOf, workflowOf } from './job.ts';

jest.setTimeout(120_000);

const own = createAuthority('of OpenBao');
const clients = createAuthority('of its clients');
const { cert, key } = clients.issueClient('ci');

const POLICY = 'path "secret/data/app" { capabilities = ["create", "update", "read"] }\n';
const STORED = 'team-canary-5Kp8Vd';

const BAO = `
set -eu
"$BAO" token lookup | grep path
"$BAO" kv put -mount=secret app password="$STORED"
test "$("$BAO" kv get -mount=secret -field=password app)" = "$STORED"
`;
/** hvac takes the namespace from its caller alone, whatever the environment holds. */
const HVAC = `
import hvac, os
client = hvac.Client(namespace=os.environ.get('VAULT_NAMESPACE'))
print('read', client.secrets.kv.v2.read_secret_version(path='app', raise_on_deleted_version=True)['data']['data']['password'] == os.environ['STORED'])
`;

let vault: VaultWorld;
const results: RunResult[] = [];
beforeAll(async () => {
  const { jwt } = DOCUMENT.auth;
  const { secret } = DOCUMENT.secrets;
  if (!jwt || !secret) throw new Error('the document lacks a JWT mount or a store');
  const space = {
    auth: { jwt: { ...jwt, roles: { client: { ...ROLE, token_policies: ['client'] } } } },
    secrets: { secret },
    policies: { client: POLICY },
  };
  vault = await startVaultWorld({
    document: { ...DOCUMENT, ...space, namespaces: { team: space } },
    tls: { server: own.issue('127.0.0.1'), clients: clients.cert },
  });
});
afterAll(async () => {
  for (const result of results.splice(0)) result.dispose();
  await vault?.stop();
});

async function play(
  listener: 'own' | 'mutual',
  more: Readonly<Record<string, string>>,
  unset: readonly string[] = [],
): Promise<RunResult> {
  const given = {
    'vault-url': vault.bao.tls?.[listener] ?? '',
    'vault-audience': 'https://vault.example.com',
    'vault-ca-certificate': own.cert,
    'vault-role': 'client',
    'vault-export-token': 'true',
    ...more,
  };
  const steps = [
    { uses: 'your-org/workload-identity@v1', with: given },
    { name: 'bao', run: `unset none ${unset.join(' ')}\n${BAO}` },
    { name: 'hvac', shell: `${parts().python} {0}`, run: HVAC },
  ];
  const result = await vault.play(workflowOf(steps), { env: { BAO: parts().bao, STORED } });
  results.push(result);
  return result;
}

const PAIR = { 'vault-client-certificate': cert, 'vault-client-key': key };
const TEAM = { 'vault-namespace': 'team' };

it.each([
  ['an authority of its own', 'own', {}, ''],
  ['a client certificate', 'mutual', PAIR, ''],
  ['a namespace', 'own', TEAM, 'team/'],
  ['a client certificate and a namespace', 'mutual', { ...PAIR, ...TEAM }, 'team/'],
] as const)('%s: the command line and hvac get there with what was exported', async (_, listener, more, prefix) => {
  const result = await play(listener, more);
  expect(stepOf(result, 'bao').stderr).toBe('');
  expect(stepOf(result, 'bao').stdout).toMatch(/path +auth\/jwt\/login/);
  expect(stepOf(result, 'hvac').stdout).toBe('read True\n');
  expect(result.result).toBe('success');
  const { body } = await vault.bao.demand('GET', `${prefix}secret/data/app`);
  expect((body?.data as { data?: object } | undefined)?.data).toEqual({ password: STORED });
  expect(stage(result, 'post').log).toContain('Vault token: revoked');
  expect(findLeaks({ canaries: vault.world.canaries(), result })).toEqual([]);
  expect(await jobTokens(vault.bao, ['', 'team/'])).toEqual([]);
});

it.each([
  ['VAULT_CACERT', /certificate signed by unknown authority/],
  ['VAULT_CLIENT_KEY', /both client cert and client key must be provided/],
  ['VAULT_NAMESPACE', /preflight capability check returned 403/],
])('without %s the command line does not get there', async (variable, said) => {
  const result = await play('mutual', { ...PAIR, ...TEAM }, [variable]);
  expect(stepOf(result, 'bao').conclusion).toBe('failure');
  expect(stepOf(result, 'bao').stderr).toMatch(said);
  expect(await jobTokens(vault.bao, ['', 'team/'])).toEqual([]);
});
