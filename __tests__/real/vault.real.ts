// The built action against a real OpenBao with a real PostgreSQL behind it: what post says it ended must have ended where it counts.
import { jest } from '@jest/globals';
import { parts } from '../../real/parts.ts';
import { SECRET } from '../../real/vault-document.ts';
import { startVaultWorld, type VaultWorld } from '../../real/vault-world.ts';
import { findLeaks } from '../../sandbox/leaks.ts';
import type { RunOptions } from '../../sandbox/runner/options.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { jobTokens, leasedUsers } from './alive.ts';
import { jobWith, soon, stage, use } from './job.ts';

jest.setTimeout(120_000);

/** What was alive when the post step began. */
interface Before {
  readonly lease: string;
  readonly accessor: string;
  readonly user: string;
}

let vault: VaultWorld;
const results: RunResult[] = [];

beforeEach(async () => {
  vault = await startVaultWorld();
});
afterEach(async () => {
  for (const result of results.splice(0)) result.dispose();
  await vault?.stop();
});

async function play(inputs: Record<string, string> = {}, beforePost?: () => Promise<void>) {
  let before: Before | undefined;
  const hooks: RunOptions['hooks'] = {
    async beforeStep({ kind }) {
      if (kind !== 'post') return;
      before = await alive();
      await beforePost?.();
    },
  };
  const env = { PSQL: `${parts().postgres}/psql`, PGPORT: String(vault.postgres.port) };
  const result = await vault.play(jobWith(inputs), { hooks, env });
  results.push(result);
  return { result, before: before ?? { lease: '', accessor: '', user: '' } };
}

async function alive(): Promise<Before> {
  const lease = vault.bao.audit().findLast((entry) => entry.lease)?.lease ?? '';
  return { lease, accessor: (await jobTokens(vault.bao))[0] ?? '', user: (await leasedUsers(vault.postgres))[0] ?? '' };
}

/** Paths that the job's own token was seen on, in order; neighbours of the same path count once. */
function journey(): string[] {
  const entries = vault.bao.audit();
  const token = entries.find((entry) => entry.path === 'auth/jwt/login' && !entry.failed)?.token;
  return entries.filter((entry) => entry.token === token).map((entry) => entry.path);
}

describe('a job with a policy that lets it revoke its leases', () => {
  it('works while it runs, and leaves nothing alive', async () => {
    const { result, before } = await play();
    expect(result.result).toBe('success');
    expect(use(result).stdout).toContain(`logged in as ${before.user}`);
    expect(use(result).stdout).toContain(`kv: ${SECRET.user}`);
    expect(before).toEqual({
      lease: expect.stringMatching(/^database\/creds\/readonly\/./),
      accessor: expect.stringMatching(/./),
      user: expect.stringMatching(/^v-/),
    });

    const { DB_USER: user = '', DB_PASSWORD: password = '' } = stage(result, 'main').exported;
    expect(user).toBe(before.user);
    const lookup = await vault.bao.call('POST', 'auth/token/lookup-accessor', { accessor: before.accessor });
    expect(lookup).toMatchObject({ status: 400, body: { errors: [expect.stringContaining('invalid accessor')] } });
    const lease = await vault.bao.call('POST', 'sys/leases/lookup', { lease_id: before.lease });
    expect(lease).toMatchObject({ status: 400, body: { errors: ['invalid lease'] } });
    expect(await leasedUsers(vault.postgres)).toEqual([]);
    const login = await vault.postgres.query('select 1', { user, password });
    expect(login.status).toBe(2);
    expect(login.stderr).toContain('password authentication failed');
    expect(stage(result, 'post').log.join('\n')).toMatch(
      /lease of database\/creds\/readonly: revoked\n(.*\n)*.*token: revoked/,
    );
    expect(stage(result, 'post').annotations).toEqual([]);
  });

  it('is seen by the audit log as login, reads, the lease revoked, then the token', async () => {
    await play();
    const seen = journey();
    expect(seen[0]).toBe('auth/jwt/login');
    expect(seen.slice(-2)).toEqual(['sys/leases/revoke', 'auth/token/revoke-self']);
    const reads = seen.slice(1, -2).filter((path) => !path.startsWith('sys/'));
    // Each path once, though two lines name the database's.
    expect(reads.sort()).toEqual(['database/creds/readonly', 'kv1/app', 'secret/data/app']);
    expect(vault.bao.audit().filter((entry) => entry.path === 'auth/jwt/login')).toHaveLength(1);
  });

  it('shows no secret anywhere', async () => {
    const { result } = await play();
    const exported = ['DB_PASSWORD', 'APP_PASSWORD'].map((name) => ({
      label: name,
      value: stage(result, 'main').exported[name] ?? '',
    }));
    expect(exported.map(({ value }) => value.length > 10)).toEqual([true, true]);
    expect(findLeaks({ canaries: [...vault.world.canaries(), ...exported], result })).toEqual([]);
  });
});

it('revoke: false leaves the lease, its user and the token alive, and says so', async () => {
  const { result, before } = await play({ revoke: 'false' });
  expect(result.result).toBe('success');
  expect((await vault.bao.call('POST', 'sys/leases/lookup', { lease_id: before.lease })).status).toBe(200);
  expect((await vault.bao.call('POST', 'auth/token/lookup-accessor', { accessor: before.accessor })).status).toBe(200);
  expect(await leasedUsers(vault.postgres)).toEqual([before.user]);
  expect(journey()).not.toContain('auth/token/revoke-self');
  const log = stage(result, 'post').log.join('\n');
  expect(log).toMatch(/lease of database\/creds\/readonly: not revoked; it ends at/);
  expect(log).not.toMatch(/: revoked|queued/);
});

it('without sys/leases/revoke in the policy the end is queued through the token, and comes', async () => {
  const { result, before } = await play({ 'vault-role': 'ci-no-revoke' });
  expect(before.user).toMatch(/^v-/);
  expect(result.result).toBe('success');
  const log = stage(result, 'post').log.join('\n');
  expect(log).toMatch(/lease of database\/creds\/readonly: revocation queued/);
  expect(log).not.toMatch(/lease of database\/creds\/readonly: revoked/);
  expect(await soon(async () => (await leasedUsers(vault.postgres)).length === 0)).toBe(true);
  expect((await vault.bao.call('POST', 'sys/leases/lookup', { lease_id: before.lease })).status).toBe(400);
});

it('a role bound to other claims refuses the job, with advice, and nothing is left', async () => {
  const { result } = await play({ 'vault-role': 'another-repository' });
  expect(result.result).toBe('failure');
  expect(stage(result, 'main').exported).toEqual({});
  const log = stage(result, 'main').log.join('\n');
  expect(log).toContain('[vault/claims-refused]');
  expect(log).toContain('claim "repository_id" does not match any associated bound claim values');
  expect(log).toMatch(/repository_id +1296269/);
  expect(await jobTokens(vault.bao)).toEqual([]);
  expect(await leasedUsers(vault.postgres)).toEqual([]);
});

it('a database that is down when post comes is never called revoked', async () => {
  const { result, before } = await play({}, () => vault.postgres.pause());
  const post = stage(result, 'post');
  const log = post.log.join('\n');
  expect(log).toMatch(/lease of database\/creds\/readonly: (not revoked|revocation queued)/);
  expect(log).not.toMatch(/lease of database\/creds\/readonly: revoked/);
  expect(post.annotations.map((annotation) => annotation.level)).toContain('warning');
  expect(result.result).toBe('success');
  // And rightly so: the user is still there when the database is back.
  await vault.postgres.start();
  expect(await leasedUsers(vault.postgres)).toEqual([before.user]);
});
