// examples/vault on a real OpenBao with a real PostgreSQL: each folder's own set-up is run by the real command line, its own workflow is played whole, and
// the server says what is alive afterwards. AWS and HCP Terraform, which OpenBao has no engines for, are played in e2e/vault-examples.test.ts.
import { delimiter } from 'node:path';
import { jest } from '@jest/globals';
import { parts } from '../../real/parts.ts';
import { startVaultWorld, type VaultWorld } from '../../real/vault-world.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { follow, type Pattern, workflowFile } from '../administrator/vault-example.ts';
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

async function keys(path: string): Promise<string[]> {
  const { body } = await vault.bao.call('LIST', path);
  return ((body?.data ?? {}) as { keys?: string[] }).keys ?? [];
}

async function jobTokens(): Promise<number> {
  const accessors = await keys('auth/token/accessors');
  const looked = await Promise.all(
    accessors.map((accessor) => vault.bao.call('POST', 'auth/token/lookup-accessor', { accessor })),
  );
  return looked.filter(({ body }) => (body?.data as { path?: string } | undefined)?.path === 'auth/jwt/login').length;
}

async function leasedUsers(): Promise<string> {
  return (await vault.postgres.query("select rolname from pg_roles where rolname like 'v-%'")).stdout;
}

/** The moments at which certificates of the mount were revoked, 0 for those that are valid; the authority's own left out. */
async function revocations(): Promise<number[]> {
  const serials = await keys('pki/certs');
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
  expect(await jobTokens()).toBe(0);
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
  expect([await leasedUsers(), await keys('sys/leases/lookup/database/creds/app'), await jobTokens()]).toEqual([
    '',
    [],
    0,
  ]);
});

it('pki: openssl reads the files, and the certificate is revoked by its serial number', async () => {
  const result = await play('pki');
  expect(use(result).conclusion).toBe('success');
  expect([result.result, warnings(result)]).toEqual(['success', []]);
  expect(endings(result)).toEqual(['Vault certificate of pki/issue/ci: revoked', 'Vault token: revoked']);
  expect(await revocations()).toEqual([expect.any(Number)]);
  expect((await revocations())[0]).toBeGreaterThan(0);
  expect((await inRevocationList(await keys('pki/certs'))).filter(Boolean)).toHaveLength(1);
  expect(await jobTokens()).toBe(0);
});

it('events that anybody may start have the ref of the branch, and are not let in', async () => {
  await setUp('database');
  for (const event of ['pull_request_target', 'issue_comment', 'workflow_run']) {
    const result = await start('database', event);
    expect(vault.world.github.claims()).toMatchObject({ event_name: event, ref: 'refs/heads/main' });
    expect(result.result).toBe('failure');
    expect(stage(result, 'main').log.join('\n')).toMatch(/\[vault\/[a-z-]+\].*claim "event_name"/s);
  }
  expect([await leasedUsers(), await jobTokens()]).toEqual(['', 0]);
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
  expect([stage(result, 'main').exported, await leasedUsers(), await jobTokens()]).toEqual([{}, '', 0]);
});

it('database without sys/leases/revoke: main names the line, the end is queued, and comes', async () => {
  const result = await play('database', 'sys/leases/revoke');
  expect(result.result).toBe('success');
  const allow = `Allow it in the policies of the role database: ${line('sys/leases/revoke', 'update')}`;
  expect(stage(result, 'main').log.join('\n')).toContain(allow);
  expect(endings(result)[0]).toMatch(
    /: revocation queued \(through its token: the policy does not allow update on sys/,
  );
  expect(await soon(async () => (await leasedUsers()) === '')).toBe(true);
});

it('pki without pki/revoke: main names the line, and post says until when the certificate is good', async () => {
  const result = await play('pki', 'pki/revoke');
  expect(result.result).toBe('success');
  const allow = `Allow it in the policies of the role pki: ${line('pki/revoke', 'update')}`;
  expect(stage(result, 'main').log.join('\n')).toContain(allow);
  expect(endings(result)[0]).toMatch(
    /: not revoked; it ends at .* \(the policy does not allow update on pki\/revoke\)/,
  );
  expect(await revocations()).toEqual([0]);
});
