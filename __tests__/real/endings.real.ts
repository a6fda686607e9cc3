// How everything ends, on a real OpenBao with a real PostgreSQL: what is alive after post in every mode, counted on the server.
import { jest } from '@jest/globals';
import { ENDINGS_DOCUMENT } from '../../real/endings-document.ts';
import { startVaultWorld, type VaultWorld } from '../../real/vault-world.ts';
import { createAuthority } from '../../sandbox/net/authority.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { clock, random } from '../../src/adapters/system.ts';
import { openTransport } from '../../src/adapters/transport.ts';
import { Budget } from '../../src/core/budget.ts';
import type { EndingPorts } from '../../src/core/ending.ts';
import type { Debt } from '../../src/core/ledger.ts';
import { patient, type RetryPolicy } from '../../src/core/retry.ts';
import { Secret } from '../../src/core/secret.ts';
import { end } from '../../src/providers/vault/ending.ts';
import { oweResult, resultOf } from '../../src/providers/vault/results.ts';
import { jobTokens, keysAt, leasedUsers } from './alive.ts';
import { soon, stage, workflowOf } from './job.ts';

jest.setTimeout(120_000);

const own = createAuthority('of OpenBao');
const clients = createAuthority('of its clients');
const client = clients.issueClient('ci');

let vault: VaultWorld;
const results: RunResult[] = [];
const closing: (() => void)[] = [];
beforeAll(async () => {
  vault = await startVaultWorld({
    document: ENDINGS_DOCUMENT,
    tls: { server: own.issue('127.0.0.1'), clients: clients.cert },
  });
});
afterAll(() => vault?.stop());
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  for (const result of results.splice(0)) result.dispose();
  await clear();
});

/** The root namespace, and the one below it. */
const SPACES = ['', 'team/'];
const CREDS = 'database/creds/readonly password | DB_PASSWORD';

async function play(inputs: Readonly<Record<string, string>>, beforePost?: () => Promise<void>): Promise<RunResult> {
  const given = { 'vault-url': 'https://vault.example.com', 'vault-secrets': CREDS, ...inputs };
  const steps = [{ uses: 'your-org/workload-identity@v1', with: given }];
  const hooks = { beforeStep: async ({ kind }: { kind: string }) => (kind === 'post' ? beforePost?.() : undefined) };
  const result = await vault.play(workflowOf(steps), { hooks });
  results.push(result);
  return result;
}

/** `[living tokens, leases, PostgreSQL roles]` of jobs. A batch token is in no list of the server's. */
async function alive(): Promise<[number, number, number]> {
  const [tokens, leases, users] = await Promise.all([
    jobTokens(vault.bao, SPACES),
    leasesOf(),
    leasedUsers(vault.postgres),
  ]);
  return [tokens.length, leases.length, users.length];
}

async function leasesOf(): Promise<string[]> {
  const all = SPACES.map((prefix) => keysAt(vault.bao, `${prefix}sys/leases/lookup/database/creds/readonly`));
  return (await Promise.all(all)).flat();
}

/** What a mode rightly leaves alive must not be counted in the next. */
async function clear(): Promise<void> {
  for (const prefix of ['', 'team/'])
    await vault.bao.call('POST', `${prefix}sys/leases/revoke-prefix/database/creds`, { sync: true });
  for (const accessor of await jobTokens(vault.bao, SPACES))
    await vault.bao.call('POST', 'auth/token/revoke-accessor', { accessor });
  expect(await soon(async () => (await alive()).every((count) => count === 0))).toBe(true);
}

const report = (result: RunResult) =>
  (
    JSON.parse(stage(result, 'main').outputs.report ?? '{}') as { credentials: { kind: string; ending: string }[] }
  ).credentials.map(({ kind, ending }) => [kind, ending]);
const said = (result: RunResult) => stage(result, 'post').log.filter((line) => /^Vault (lease|token)/.test(line));
const LEASE = 'Vault lease of database/creds/readonly';

type Mode = readonly [
  mode: string,
  inputs: Readonly<Record<string, string>>,
  after: readonly [tokens: number, leases: number, roles: number],
  promised: readonly string[],
  told: readonly RegExp[],
];
const TEAM = { 'vault-namespace': 'team' };
const PARENT = { ...TEAM, 'vault-auth-path': 'jwt', 'vault-auth-namespace': 'root' };

const MODES: readonly Mode[] = [
  [
    'a service token',
    { 'vault-role': 'service' },
    [0, 0, 0],
    ['revoked by post', 'revoked by post'],
    [/: revoked$/, /: revoked$/],
  ],
  [
    'a service token without sys/leases/revoke',
    { 'vault-role': 'service-plain' },
    [0, 0, 0],
    ['revoked by post', 'queued by post'],
    [/: revocation queued \(through its token: the policy/, /: revoked$/],
  ],
  [
    'an exported token',
    { 'vault-role': 'service', 'vault-export-token': 'true' },
    [0, 0, 0],
    ['revoked by post', 'revoked by post'],
    [/: revoked$/, /: revoked$/],
  ],
  [
    'a batch token',
    { 'vault-role': 'batch' },
    [0, 0, 0],
    ['expires', 'revoked by post'],
    [/: revoked$/, /: not revoked; it ends at .*batch tokens cannot be revoked/],
  ],
  [
    'a batch token without sys/leases/revoke',
    { 'vault-role': 'batch-plain' },
    [0, 1, 1],
    ['expires', 'expires'],
    [/: not revoked; it ends at .*policy does not allow/, /: not revoked; it ends at /],
  ],
  [
    'a namespace for both',
    { ...TEAM, 'vault-role': 'service' },
    [0, 0, 0],
    ['revoked by post', 'revoked by post'],
    [/: revoked$/, /: revoked$/],
  ],
  [
    "a lease in a namespace below the token's",
    { ...PARENT, 'vault-role': 'team-below' },
    [0, 0, 0],
    ['revoked by post', 'revoked by post'],
    [/: revoked$/, /: revoked$/],
  ],
  [
    "a lease in a namespace below the token's, with the line for the token's own",
    { ...PARENT, 'vault-role': 'team-below-plain' },
    [0, 1, 1],
    ['revoked by post', 'expires'],
    [/: not revoked; it ends at .*policy does not allow/, /: revoked$/],
  ],
  [
    'a token of few uses',
    { 'vault-role': 'few-uses' },
    [0, 0, 0],
    ['revoked by post', 'revoked by post'],
    [/: revoked$/, /: revoked$/],
  ],
  [
    'revoke: false',
    { 'vault-role': 'service', revoke: 'false' },
    [1, 1, 1],
    ['expires', 'expires'],
    [/: not revoked; it ends at/, /: not revoked; it ends at/],
  ],
];

it.each(MODES)('%s', async (_, inputs, after, promised, told) => {
  const result = await play(inputs);
  expect(result.result).toBe('success');
  expect(await soon(async () => String(await alive()) === String(after))).toBe(true);
  expect(await alive()).toEqual(after);
  expect(report(result).map(([, ending]) => ending)).toEqual(promised);
  // Leases first; where nothing is revoked the token is named first.
  const lines = said(result).sort();
  expect(lines.map((line) => line.startsWith(LEASE))).toEqual([true, false]);
  for (const [i, pattern] of told.entries()) expect(lines[i]).toMatch(pattern);
});

it('what the report names is what the audit log has, by request id; and the token ends last', async () => {
  const result = await play({ 'vault-role': 'service' });
  const { credentials } = JSON.parse(stage(result, 'main').outputs.report ?? '') as {
    credentials: { kind: string; scope?: string; 'request-id': string }[];
  };
  const audit = vault.bao.audit();
  const entries = credentials.map((each) => audit.find((entry) => entry.id === each['request-id']));
  expect(entries.map((entry) => entry?.path)).toEqual(['auth/jwt/login', 'database/creds/readonly']);
  const token = entries[0]?.token;
  const journey = audit.filter((entry) => entry.token === token).map((entry) => entry.path);
  expect(journey.slice(-2)).toEqual(['sys/leases/revoke', 'auth/token/revoke-self']);
  expect(journey).toContain('sys/capabilities-self');
});

it.each(['https://vault.example.com', 'own'])(
  'a secret without a lease, at %s: main ends the token itself',
  async (url) => {
    const inputs = {
      'vault-role': 'service',
      'vault-audience': 'https://vault.example.com',
      'vault-ca-certificate': url === 'own' ? own.cert : '',
      'vault-url': url === 'own' ? (vault.bao.tls?.own ?? '') : url,
      'vault-secrets': 'secret/data/app password | APP_PASSWORD',
    };
    let before: string[] = [];
    const result = await play(inputs, async () => {
      before = vault.bao.audit().map((entry) => entry.path);
    });
    expect(before.at(-1)).toBe('auth/token/revoke-self');
    expect(said(result)).toEqual([expect.stringMatching(/^Vault token: revoked \(by main/)]);
    expect(await alive()).toEqual([0, 0, 0]);
  },
);

it('a certificate is revoked by its number where the policy allows it, and lives until T where not', async () => {
  await vault.bao.demand('POST', 'sys/mounts/pki', { type: 'pki' });
  await vault.bao.demand('POST', 'pki/root/generate/internal', { common_name: 'root', key_type: 'ec', ttl: '700h' });
  const kinds = { allow_any_name: true, key_type: 'ec' };
  await vault.bao.demand('POST', 'pki/roles/kept', kinds);
  await vault.bao.demand('POST', 'pki/roles/lost', { ...kinds, no_store: true });
  const allowed = 'path "pki/revoke" { capabilities = ["update"] }';
  await vault.bao.demand('POST', 'sys/policies/acl/certificates', { policy: allowed });
  const outcome = async (role: string, policies: string[]) => {
    const issued = await vault.bao.demand('POST', `pki/issue/${role}`, { common_name: 'x.example', ttl: '1h' });
    const data = { ...(issued.body?.data as Record<string, unknown>) };
    const debts: Debt[] = [];
    const keep = {
      secret: (value: string, label: string) => new Secret(value, label),
      owe: (debt: Debt) => void debts.push(debt),
    };
    const result = resultOf(`pki/issue/${role}`, data, Date.now());
    if (result) oweResult(`pki/issue/${role}`, result, keep);
    const made = await vault.bao.demand('POST', 'auth/token/create', { policies, ttl: '5m' });
    const token = (made.body as { auth: { client_token: string } }).auth.client_token;
    const ended = await end(
      [{ by: 'vault', kind: 'token', data: { token, type: 'service' } }, ...debts],
      portsTo(vault.bao.origin),
    );
    const kept = await vault.bao.call('GET', `pki/cert/${data.serial_number}`);
    const time = (kept.body?.data as { revocation_time?: number } | undefined)?.revocation_time ?? 0;
    return [ended[0]?.what, ended[0]?.outcome.how, time > 0];
  };
  const what = (role: string) => `Vault certificate of pki/issue/${role}`;
  expect(await outcome('kept', ['certificates'])).toEqual([what('kept'), 'revoked', true]);
  expect(await outcome('kept', ['default'])).toEqual([what('kept'), 'expires', false]);
  expect(await outcome('lost', ['certificates'])).toEqual([what('lost'), 'expires', false]);
});

/** The ports of an ending over the real network. */
function portsTo(url: string): EndingPorts {
  const budget = new Budget(clock, 55_000);
  const { send, close } = openTransport({}, budget.cut);
  closing.push(close);
  const settings = (name: string) => (name === 'vault-url' ? url : undefined);
  const patience = (policy: RetryPolicy) => patient(send, policy, { clock, random, budget });
  return {
    clock,
    budget,
    revoke: true,
    patient: patience,
    settings,
    reread: () => undefined,
    job: { serverUrl: '' },
    say: () => {},
  };
}

it('a secret without a lease: main ends the token, post confirms', async () => {
  const result = await play(
    { 'vault-role': 'service', 'vault-secrets': 'secret/data/app password | APP_PASSWORD' },
    async () => {
      expect(await soon(async () => (await alive())[0] === 0)).toBe(true);
    },
  );
  expect(report(result)).toEqual([['Vault service token', 'revoked by main']]);
  expect(said(result)).toEqual([expect.stringMatching(/^Vault token: revoked/)]);
  expect(await alive()).toEqual([0, 0, 0]);
});

it('a policy that forbids the token its own end: told as it is', async () => {
  const result = await play({ 'vault-role': 'no-default' });
  expect(said(result).join('\n')).toMatch(/Vault token: not revoked \[vault\/token-not-revoked\].*alive until/);
  expect(said(result).join('\n')).not.toMatch(/: revoked|queued/);
  expect(await alive()).toEqual([1, 1, 1]);
});

it('a token of too few uses: nothing is minted', async () => {
  const result = await play({ 'vault-role': 'too-few-uses' });
  expect(stage(result, 'main').log.join('\n')).toContain('[vault/token-uses]');
  expect(await alive()).toEqual([0, 0, 0]);
});

it('the database stopped in post: told as queued and not confirmed, and gone once it is back', async () => {
  const result = await play({ 'vault-role': 'service' }, () => vault.postgres.pause());
  expect(said(result)[0]).toMatch(/: revocation queued \(the server took the order\); \[vault\/lease-not-revoked\]/);
  expect(stage(result, 'post').annotations.map(({ level }) => level)).toEqual(['warning']);
  await vault.postgres.start();
  expect((await alive())[0]).toBe(0);
  expect((await leasedUsers(vault.postgres)).length).toBeLessThanOrEqual(1);
});

describe('over TLS', () => {
  const inputs = {
    'vault-role': 'service',
    'vault-audience': 'https://vault.example.com',
    'vault-ca-certificate': own.cert,
  };
  it('with an authority of its own', async () => {
    const result = await play({ ...inputs, 'vault-url': vault.bao.tls?.own ?? '' });
    expect(said(result)).toEqual([`${LEASE}: revoked`, 'Vault token: revoked']);
    expect(await alive()).toEqual([0, 0, 0]);
  });
  it('with a client certificate', async () => {
    const pair = { 'vault-client-certificate': client.cert, 'vault-client-key': client.key };
    const result = await play({ ...inputs, ...pair, 'vault-url': vault.bao.tls?.mutual ?? '' });
    expect(said(result)).toEqual([`${LEASE}: revoked`, 'Vault token: revoked']);
    expect(await alive()).toEqual([0, 0, 0]);
  });
  it.each([
    ['without its authority', { 'vault-ca-certificate': '' }, 'own', 'vault/tls-untrusted'],
    ['without a client certificate', {}, 'mutual', 'vault/tls-client-certificate'],
    [
      'with the client certificate of a stranger',
      (({ cert, key }) => ({ 'vault-client-certificate': cert, 'vault-client-key': key }))(own.issueClient('x')),
      'mutual',
      'vault/tls-client-certificate',
    ],
  ] as const)('%s: refused, with the input to mend', async (_, change, listener, id) => {
    const result = await play({ ...inputs, ...change, 'vault-url': vault.bao.tls?.[listener] ?? '' });
    expect(result.result).toBe('failure');
    expect(stage(result, 'main').log.join('\n')).toContain(`[${id}]`);
  });
});
