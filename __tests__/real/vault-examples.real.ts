// examples/vault on a real OpenBao with a real PostgreSQL: each folder's own set-up is run by the real command line, its own workflow is played whole, and
// the server says what is alive afterwards. AWS and HCP Terraform, which OpenBao has no engines for, are played in e2e/vault-examples.test.ts.
import { delimiter } from 'node:path';
import { jest } from '@jest/globals';
import { parts } from '../../real/parts.ts';
import { startVaultWorld, type VaultWorld } from '../../real/vault-world.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { follow, type Pattern, workflowFile } from '../administrator/vault-example.ts';
import { jobTokens, keysAt, leasedUsers } from './alive.ts';
import { soon, stage, use } from './job.ts';

jest.setTimeout(120_000);

let vault: VaultWorld;
const results: RunResult[] = [];
beforeEach(async () => {
  vault = await startVaultWorld({ bare: true });
});
afterEach(async () => {
  for (const result of results.splice(0)) result.dispose();
  await vault?.stop();
});

/** Where the workflow and the administrator find PostgreSQL. */
const host = () => ({ PGHOST: '127.0.0.1', PGPORT: String(vault.postgres.port) });

/** Sets the server up as the example says, without one right if asked for. */
async function setUp(pattern: Pattern, without?: string): Promise<void> {
  const { origin, rootToken } = vault.bao;
  const { user, password } = vault.postgres;
  const administrator = { VAULT_ADDR: origin, VAULT_TOKEN: rootToken, ...host(), PGUSER: user, PGPASSWORD: password };
  await follow({ pattern, ...(without && { without }), env: { ...administrator, PGSSLMODE: 'disable' } }, parts().bao);
}

/** Plays the example's workflow as it stands, for a push unless another event is given. */
async function start(pattern: Pattern, event?: string): Promise<RunResult> {
  const path = [parts().postgres, '/usr/bin', '/bin'].join(delimiter);
  const result = await vault.play(workflowFile(pattern), {
    vars: host(),
    env: { PATH: path },
    ...(event && { event: { name: event, payload: {} } }),
  });
  results.push(result);
  return result;
}

async function play(pattern: Pattern, without?: string): Promise<RunResult> {
  await setUp(pattern, without);
  return start(pattern);
}

/** The moments at which certificates of the mount were revoked, 0 for those that are valid; the authority's own left out. */
async function revocations(): Promise<number[]> {
  const serials = await keysAt(vault.bao, 'pki/certs');
  const all = await Promise.all(serials.map((serial) => vault.bao.call('GET', `pki/cert/${serial}`)));
  const data = all.map(
    ({ body }) => body?.data as { certificate: string; revocation_time: number; issuer_id?: string },
  );
  const { body } = await vault.bao.demand('GET', 'pki/cert/ca');
  const own = (body?.data as { certificate?: string } | undefined)?.certificate?.trim();
  return data.filter(({ certificate }) => certificate.trim() !== own).map((each) => each.revocation_time);
}

/** Whether the mount's list of revoked certificates, in DER, holds each of these serial numbers. */
async function inRevocationList(serials: readonly string[]): Promise<boolean[]> {
  const list = Buffer.from(await (await fetch(`${vault.bao.origin}/v1/pki/crl`)).arrayBuffer());
  return serials.map((serial) => list.includes(Buffer.from(serial.replaceAll(':', ''), 'hex')));
}

const warnings = (result: RunResult) => [stage(result, 'main'), stage(result, 'post')].flatMap((s) => s.annotations);
const endings = (result: RunResult) =>
  stage(result, 'post').log.filter((line) => /^Vault (lease|certificate|token)/.test(line));

it('static-secret: the step gets it, and its token has ended before the next step begins', async () => {
  const result = await play('static-secret');
  expect([result.result, warnings(result)]).toEqual(['success', []]);
  expect(endings(result)).toEqual(['Vault token: revoked (by main, right after the last read)']);
  expect(await jobTokens(vault.bao)).toEqual([]);
});

it('database: psql logs in as the user that was made for the job, and is refused after post', async () => {
  const result = await play('database');
  expect([result.result, warnings(result)]).toEqual(['success', []]);
  const { PGUSER: user = '', PGPASSWORD: password = '' } = stage(result, 'main').exported;
  expect(user).toMatch(/^v-/);
  expect(use(result).stdout).toContain(`logged in as ${user}`);
  expect(endings(result)).toEqual(['Vault lease of database/creds/app: revoked', 'Vault token: revoked']);
  const login = await vault.postgres.query('select 1', { user, password });
  expect(login.status).toBe(2);
  expect(login.stderr).toContain('password authentication failed');
  expect([
    await leasedUsers(vault.postgres),
    await keysAt(vault.bao, 'sys/leases/lookup/database/creds/app'),
    await jobTokens(vault.bao),
  ]).toEqual([[], [], []]);
});

it('pki: openssl reads the files, and the certificate is revoked by its serial number', async () => {
  const result = await play('pki');
  expect(use(result).conclusion).toBe('success');
  expect([result.result, warnings(result)]).toEqual(['success', []]);
  expect(endings(result)).toEqual(['Vault certificate of pki/issue/ci: revoked', 'Vault token: revoked']);
  expect(await revocations()).toEqual([expect.any(Number)]);
  expect((await revocations())[0]).toBeGreaterThan(0);
  expect((await inRevocationList(await keysAt(vault.bao, 'pki/certs'))).filter(Boolean)).toHaveLength(1);
  expect(await jobTokens(vault.bao)).toEqual([]);
});

it('events that anybody may start have the ref of the branch, and are not let in', async () => {
  await setUp('database');
  for (const event of ['pull_request_target', 'issue_comment', 'workflow_run']) {
    const result = await start('database', event);
    expect(vault.world.github.claims()).toMatchObject({ event_name: event, ref: 'refs/heads/main' });
    expect(result.result).toBe('failure');
    expect(stage(result, 'main').log.join('\n')).toMatch(/\[vault\/[a-z-]+\].*claim "event_name"/s);
  }
  expect([await leasedUsers(vault.postgres), await jobTokens(vault.bao)]).toEqual([[], []]);
});

const line = (path: string, capability: string) => `path "${path}" { capabilities = ["${capability}"] }`;

it.each<[Pattern, string, string]>([
  ['static-secret', 'secret/data/app', 'read'],
  ['database', 'database/creds/app', 'read'],
  ['pki', 'pki/issue/ci', 'update'],
])('%s without %s fails, and the first cause is the line to add', async (pattern, path, capability) => {
  const result = await play(pattern, path);
  expect(result.result).toBe('failure');
  const log = stage(result, 'main').log.join('\n');
  expect(log).toContain('[vault/read-refused]');
  expect(log).toMatch(/Possible cause 1 of \d: The token's policies lack it/);
  expect(log).toContain(`Add to the policies of the role ${pattern}: ${line(path, capability)}`);
  expect([stage(result, 'main').exported, await leasedUsers(vault.postgres), await jobTokens(vault.bao)]).toEqual([
    {},
    [],
    [],
  ]);
});

it.each<[Pattern, string, RegExp, () => Promise<void>]>([
  [
    'database',
    'sys/leases/revoke',
    /: revocation queued \(through its token: the policy does not allow update on sys/,
    async () => expect(await soon(async () => (await leasedUsers(vault.postgres)).length === 0)).toBe(true),
  ],
  [
    'pki',
    'pki/revoke',
    /: not revoked; it ends at .* \(the policy does not allow update on pki\/revoke\)/,
    async () => expect(await revocations()).toEqual([0]),
  ],
])('%s without %s: main names the line, and what post says of the end is so', async (pattern, path, told, isSo) => {
  const result = await play(pattern, path);
  expect(result.result).toBe('success');
  const allow = `Allow it in the policies of the role ${pattern}: ${line(path, 'update')}`;
  expect(stage(result, 'main').log.join('\n')).toContain(allow);
  expect(endings(result)[0]).toMatch(told);
  await isSo();
});
