// A job of six hours, in the world's time: every five minutes each cloud's own client works, and what is left when it ends lives minutes.
import { join } from 'node:path';
import { type SharedTime, shareTime } from '../../sandbox/shared-time.ts';
import { type PlayedPostgres, startPlayedPostgres } from '../../sandbox/vault/postgres.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type AzMachine, azMachine } from './az/machine.ts';
import { outage } from './outage.ts';
import { AWS, AZURE, cleanUp, GCP_DIRECT, play, ROOT, VAULT } from './scenario.ts';

const MINUTE = 60_000;
/** GitHub mints nothing in these minutes of a test, from the first to before the second. */
let outages: readonly (readonly [from: number, to: number])[] = [];
let begun = 0;
const minute = () => (world.clock.now() - begun) / MINUTE;
const isSilent = () => outages.some(([from, to]) => minute() >= from && minute() < to);

let machine: AzMachine;
let database: PlayedPostgres;
let world: World;
let time: SharedTime;
beforeEach(async () => {
  // One each: a job's request token ends after six hours.
  world = await startWorld({ services: [outage(isSilent)] });
  time = await shareTime(world);
  machine = azMachine();
  database = await startPlayedPostgres(world.ledger);
});
afterEach(async () => {
  cleanUp();
  machine.remove();
  await database.stop();
  await time.close();
  await world.stop();
});

const INPUTS = {
  ...AWS,
  ...AZURE,
  ...GCP_DIRECT,
  ...VAULT,
  'vault-export-token': 'true',
  'azure-consumers': 'sdk, cli',
};

const SCRIPT = join(ROOT, '__tests__/e2e/consumer/six-hours.cjs');

/** A step that works for so long, and what it says of its calls. */
async function work(inputs: Readonly<Record<string, string>>, hours: number, everyMinutes: number) {
  const then = [{ name: 'work', run: `node ${SCRIPT} ${hours} ${everyMinutes}` }];
  begun = world.clock.now();
  const played = await play(world, {
    with: { ...INPUTS, ...inputs, 'keep-fresh': 'always' },
    then,
    // Node's fetch follows a proxy only when told; without the others, the SDKs look for a cloud around the machine.
    env: { NODE_USE_ENV_PROXY: '1', AWS_EC2_METADATA_DISABLED: 'true', METADATA_SERVER_DETECTION: 'none' },
    machine: { ...time.env(), PATH: machine.path, DATABASE_PORT: String(database.port) },
    run: { observe: false },
  });
  const line = played.result.steps.find((step) => step.name === 'work')?.log.find((text) => text.startsWith('worked '));
  return { played, ...(JSON.parse(line?.slice('worked '.length) ?? '{}') as Worked) };
}

interface Worked {
  readonly calls: number;
  readonly failures: readonly { readonly cloud: string; readonly minute: number; readonly text: string }[];
}

it('every call of every client works, with credentials that live minutes', async () => {
  const { played, calls, failures } = await work({ lifetime: '6h' }, 6, 5);
  expect(failures).toEqual([]);
  expect(calls).toBe(72 * 9);

  // The last call is at the end of its lifetime: on a slow machine that comes before post does.
  expect(played.log).toMatch(/Keeper \(process \d+\): (stopped \(|had ended already \(lifetime, )\d{3,} renewals\)/);
  expect(played.post?.annotations).toEqual([]);
  const issued = world.ledger
    .all()
    .filter((entry) => !['request token', 'access token', 'static secret'].includes(entry.kind));
  const lives = issued.map((entry) => (entry.expiresAt ?? Number.POSITIVE_INFINITY) - entry.issuedAt);
  // Sessions, identity tokens: none lives longer than a quarter of an hour. Vault's are ended by post.
  const unending = issued.filter((entry, i) => !entry.revocable && (lives[i] ?? 0) > 15 * MINUTE);
  expect(unending.map(({ service, kind }) => `${service} ${kind}`)).toEqual([]);
  // The leased database user, with whom psql would log in, lived as long as the job's last call, and not longer than `lifetime`.
  const user = issued.find(({ kind }) => kind === 'database user');
  const lived = ((user?.endedAt ?? user?.expiresAt ?? 0) - begun) / MINUTE;
  expect([lived >= 355, lived <= 361]).toEqual([true, true]);
  // Entra's tokens cannot be shortened; Google's direct ones end with the identity token.
  world.clock.advance(15 * MINUTE);
  expect([...new Set(world.ledger.living().map(({ service, kind }) => `${service} ${kind}`))].sort()).toEqual([
    'azure access token',
    'vault static secret',
  ]);
}, 400_000);

describe('GitHub mints nothing', () => {
  afterEach(() => {
    outages = [];
  });

  it('for two minutes, twice: nobody notices', async () => {
    outages = [
      [7, 9],
      [20, 22],
    ];
    const { failures, played } = await work({ lifetime: '1h' }, 0.5, 1);
    expect(failures).toEqual([]);
    expect(played.post?.annotations).toEqual([]);
  }, 200_000);

  it('for a quarter of an hour: what still works is used up, then the libraries tell why, and it heals', async () => {
    outages = [[10, 26]];
    const { failures } = await work({ lifetime: '1h' }, 0.6, 2);
    const of = (wanted: string) => failures.filter(({ cloud }) => cloud === wanted);
    // Identity tokens last at least half of their five minutes, sessions half of a quarter of an hour; the last try is at most two minutes old.
    for (const [cloud, from] of [
      ['gcp', 12],
      ['azure', 12],
      ['aws', 17],
    ] as const) {
      expect(of(cloud).length).toBeGreaterThan(0);
      expect(of(cloud).filter(({ minute: at }) => at < from || at > 29)).toEqual([]);
    }
    expect(of('vault')).toEqual([]);
    // The AWS SDK for JavaScript keeps to itself why a provider of its chain had nothing.
    expect(
      of('gcp')
        .map(({ text }) => text)
        .join(),
    ).toContain('identity/refused');
  }, 200_000);
});
