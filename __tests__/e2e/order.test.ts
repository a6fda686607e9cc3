// The order in which the good path leaves the process: masks before use, debts before deeds, deliveries last. Read from the journal of main and post.
import { basename } from 'node:path';
import type { JournalEntry } from '../../sandbox/runner/journal.ts';
import type { StepResult } from '../../sandbox/runner/result.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { calm, cleanUp, FOUR, type Played, play } from './scenario.ts';

let world: World;
let played: Played;
/** One job with four clouds, looked at from all sides. The exchanges are held back, so that their order says something. */
beforeAll(async () => {
  world = await startWorld();
  for (const operation of ['AssumeRoleWithWebIdentity', 'token', 'auth/jwt/login', 'read'])
    world.faults.push({ kind: 'delay', ms: 500, operation, times: Number.POSITIVE_INFINITY });
  // The keeper's own order is keeper.test.ts's.
  played = await play(world, { with: { ...FOUR, 'keep-fresh': 'never' } });
  expect(played.result.result).toBe('success');
});
afterAll(async () => {
  cleanUp();
  calm(world);
  await world.stop();
});

/** What an entry did, in a word or two; undefined for what is no deed (connections, closing of groups). */
function deed(entry: JournalEntry): string | undefined {
  const { kind, text = '', path = '', target = '', what } = entry;
  if (kind === 'stdout' && text.startsWith('::add-mask::')) return 'mask';
  if (kind === 'stdout') return `say ${/^::group::(.*)\n/.exec(text)?.[1] ?? ''}`.trim();
  if (kind === 'request') return `request ${new URL(`https://${target}`).host}`;
  if (kind === 'connect') return undefined;
  if (kind !== 'fs') return `${kind} ${what ?? ''}`;
  const file = basename(path).replace(/_[0-9a-f-]{36}$/, '');
  if (what !== 'appendFile') return `${what?.replace('writeFile', 'write')} ${file.replace(/[0-9a-f]{32}/, 'N')}`;
  if (file !== 'save_state') return file;
  const record = /\n(\{.*\})\n/.exec(text)?.[1];
  const { by, kind: verb } = JSON.parse(record ?? '{"by":"","kind":"nonce"}') as { by: string; kind: string };
  return `owe ${`${by} ${verb}`.trim()}`;
}

/** Deeds without repetition of what follows itself. */
function deeds(step: StepResult | undefined): string[] {
  const all = (step?.journal ?? []).map(deed).filter((d) => d !== undefined);
  return all.filter((d, i) => d !== all[i - 1]);
}

const count = (step: StepResult, wanted: string) => step.journal.filter((e) => deed(e) === wanted).length;
const CLOSED = ['chmod set_env', 'chmod set_output', 'chmod save_state'];
const MINT = 'request run-actions-1-azure-eastus.actions.githubusercontent.com';

describe('main', () => {
  it('begins by closing its command files and writing down what post decides by; then it asks', () => {
    const all = deeds(played.main);
    expect(all.slice(0, all.indexOf(MINT) + 1)).toEqual([
      'mask',
      ...CLOSED,
      'mask',
      'owe nonce',
      'owe step settings',
      'say Plan',
      'say',
      MINT,
    ]);
  });

  it('mints one token an exchange, and one for the file that the Azure SDKs exchange', () => {
    const minted = world.traffic
      .filter((t) => t.operation === 'idtoken')
      .map((t) => t.call.url.searchParams.get('audience'));
    expect(minted.sort()).toEqual([
      'api://AzureADTokenExchange',
      'api://AzureADTokenExchange',
      'https://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org',
      'https://vault.example.com',
      'sts.amazonaws.com',
    ]);
    expect(count(played.main, MINT)).toBe(5);
  });

  it('asks nobody for an exchange before every identity token is masked', () => {
    const tokens = world.ledger.all('github').filter((e) => e.kind === 'identity token');
    const masked = tokens.map((e) => maskOf(played.main, e.secrets[0] ?? ''));
    const asked = played.main.journal.findIndex((e) => e.kind === 'request' && deed(e) !== MINT);
    expect(masked.every((at) => at >= 0 && at < asked)).toBe(true);
  });

  it('masks every secret before it stands anywhere else', () => {
    const secrets = world.ledger.all().flatMap((e) => e.secrets);
    // Those too that were read beside the keys that were asked for.
    expect(secrets.filter((value) => maskOf(played.main, value) < 0)).toEqual([]);
    // The request token, five identity tokens, the session's three, Azure's, Google's two, Vault's token, user and passwords.
    expect(secrets.length).toBeGreaterThanOrEqual(14);
    for (const value of secrets) {
      const first = played.main.journal.findIndex((e) => (e.text ?? '').includes(value));
      expect(first).toBe(maskOf(played.main, value));
    }
  });

  it('owes the Vault token before it reads with it, and the lease before anything is delivered', () => {
    const { journal } = played.main;
    const owed = journal.findIndex((e) => deed(e) === 'owe vault token');
    const read = journal.findIndex(
      (e) => e.kind === 'request' && /^vault\.example\.com\/v1\/(?!auth\/)/.test(e.target ?? ''),
    );
    const lease = journal.findIndex((e) => deed(e) === 'owe vault lease');
    const folder = journal.findIndex((e) => deed(e) === 'owe step folder');
    expect(owed).toBeGreaterThan(0);
    expect([owed, read, lease, folder]).toEqual([owed, read, lease, folder].sort((a, b) => a - b));
  });

  it('delivers at the end: the folder, the files, then all variables and all outputs in one append each', () => {
    const all = deeds(played.main);
    expect(all.slice(all.indexOf('owe step folder'))).toEqual([
      'owe step folder',
      'mkdir workload-identity-N',
      'open azure-identity-token',
      'write azure-identity-token',
      'open gcp-identity-token',
      'write gcp-identity-token',
      'open gcp-credentials.json',
      'write gcp-credentials.json',
      'open gcp-docker-credentials.json',
      'write gcp-docker-credentials.json',
      'owe step variable',
      'set_env',
      'set_output',
      'say Issued',
      'say',
      'step_summary',
    ]);
    expect([count(played.main, 'set_env'), count(played.main, 'set_output')]).toEqual([1, 1]);
    const variables = Object.keys(played.main.exported);
    expect(count(played.main, 'owe step variable')).toBe(variables.length);
  });

  it('makes its files in a way that nobody can get in between', () => {
    const { journal } = played.main;
    expect(journal.find((e) => e.what === 'mkdir')?.mode).toBe(0o700);
    const opened = journal.filter((e) => e.what === 'open').map(({ mode, flags }) => ({ mode, flags: Number(flags) }));
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = process.getBuiltinModule('node:fs').constants;
    expect(opened).toHaveLength(4);
    for (const open of opened) expect(open).toEqual({ mode: 0o600, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW });
  });

  it('starts no process, ends by itself, and writes nothing to stderr', () => {
    expect(played.main.journal.filter((e) => ['spawn', 'exit', 'signal', 'stderr'].includes(e.kind))).toEqual([]);
    expect([played.main.stderr, played.main.exitCode]).toEqual(['', 0]);
  });
});

describe('the exchanges', () => {
  const of = (operation: string) => world.traffic.filter((t) => t.operation === operation);

  it.each([
    ['clouds', ['AssumeRoleWithWebIdentity', 'token', 'auth/jwt/login'], 4],
    ['reads', ['read'], 2],
  ])('overlap: the last of the %s begins before the first has ended', (_, names, expected) => {
    const all = names.flatMap(of);
    expect(all).toHaveLength(expected);
    const ends = all.map((t) => t.end ?? Number.POSITIVE_INFINITY);
    expect(Math.max(...all.map((t) => t.start))).toBeLessThan(Math.min(...ends));
  });

  it('need no request too many', () => {
    const before = world.traffic
      .filter((t) => t.start < (played.post?.start ?? 0))
      .map((t) => `${t.service} ${t.operation}`);
    expect(before.filter((o) => o !== 'github idtoken').sort()).toEqual([
      'aws AssumeRoleWithWebIdentity',
      'azure token',
      'gcp generateAccessToken',
      'gcp token',
      'vault auth/jwt/login',
      'vault read',
      'vault read',
      'vault sys/capabilities-self', // beside the reads
    ]);
  });
});

it('post: its command files closed, the variables; the lease, then its token; the folder, the command files; and only then it says what became of them', () => {
  expect(deeds(played.post)).toEqual([
    'mask',
    ...CLOSED,
    'set_env',
    'request vault.example.com',
    'rm workload-identity-N',
    'truncate set_env',
    'truncate set_output',
    'truncate save_state',
    'say What became of the credentials',
    'say',
    'step_summary',
  ]);
  const asked = (played.post?.journal ?? []).filter((e) => e.kind === 'request').map((e) => e.target);
  expect(asked).toEqual(['vault.example.com/v1/sys/leases/revoke', 'vault.example.com/v1/auth/token/revoke-self']);
  expect(played.post?.journal.filter((e) => ['spawn', 'exit', 'signal', 'stderr'].includes(e.kind))).toEqual([]);
});

/** Where in the journal a value is masked as it is; -1: never. */
function maskOf(step: StepResult, value: string): number {
  const escaped = value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return step.journal.findIndex((e) => e.kind === 'stdout' && e.text === `::add-mask::${escaped}\n`);
}
