// A certificate's end on a real OpenBao, by the built action: wherever its authority is mounted, and whatever keeps it from being revoked, what post says
// is what the server says.
import { jest } from '@jest/globals';
import { ROLE } from '../../real/vault-document.ts';
import { startVaultWorld, type VaultWorld } from '../../real/vault-world.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { stage, workflowOf } from './job.ts';

jest.setTimeout(120_000);

const TEAM = 'team/';
const update = (...paths: string[]) => paths.map((path) => `path "${path}" { capabilities = ["update"] }\n`).join('');
const ISSUE = ['pki/issue/*', 'pki/issuer/default/issue/*', 'team/pki/issue/*'];
const POLICIES = {
  allowed: update(...ISSUE, 'pki/revoke', 'team/pki/revoke', 'sys/leases/revoke'),
  forbidden: update(...ISSUE),
  // What people write first: it is for the authority of the token's own namespace.
  above: update(...ISSUE, 'pki/revoke'),
};
const ROLES = {
  kept: { allow_any_name: true, key_type: 'ec' },
  lost: { allow_any_name: true, key_type: 'ec', no_store: true },
  leased: { allow_any_name: true, key_type: 'ec', generate_lease: true },
};

let vault: VaultWorld;
const results: RunResult[] = [];
beforeAll(async () => {
  vault = await startVaultWorld();
  const { demand } = vault.bao;
  await demand('POST', 'sys/namespaces/team', {});
  for (const space of ['', TEAM]) {
    await demand('POST', `${space}sys/mounts/pki`, { type: 'pki' });
    const authority = { common_name: 'jobs', key_type: 'ec', ttl: '700h' };
    await demand('POST', `${space}pki/root/generate/internal`, authority);
    for (const [name, role] of Object.entries(ROLES)) await demand('POST', `${space}pki/roles/${name}`, role);
  }
  for (const [name, policy] of Object.entries(POLICIES)) {
    await demand('POST', `sys/policies/acl/${name}`, { policy });
    await demand('POST', `auth/jwt/role/${name}`, { ...ROLE, token_policies: [name] });
  }
});
afterAll(async () => {
  for (const result of results.splice(0)) result.dispose();
  await vault?.stop();
});

async function play(role: string, path: string, more: Readonly<Record<string, string>>): Promise<RunResult> {
  const given = {
    'vault-url': 'https://vault.example.com',
    'vault-role': role,
    'vault-secrets': [
      `POST ${path} {"common_name": "x.example.com", "ttl": "1h"} private_key as file | TLS_KEY`,
      `POST ${path} {"common_name": "x.example.com", "ttl": "1h"} serial_number | SERIAL`,
    ].join('\n'),
    ...more,
  };
  const result = await vault.play(workflowOf([{ uses: 'your-org/workload-identity@v1', with: given }]));
  results.push(result);
  return result;
}

/** `undefined`: the engine does not know the number. */
async function revoked(space: string, serial: string): Promise<boolean | undefined> {
  const { status, body } = await vault.bao.call('GET', `${space}pki/cert/${serial}`);
  if (status !== 200) return undefined;
  return ((body?.data as { revocation_time?: number } | undefined)?.revocation_time ?? 0) > 0;
}

const PARENT = { 'vault-namespace': 'team', 'vault-auth-path': 'jwt', 'vault-auth-namespace': 'root' };
const UNTIL = 'not revoked; it ends at [-0-9]+T[:0-9]+Z';

interface End {
  readonly told: RegExp;
  readonly revoked: boolean | undefined;
}

it.each<[what: string, role: string, path: string, more: Readonly<Record<string, string>>, end: End]>([
  ['by its number', 'allowed', 'pki/issue/kept', {}, { told: /^certificate .*: revoked$/, revoked: true }],
  [
    'of an issuer by name',
    'allowed',
    'pki/issuer/default/issue/kept',
    {},
    { told: /^certificate .*: revoked$/, revoked: true },
  ],
  ['of a namespace below', 'allowed', 'pki/issue/kept', PARENT, { told: /^certificate .*: revoked$/, revoked: true }],
  [
    'of a namespace below, by its path',
    'allowed',
    'team/pki/issue/kept',
    {},
    { told: /^certificate .*: revoked$/, revoked: true },
  ],
  ['by its lease', 'allowed', 'pki/issue/leased', {}, { told: /^lease .*: revoked$/, revoked: true }],
  [
    'forbidden',
    'forbidden',
    'pki/issue/kept',
    {},
    { told: new RegExp(`^certificate .*: ${UNTIL}.*not allow update on pki/revoke`), revoked: false },
  ],
  [
    'forbidden in the namespace below alone',
    'above',
    'pki/issue/kept',
    PARENT,
    { told: new RegExp(`^certificate .*: ${UNTIL}.*not allow update on .*pki/revoke`), revoked: false },
  ],
  [
    'of a role that keeps none',
    'allowed',
    'pki/issue/lost',
    {},
    { told: new RegExp(`^certificate .*: ${UNTIL}.*did not keep it`), revoked: undefined },
  ],
])('%s', async (_, role, path, more, end) => {
  const result = await play(role, path, more);
  expect(result.result).toBe('success');
  const lines = stage(result, 'post').log.filter((line) => /^Vault (certificate|lease) /.test(line));
  expect(lines.map((line) => line.replace('Vault ', ''))).toEqual([expect.stringMatching(end.told)]);
  const space = more['vault-namespace'] || path.startsWith(TEAM) ? TEAM : '';
  expect(await revoked(space, stage(result, 'main').exported.SERIAL ?? '')).toBe(end.revoked);
  expect(stage(result, 'post').log.join('\n')).toMatch(/^Vault token: revoked/m);
});

it.each([
  ['forbidden', {}, 'path "pki/revoke" { capabilities = ["update"] }'],
  ['above', PARENT, 'path "team/pki/revoke" { capabilities = ["update"] }'],
] as const)('%s: the line that main names is the one that helps', async (role, more, line) => {
  const first = await play(role, 'pki/issue/kept', more);
  expect(stage(first, 'main').log.join('\n')).toContain(line);
  await vault.bao.demand('POST', `sys/policies/acl/${role}`, {
    policy: `${POLICIES[role]}${line}\n`,
  });
  const second = await play(role, 'pki/issue/kept', more);
  expect(stage(second, 'post').log).toContain('Vault certificate of pki/issue/kept: revoked');
});
