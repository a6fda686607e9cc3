// The run is cancelled while main works: main ends by itself within the runner's patience, starts nothing new, and post ends what it had.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultTrust } from '../../sandbox/default-trust.ts';
import type { Hooks } from '../../sandbox/runner/job-state.ts';
import type { JournalEntry } from '../../sandbox/runner/journal.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { alive, asked, type Point, setAside, stillSet, stopsMain, until } from './interrupted.ts';
import { AWS, calm, cleanUp, FOUR, type Played, play, type Scenario, VAULT } from './scenario.ts';

let world: World;
let since: number;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => {
  since = world.ledger.all().length;
});
afterEach(() => {
  Object.assign(world.trust, defaultTrust());
  setAside(world, since);
  cleanUp();
  calm(world);
});
afterAll(() => world.stop());

/** Cancels once `met`; what must hold whenever main was cancelled. */
async function cancelled(scenario: Scenario, met: () => boolean, go = () => {}): Promise<Played> {
  const run = new AbortController();
  const cancelling = until(met).then(
    () => {
      run.abort(); // SIGINT is sent in this very call
      go();
    },
    () => {}, // not cancelled, which the outcome tells
  );
  const played = await play(
    world,
    { with: FOUR, ...scenario, run: { ...scenario.run, cancel: run.signal } },
    { alive: true },
  );
  await cancelling;
  const { main, post, result } = played;
  expect({ result: result.result, main: main.outcome, post: post?.outcome }).toEqual({
    ...{ result: 'cancelled', main: 'cancelled', post: 'success' },
  });
  expect(startedAfterSignal(main.journal)).toEqual([]);
  // 137: the runner had to kill it.
  expect(main.exitCode).not.toBe(137);
  expect(await alive(world, since, [])).toEqual([]);
  return played;
}

function startedAfterSignal(journal: readonly JournalEntry[]): string[] {
  const signal = journal.findIndex((entry) => entry.kind === 'signal');
  const later = signal < 0 ? [] : journal.slice(signal + 1);
  return later
    .filter(({ kind }) => kind === 'request' || kind === 'connect' || kind === 'spawn')
    .map(({ kind, target }) => `${kind} ${target}`);
}

/** Cancels main while it stands still at a point. */
async function cancelledAt(point: Point, scenario: Scenario = {}): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'pause-'));
  const marker = join(folder, 'main');
  try {
    const machine = { ...scenario.machine, ...stopsMain(point, marker) };
    const reached = () => existsSync(`${marker}.reached`);
    return await cancelled({ ...scenario, machine }, reached, () => writeFileSync(`${marker}.go`, ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const nothingExported = ({ main }: Played) => expect(main.exported).toEqual({});
const operations = (service: string) => world.traffic.filter((t) => t.service === service).map((t) => t.operation);

describe('before the first answer', () => {
  it('while main starts: it has no listener yet and ends at once, and nothing is owed', async () => {
    const played = await cancelledAt({ kind: 'mask', n: 1 });
    expect(played.main.exitCode).toBe(130);
    nothingExported(played);
    expect(world.traffic).toEqual([]);
  });

  it('in front of the first request: no token is exchanged', async () => {
    const played = await cancelledAt({ kind: 'request', n: 1 });
    nothingExported(played);
    expect(new Set(world.traffic.map((t) => t.operation))).toEqual(new Set(['idtoken']));
  });

  it('while the endpoint of identity tokens hangs', async () => {
    world.faults.push({ service: 'github', kind: 'hang', times: Number.POSITIVE_INFINITY });
    const played = await cancelled({}, () => asked(world, 'idtoken', 'hang'));
    nothingExported(played);
    expect(played.main.annotations.map((a) => a.message).join()).toContain('[run/cancelled]');
  });

  it('while the proxy does not answer for the endpoint of identity tokens', async () => {
    world.faults.push({ service: 'github', kind: 'connect-hang', times: Number.POSITIVE_INFINITY });
    nothingExported(await cancelled({}, () => world.connects.some((c) => c.outcome === 'connect-hang')));
    expect(world.traffic).toEqual([]);
  });

  it('while the proxy does not answer for a cloud', async () => {
    world.faults.push({ service: 'aws', kind: 'connect-hang', times: Number.POSITIVE_INFINITY });
    const played = await cancelled({}, () => asked(world, 'read', 200, /database/));
    nothingExported(played);
    expect(played.log).toContain('Vault token: revoked');
  });
});

describe('while a cloud is asked', () => {
  it('an answer that never comes is cut off after the grace; what the others gave is ended by post', async () => {
    world.faults.push({ service: 'gcp', operation: 'token', kind: 'hang', times: Number.POSITIVE_INFINITY });
    // SIGTERM comes within the grace, and changes nothing.
    const run = { graces: { interrupt: 1_000, terminate: 9_000 } };
    const played = await cancelled(
      { run },
      () => asked(world, 'token', 'hang') && asked(world, 'read', 200, /database/),
    );
    nothingExported(played);
    expect(played.main.journal.filter((e) => e.kind === 'signal').map((e) => e.what)).toEqual(['SIGINT', 'SIGTERM']);
    expect(played.log).toContain('Vault lease of database/creds/readonly: revoked');
    expect(played.log).toContain('Vault token: revoked');
    expect(operations('gcp')).toEqual(['token']);
  });

  it("Vault's token that comes within the grace is written down, not used, and ended by post", async () => {
    world.faults.push({ service: 'vault', operation: 'auth/jwt/login', kind: 'delay', ms: 1_000 });
    const played = await cancelled({}, () => asked(world, 'auth/jwt/login'));
    nothingExported(played);
    expect(operations('vault')).toEqual(['auth/jwt/login', 'auth/token/revoke-self']);
    expect(played.log).toContain('Vault token: revoked');
  });

  it('a lease that comes within the grace is written down, and ended by post', async () => {
    const inputs = { ...FOUR, 'vault-secrets': 'database/creds/readonly password | DB_PASSWORD' };
    world.faults.push({ service: 'vault', operation: 'read', kind: 'delay', ms: 1_000 });
    const played = await cancelled({ with: inputs }, () => asked(world, 'read'));
    nothingExported(played);
    expect(played.log).toContain('Vault lease of database/creds/readonly: revoked');
  });

  it('the wait before a next try ends at once, and there is no next try', async () => {
    const reply = { status: 429, headers: { 'retry-after': '25' }, body: '' };
    world.faults.push({
      service: 'vault',
      operation: 'auth/jwt/login',
      kind: 'status',
      reply,
      times: Number.POSITIVE_INFINITY,
    });
    const waits = () => asked(world, 'auth/jwt/login', 429);
    nothingExported(await cancelled({ with: { ...AWS, ...VAULT } }, waits));
    expect(operations('vault')).toEqual(['auth/jwt/login']);
  });
});

describe('when all have answered', () => {
  it('while files are written: delivery is one piece, and post takes all of it back', async () => {
    const played = await cancelledAt({ kind: 'fs', n: 5 });
    expect(Object.keys(played.main.exported)).toHaveLength(27);
    expect(stillSet(played)).toEqual([
      'AWS_DEFAULT_REGION',
      'AWS_REGION',
      'AZURE_AUTHORITY_HOST',
      'CLOUDSDK_CORE_PROJECT',
    ]);
  });

  it('the last answer comes within the grace: nothing is delivered any more', async () => {
    world.faults.push({ service: 'aws', kind: 'delay', ms: 1_500 });
    let answered: number | undefined;
    const played = await cancelled({}, () => {
      if (asked(world, 'read', 200, /database/)) answered ??= Date.now();
      // AWS is asked at about the same time; half a second later in any case.
      return answered !== undefined && Date.now() - answered > 500;
    });
    expect(operations('aws')).toEqual(['AssumeRoleWithWebIdentity']);
    nothingExported(played);
  });
});

describe('while main gives up, since a cloud refused', () => {
  it('a revocation that hangs is left to post', async () => {
    Object.assign(world.trust, { aws: { accounts: {} } });
    world.faults.push({ service: 'vault', operation: /revoke/, kind: 'hang' });
    const played = await cancelled({}, () => world.traffic.some((t) => t.outcome === 'hang'));
    nothingExported(played);
    expect(played.log).toContain('Vault token: revoked');
  });
});

describe('while post works', () => {
  it('the runner leaves it alone, and it ends everything', async () => {
    world.faults.push({ service: 'vault', operation: 'sys/leases/revoke', kind: 'delay', ms: 500 });
    const run = new AbortController();
    const cancelling = until(() => asked(world, 'sys/leases/revoke')).then(() => run.abort());
    const { result, post, log } = await play(world, { with: FOUR, run: { cancel: run.signal } });
    await cancelling;
    expect(result.result).toBe('cancelled');
    expect(post?.exitCode).toBe(0);
    expect(log).toContain('Vault token: revoked');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s from outside: it goes on, and ends everything', async (signal) => {
    world.faults.push({ service: 'vault', operation: 'sys/leases/revoke', kind: 'delay', ms: 500 });
    const onStart = signalled('post', signal, () => asked(world, 'sys/leases/revoke'));
    const { post, log } = await play(world, { with: FOUR, run: { hooks: { onStart } } });
    expect(post?.exitCode).toBe(0);
    // Post itself looks whether the keeper is still there, by a signal that is none.
    const signals = post?.journal.filter((e) => e.kind === 'signal' && !/^kill \d+ 0$/.test(e.what ?? ''));
    expect(signals?.map((e) => e.what)).toEqual([signal]);
    expect(log).toContain('Vault lease of database/creds/readonly: revoked');
    expect(log).toContain('Vault token: revoked');
  });
});

it('a termination from outside, without the runner, is treated alike', async () => {
  world.faults.push({ service: 'aws', kind: 'hang', times: Number.POSITIVE_INFINITY });
  const met = () => asked(world, 'AssumeRoleWithWebIdentity', 'hang') && asked(world, 'read', 200, /database/);
  const onStart = signalled('main', 'SIGTERM', met);
  const { main, log } = await play(world, { with: FOUR, run: { hooks: { onStart } } });
  expect(main.exitCode).toBe(1);
  expect(main.exported).toEqual({});
  expect(startedAfterSignal(main.journal)).toEqual([]);
  expect(log).toContain('Vault token: revoked');
});

/** A hook that sends a signal to a stage once `met`. */
function signalled(stage: 'main' | 'post', signal: NodeJS.Signals, met: () => boolean): NonNullable<Hooks['onStart']> {
  return (step, process) => {
    if (step.kind !== stage) return;
    until(met).then(
      () => process.kill(signal),
      () => {}, // no signal, which the journal tells
    );
  };
}
