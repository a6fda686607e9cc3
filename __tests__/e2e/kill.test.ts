// Main of four clouds, killed between any two of its deeds: what it had is ended by post, and nothing of it stays.
import { defaultTrust } from '../../sandbox/default-trust.ts';
import type { Entry } from '../../sandbox/ledger.ts';
import type { Hooks } from '../../sandbox/runner/job-state.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { alive, asked, owed, type Point, recorded, setAside, stillSet, stopsMain, until } from './interrupted.ts';
import { calm, cleanUp, FOUR, type Played, play, type Scenario, VAULT } from './scenario.ts';

/** Readers of these do not take empty for absent, and GitHub cannot unset: they stay, and hold no secret (CONTRACT). */
const LEFT = ['AWS_DEFAULT_REGION', 'AWS_REGION', 'AZURE_AUTHORITY_HOST', 'CLOUDSDK_CORE_PROJECT'];
const VARIABLES = 27;

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

/** Files and leaks are looked at by `play`; what is alive, here. Keepers are killed in keeper.test.ts. */
async function killed(scenario: Scenario): Promise<Played> {
  const played = await play(
    world,
    { ...scenario, with: { ...(scenario.with ?? FOUR), 'keep-fresh': 'never' } },
    { alive: true },
  );
  expect(played.main.exitCode).toBe(137);
  expect(played.post?.outcome).toBe('success');
  // One append each: all of it or none.
  expect([0, VARIABLES]).toContain(Object.keys(played.main.exported).length);
  expect(stillSet(played)).toEqual(Object.keys(played.main.exported).length === 0 ? [] : LEFT);
  return played;
}

const points = (kind: Point['kind'], ...ns: number[]): Point[] => ns.map((n) => ({ kind, n }));
const behind = (kind: Point['kind'], ...ns: number[]): Point[] => ns.map((n) => ({ kind, n, after: true }));
const named = (all: Point[]): [string, Point][] =>
  all.map((point) => [`${point.after ? 'after' : 'before'} ${point.kind} ${point.n}`, point]);

describe('killed where no request is under way', () => {
  it.each(
    named([
      ...points('mask', 1, 8), // the request token; the nonce
      ...points('fs', 1, 3), // modes of the command files
      ...points('state', 1, 2), // nonce, settings
      ...points('line', 1),
      // Everything has answered: what will last is written down, the folder is owed, made, filled; each variable is owed; then one append each.
      ...points('state', 5, 6),
      ...points('fs', 4, 5, 6, 8, 10),
      ...points('state', 7, 19, 33),
      ...points('env', 1),
      ...points('fs', 13, 14),
      ...points('line', 10),
    ]),
  )('%s: nothing is left', async (_, point) => {
    await killed({ machine: stopsMain(point) });
    expect(await alive(world, since, [])).toEqual([]);
  });
});

describe('killed while requests are under way', () => {
  it.each(
    named([...points('connect', 1, 10), ...points('request', 1, 5, 7, 8, 10, 11, 12), ...points('mask', 40, 80)]),
  )('%s: only a token that main never wrote down may be alive', async (_, point) => {
    const played = await killed({ machine: stopsMain(point) });
    await alive(world, since, []);
    const lost = (entry: Entry) => entry.kind === 'service token' && !recorded(played, entry);
    expect(owed(world, since).filter((entry) => !lost(entry))).toEqual([]);
  });
});

/** Without the others, whose sessions are written down too: the third record is the token, the fourth the lease. */
const ALONE = VAULT;

describe('killed around the record of what came', () => {
  it('between the mask of the Vault token and its record, the token lives until it expires: a secret is masked before it is written', async () => {
    await killed({ with: ALONE, machine: stopsMain({ kind: 'state', n: 3 }) });
    expect(await alive(world, since, ['service token'])).toEqual(['service token']);
  });

  it.each(named([...behind('state', 3), ...points('state', 4), ...behind('state', 4)]))(
    '%s: token, lease and database user end',
    async (_, point) => {
      const { log } = await killed({ with: ALONE, machine: stopsMain(point) });
      expect(await alive(world, since, [])).toEqual([]);
      expect(log).toContain('Vault token: revoked');
    },
  );

  it('a lease that was written down is revoked by itself, before its token', async () => {
    const { log } = await killed({ with: ALONE, machine: stopsMain({ kind: 'state', n: 4, after: true }) });
    expect(log).toContain('Vault lease of database/creds/readonly: revoked');
    const revocations = world.traffic.map((t) => t.operation).filter((o) => /revoke/.test(o));
    expect(revocations).toEqual(['sys/leases/revoke', 'auth/token/revoke-self']);
  });
});

const KV = { ...FOUR, 'vault-secrets': 'secret/data/app password | APP_PASSWORD' };
const DATABASE = { ...FOUR, 'vault-secrets': 'database/creds/readonly password | DB_PASSWORD' };

describe('killed when a request was served and its answer is lost', () => {
  it.each([
    ['an identity token', FOUR, 'github', 'idtoken', []],
    ['the AWS session', FOUR, 'aws', 'AssumeRoleWithWebIdentity', []],
    ['the Azure access token', FOUR, 'azure', /./, []],
    ['the Google federated token', FOUR, 'gcp', 'token', []],
    ['the Google access token', FOUR, 'gcp', 'generateAccessToken', []],
    // The one grant whose answer never reached main (INVARIANTS, what no action can prevent).
    ['the Vault token', FOUR, 'vault', 'auth/jwt/login', ['service token']],
    ['the static secret', KV, 'vault', 'read', []],
    // Its lease is indexed under the token, and goes with it.
    ['the leased secret', DATABASE, 'vault', 'read', []],
  ])('%s', async (_, inputs, service, operation, lost) => {
    world.faults.push({ service, operation, kind: 'hang-after' });
    // Vault's own work is done, so that this is the only answer that is lost.
    const alone = () => ['github', 'vault'].includes(service) || asked(world, 'read', 200, /database/);
    await killed({ with: inputs, run: { hooks: { onStart: killsMain(alone) } } });
    expect(await alive(world, since, lost)).toEqual(lost);
  });
});

describe('killed while main gives up, since a cloud refused', () => {
  it.each(['sys/leases/revoke', 'auth/token/revoke-self'])(
    '%s was served, its answer is lost: post ends the rest',
    async (operation) => {
      Object.assign(world.trust, { aws: { accounts: {} } });
      world.faults.push({ service: 'aws', kind: 'delay', ms: 500 }); // Vault is done by then
      world.faults.push({ service: 'vault', operation, kind: 'hang-after' });
      const { main, log } = await killed({ run: { hooks: { onStart: killsMain(() => true) } } });
      expect(main.exported).toEqual({});
      expect(await alive(world, since, [])).toEqual([]);
      expect(log).not.toMatch(/Vault .*not revoked/);
    },
  );
});

/** A hook that kills main once an answer was held back, and `ready`. */
function killsMain(ready: () => boolean): NonNullable<Hooks['onStart']> {
  const hung = () => world.traffic.some((t) => t.outcome === 'hang-after');
  return (step, process) => {
    if (step.kind !== 'main') return;
    until(() => hung() && ready()).then(
      () => process.kill('SIGKILL'),
      () => {}, // then main was not killed, which the test sees
    );
  };
}

it('a kill in front of everything leaves post with nothing to do, and without a request', async () => {
  const { log } = await killed({ machine: stopsMain({ kind: 'state', n: 1 }) });
  expect(log).toContain('Nothing was obtained, so there is nothing to end.');
  expect(world.traffic).toEqual([]);
});
