import type { Answer, Request } from '../../src/core/http.ts';
import { NetworkFault } from '../../src/core/http.ts';
import { type Debt, encode } from '../../src/core/ledger.ts';
import type { Backgrounds } from '../../src/core/ports.ts';
import type { World } from '../../src/core/world.ts';
import { dismiss } from '../../src/keep-fresh/dismiss.ts';
import { fakeClock } from '../literals/clock.ts';
import { FOLDER, memoryFiles } from '../literals/keeper.ts';
import { fixedRandom } from '../literals/random.ts';
import { recordingRunner } from '../literals/runner.ts';

const STOP = 'f'.repeat(64);
const NONCE = 'e'.repeat(64);
const KEEPER: Debt = { by: 'step', kind: 'keeper', data: { pid: 42, began: '777', stop: STOP, nonce: NONCE } };
const PORT: Debt = { by: 'step', kind: 'keeper-port', data: { port: 4711 } };
const HOME: Debt = { by: 'step', kind: 'folder', data: { name: FOLDER } };
const ALL = [KEEPER, PORT, HOME];
const random = fixedRandom();
const PROOF = JSON.stringify({ proof: random.fingerprint(NONCE, 'stopped') });

interface Machine {
  readonly debts?: readonly Debt[];
  /** What its port answers. */
  readonly body?: string | 'nothing';
  /** What the process is found to be, time after time; the last stays. */
  readonly found?: readonly ReturnType<Backgrounds['find']>[];
  readonly journal?: readonly object[];
}

async function dismissed({ debts = ALL, body = PROOF, found = ['there', 'gone'], journal = [] }: Machine = {}) {
  const requests: Request[] = [];
  const send = async (request: Request): Promise<Answer> => {
    requests.push(request);
    if (body === 'nothing') throw new NetworkFault('ECONNREFUSED', '127.0.0.1:4711', false);
    return { status: 200, headers: {}, body };
  };
  const killed: number[] = [];
  const states = [...found];
  const processes: Backgrounds = {
    startKeeper: () => {
      throw new Error('post starts none');
    },
    find: () => (states.length > 1 ? states.shift() : states[0]) ?? 'gone',
    kill: (pid) => void killed.push(pid),
    parent: () => undefined,
  };
  const { files } = memoryFiles();
  for (const { kind, ...data } of journal as readonly { kind: string }[])
    files.appendLine('', 'keeper.journal', encode(NONCE, 1, { by: 'keeper', kind, data }).value);
  const runner = recordingRunner();
  const world = { runner, files, random, clock: fakeClock(), backgrounds: async () => processes } as unknown as World;
  const { ended, prolonged } = await dismiss(debts, send, world);
  const told = ended.map(({ what, outcome }) =>
    `${what}: ${outcome.how} ${'note' in outcome ? outcome.note : ''}`.trim(),
  );
  return { told, prolonged, killed, requests, warnings: runner.of('warn').map(([text]) => String(text)) };
}

it('tells it to stop, with its own secret, and waits until it has', async () => {
  const { told, killed, requests, warnings } = await dismissed({
    found: ['there', 'there', 'gone'],
    journal: [{ kind: 'begun' }, { kind: 'renewed', what: 'x' }],
  });
  expect(requests).toMatchObject([
    { method: 'POST', url: 'http://127.0.0.1:4711/stop', headers: { authorization: `Bearer ${STOP}` } },
  ]);
  expect(told).toEqual(['Keeper (process 42): stopped 1 renewal']);
  expect([killed, warnings]).toEqual([[], []]);
});

it('tells until when lives what it has prolonged, for the words about that', async () => {
  const { told, prolonged } = await dismissed({
    journal: [{ kind: 'begun' }, { kind: 'renewed', what: 'Vault token', prolongs: 'Vault token', end: 9_000 }],
  });
  expect([...prolonged]).toEqual([['Vault token', 9_000]]);
  expect(told).toHaveLength(1);
});

describe('whom it ends', () => {
  it.each<[string, Machine, readonly number[]]>([
    ['our keeper that does not end by itself', { found: ['there'] }, [42]],
    ['our keeper that hangs', { body: 'nothing', found: ['there'] }, [42]],
    ['nobody, once it has ended', { found: ['there', 'gone'] }, []],
    ['nobody of that number who began at another time', { body: 'nothing', found: ['gone'] }, []],
    ['nobody where the machine cannot tell, and nobody answers', { body: 'nothing', found: ['unsure'] }, []],
    ['nobody where another answers at its port', { body: '{"proof":"0"}', found: ['unsure'] }, []],
    ['who showed to be it, where the machine cannot tell', { found: ['unsure'] }, [42]],
  ])('%s', async (_, machine, expected) => {
    expect((await dismissed(machine)).killed).toEqual(expected);
  });

  it.each<[string, Debt]>([
    ['no number', { ...KEEPER, data: { ...KEEPER.data, pid: 'all' } }],
    ['the first process of all', { ...KEEPER, data: { ...KEEPER.data, pid: 1 } }],
    ['a group', { ...KEEPER, data: { ...KEEPER.data, pid: -42 } }],
    ['a secret of another form', { ...KEEPER, data: { ...KEEPER.data, stop: 'x\r\ny' } }],
  ])('nobody by a record with %s', async (_, debt) => {
    const { told, killed, requests } = await dismissed({ debts: [debt, PORT, HOME], found: ['there'] });
    expect([told, killed, requests]).toEqual([[], [], []]);
  });

  it.each([0, 65_536, 80.5, 'evil.example'])('asks nobody at port %s', async (port) => {
    const { requests } = await dismissed({ debts: [KEEPER, { ...PORT, data: { port } }, HOME] });
    expect(requests).toEqual([]);
  });
});

describe('what it says', () => {
  it('nothing where there was none, and nothing of one that was never commissioned', async () => {
    expect((await dismissed({ debts: [HOME] })).told).toEqual([]);
    expect((await dismissed({ body: 'nothing', found: ['gone'] })).told).toEqual([]);
  });

  it('of one that ended before its time: a warning', async () => {
    const { told, warnings } = await dismissed({ body: 'nothing', found: ['gone'], journal: [{ kind: 'begun' }] });
    expect(told).toEqual(['Keeper (process 42): gone 0 renewals']);
    expect(warnings.join()).toContain('[keeper/died]');
  });

  it('of one that ended with lifetime: no warning', async () => {
    const journal = [{ kind: 'begun' }, { kind: 'ended', why: 'lifetime' }];
    const { told, warnings } = await dismissed({ body: 'nothing', found: ['gone'], journal });
    expect(told).toEqual(['Keeper (process 42): gone lifetime, 0 renewals']);
    expect(warnings).toEqual([]);
  });

  it('what could not be renewed, and until when its last session lives', async () => {
    const journal = [
      { kind: 'begun' },
      { kind: 'renewed', what: 'AWS session', end: 5_000 },
      { kind: 'failed', what: 'AWS session', id: 'aws/refused' },
    ];
    const { told, warnings } = await dismissed({ journal });
    expect(told).toEqual([
      'Keeper (process 42): stopped 1 renewal',
      'AWS session that the keeper obtained last: expires',
    ]);
    expect(warnings.join()).toContain('AWS session [aws/refused]');
  });
});
