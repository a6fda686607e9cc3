import type { Grant } from '../../src/core/grant.ts';
import { openLedger } from '../../src/core/keep.ts';
import type { Background, Backgrounds } from '../../src/core/ports.ts';
import type { KeepFresh } from '../../src/core/provider.ts';
import { Secret } from '../../src/core/secret.ts';
import type { StepFolder } from '../../src/core/step-folder.ts';
import type { World } from '../../src/core/world.ts';
import type { Orders } from '../../src/inputs/index.ts';
import { type Commission, readCommission } from '../../src/keep-fresh/commission.ts';
import { keeperOf } from '../../src/keep-fresh/start.ts';
import { fakeClock, START } from '../literals/clock.ts';
import { jwt } from '../literals/identity.ts';
import { FOLDER, memoryFiles } from '../literals/keeper.ts';
import { fixedRandom } from '../literals/random.ts';
import { recordingRunner } from '../literals/runner.ts';

const HOUR = 3_600_000;
const REQUEST = { audience: 'api://AzureADTokenExchange' };
const GRANT: Grant = {
  cloud: 'azure',
  credentials: [],
  variables: [],
  outputs: [],
  secretOutputs: [],
  files: [],
  remarks: [],
  warnings: [],
  handover: { token: new Secret('handed-over-token', 'token'), lifeMs: 300_000 },
};

interface Machine {
  readonly keepFresh?: KeepFresh;
  readonly keeps?: 'early' | 'late';
  readonly lifetime?: number;
  readonly requestToken?: string;
  readonly firstLine?: string;
  readonly takes?: boolean;
  readonly refuses?: true;
  readonly env?: Record<string, string>;
}

function stepKeeper({
  keepFresh = 'auto',
  keeps = 'early',
  lifetime = 3600,
  requestToken = 'opaque',
  firstLine = '{"port":4711}',
  takes = true,
  refuses,
  env = {},
}: Machine = {}) {
  const journal: string[] = [];
  const lines: string[] = [];
  const background: Background = {
    pid: 42,
    began: '777',
    firstLine: async () => firstLine,
    async release(line) {
      journal.push('release');
      lines.push(line);
      return takes;
    },
    drop: () => void journal.push('drop'),
  };
  const processes: Backgrounds = {
    startKeeper() {
      if (refuses) throw Object.assign(new Error('no'), { code: 'EAGAIN' });
      journal.push('start');
      return background;
    },
    find: () => 'there',
    kill: () => {},
    parent: () => ({ pid: 7, began: '9' }),
  };
  const runner = recordingRunner({ env });
  const random = fixedRandom();
  const { files } = memoryFiles();
  const ledger = openLedger(runner, random);
  const folder = { name: () => FOLDER } as StepFolder;
  const world = { runner, random, files, clock: fakeClock(), backgrounds: async () => processes } as unknown as World;
  const orders = {
    terms: { keepFresh, lifetime },
    tasks: [{ cloud: 'azure', request: REQUEST, keeps }],
  } as unknown as Orders;
  const endpoint = {
    url: 'https://run.actions.githubusercontent.com/idtoken',
    requestToken: new Secret(requestToken, 'request token'),
  };
  const keeper = keeperOf({ orders, world, network: { proxy: 'http://proxy.example:3128' }, endpoint, ledger, folder });
  const commission = () => readCommission(lines[0] ?? '') as Commission;
  return { keeper, journal, runner, ledger, commission };
}

it('starts once, however often it is wanted', async () => {
  const { keeper, journal } = stepKeeper();
  keeper.startEarly();
  await Promise.all([keeper.ready(), keeper.ready()]);
  expect(journal).toEqual(['start']);
});

it('starts late where nobody wants it from the start', async () => {
  const { keeper, journal } = stepKeeper({ keeps: 'late' });
  keeper.startEarly();
  expect(journal).toEqual([]);
  await keeper.ready();
  expect(journal).toEqual(['start']);
});

it('is owed as soon as it runs, its port as soon as it is known; its secrets are masked before that', async () => {
  const { keeper, ledger, runner } = stepKeeper();
  await keeper.ready();
  const owed = ledger.debts.filter(({ kind }) => kind.startsWith('keeper'));
  expect(owed.map(({ kind, data }) => ({ kind, ...data }))).toEqual([
    { kind: 'keeper', pid: 42, began: '777', stop: expect.any(String), nonce: expect.any(String) },
    { kind: 'keeper-port', port: 4711 },
  ]);
  const saved = runner.journal.findIndex(([verb, , text]) => verb === 'save' && String(text).includes('"keeper"'));
  const masks = runner.journal
    .slice(0, saved)
    .filter(([verb]) => verb === 'mask')
    .map(([, , value]) => value);
  expect(masks).toEqual(expect.arrayContaining([owed[0]?.data.stop, owed[0]?.data.nonce]));
});

it('tells a grant where it is and until when; the secret of a cloud is one, and masked', async () => {
  const { keeper, runner } = stepKeeper();
  const found = await keeper.ready();
  expect(found).toMatchObject({ origin: 'http://127.0.0.1:4711', until: START + HOUR, behindProxy: false });
  const secret = found?.secret('gcp');
  expect(secret?.reveal()).toMatch(/^[0-9a-f]{64}$/);
  expect(found?.secret('gcp').reveal()).toBe(secret?.reveal());
  expect(found?.secret('aws').reveal()).not.toBe(secret?.reveal());
  expect(runner.of('mask').map(([, value]) => value)).toContain(secret?.reveal());
});

it.each([
  ['lifetime', 3600, 'opaque', START + HOUR],
  [
    'the end of the request token, behind which nothing can be minted',
    12 * 3600,
    jwt({ exp: START / 1000 + 6 * 3600 }),
    START + 6 * HOUR,
  ],
  ['lifetime, within the request token', 3600, jwt({ exp: START / 1000 + 6 * 3600 }), START + HOUR],
])('keeps until %s', async (_, lifetime, requestToken, until) => {
  expect((await stepKeeper({ lifetime, requestToken }).keeper.ready())?.until).toBe(until);
});

describe('release', () => {
  it('hands over all that the keeper needs, in one line', async () => {
    const { keeper, commission, journal, ledger } = stepKeeper();
    const found = await keeper.ready();
    const secret = found?.secret('azure').reveal();
    await keeper.release([GRANT]);
    expect(journal).toEqual(['start', 'release']);
    expect(commission()).toEqual({
      nonce: ledger.debts.find(({ kind }) => kind === 'keeper')?.data.nonce,
      stop: ledger.debts.find(({ kind }) => kind === 'keeper')?.data.stop,
      folder: FOLDER,
      until: START + HOUR,
      network: { proxy: 'http://proxy.example:3128' },
      endpoint: { url: 'https://run.actions.githubusercontent.com/idtoken', requestToken: 'opaque' },
      job: { serverUrl: 'https://github.com' },
      runner: { pid: 7, began: '9' },
      tasks: [{ cloud: 'azure', request: REQUEST, secret, handover: { token: 'handed-over-token', lifeMs: 300_000 } }],
    });
  });

  it('is nothing where no grant hands anything over, and where none was started', async () => {
    const { handover: _, ...bare } = GRANT;
    const some = stepKeeper();
    await some.keeper.ready();
    await some.keeper.release([bare]);
    const none = stepKeeper({ keeps: 'late' });
    await none.keeper.release([GRANT]);
    expect([some.journal, none.journal]).toEqual([['start'], []]);
  });

  it('that is not taken is warned of', async () => {
    const { keeper, runner } = stepKeeper({ takes: false });
    await keeper.ready();
    await keeper.release([GRANT]);
    expect(runner.of('warn').join()).toContain('[keeper/died]');
  });
});

describe('a machine that cannot start it', () => {
  const machines: readonly (readonly [string, Machine])[] = [
    ['refuses', { refuses: true }],
    ['starts one that says nothing', { firstLine: '' }],
    ['starts one that says something else', { firstLine: 'Segmentation fault' }],
    ['starts one at no port', { firstLine: '{"port":0}' }],
    ['starts one at a port that is none', { firstLine: '{"port":99999}' }],
  ];
  it.each(machines)('%s: auto goes on without, and says so', async (_, machine) => {
    const { keeper, runner } = stepKeeper(machine);
    keeper.startEarly();
    expect(await keeper.ready()).toBeUndefined();
    expect(runner.of('say').join()).toContain('[keeper/not-started]');
  });
  it.each(machines)('%s: always does not', async (_, machine) => {
    const { keeper } = stepKeeper({ ...machine, keepFresh: 'always' });
    keeper.startEarly();
    await expect(keeper.ready()).rejects.toMatchObject({ id: 'keeper/not-started' });
  });
});

it('is dropped where main ends without releasing it', async () => {
  const { keeper, journal } = stepKeeper();
  await keeper.ready();
  keeper.drop();
  expect(journal).toEqual(['start', 'drop']);
});
