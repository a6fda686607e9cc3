import type { Answer, Request } from '../../src/core/http.ts';
import { NetworkFault } from '../../src/core/http.ts';
import type { Commission } from '../../src/keep-fresh/commission.ts';
import { readJournal } from '../../src/keep-fresh/journal.ts';
import { serve } from '../../src/keep-fresh/serve.ts';
import { START } from '../literals/clock.ts';
import { jwt } from '../literals/identity.ts';
import { type FakeKeeperWorld, FOLDER, keeperWorld } from '../literals/keeper.ts';

const MINUTE = 60_000;
const NONCE = 'e'.repeat(64);
const STOP = 'f'.repeat(64);
const AUDIENCE = 'https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/g';

const COMMISSION: Commission = {
  nonce: NONCE,
  folder: FOLDER,
  until: START + 60 * MINUTE,
  stop: STOP,
  network: {},
  endpoint: { url: 'https://run.actions.githubusercontent.com/idtoken?api-version=2.0', requestToken: 'request-token' },
  job: { serverUrl: 'https://github.com', runId: '42' },
  runner: { pid: 7 },
  tasks: [
    {
      cloud: 'azure',
      request: { audience: 'api://AzureADTokenExchange' },
      secret: '',
      handover: { lifeMs: 5 * MINUTE },
    },
    {
      cloud: 'gcp',
      request: { audience: AUDIENCE },
      secret: 'google-secret',
      handover: { form: 'served', token: 'first-token', lifeMs: 5 * MINUTE },
    },
  ],
};

/** GitHub's endpoint: tokens that say for whom they are, or what `github.fault` has in their place. */
function github() {
  const state: { fault: 'none' | 'down' | 'over'; asked: string[] } = { fault: 'none', asked: [] };
  const send = async (request: Request): Promise<Answer> => {
    const audience = new URL(request.url).searchParams.get('audience') ?? '';
    state.asked.push(audience);
    if (state.fault === 'down') throw new NetworkFault('ECONNRESET', 'run.actions.githubusercontent.com', true);
    if (state.fault === 'over')
      return { status: 403, headers: {}, body: "Can't issue ID_TOKEN for job in 'Completed' state." };
    const iat = START / 1000 + state.asked.length;
    const value = jwt({ aud: audience, run_id: '42', iat, exp: iat + 300 });
    return { status: 200, headers: {}, body: JSON.stringify({ value }) };
  };
  return { state, send };
}

/** Lets what is under way come to its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((go) => setImmediate(go));
}

async function commissioned(commission: Commission = COMMISSION) {
  const { state, send } = github();
  const world = keeperWorld(send);
  const ended = serve(world);
  await settled();
  world.hand(JSON.stringify(commission));
  await settled();
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 10_000) {
      world.clock.advance(Math.min(10_000, left));
      await settled();
    }
  };
  return { world, github: state, ended, pass };
}

const google = (world: FakeKeeperWorld) =>
  world.ask({ path: '/gcp', headers: { authorization: 'Bearer google-secret' } });
const told = (world: FakeKeeperWorld) => readJournal(world.files, '/temp/folder', NONCE);

describe('before it is commissioned', () => {
  it('says where it listens, and answers nothing', async () => {
    const world = keeperWorld(github().send);
    void serve(world);
    await settled();
    expect(world.said).toEqual(['{"port":4711}']);
    expect((await google(world)).status).toBe(404);
  });

  it.each([
    ['main ends without a word', undefined],
    ['the line was cut short', '{"nonce":"'],
    ['it is no commission', '{}'],
    ["the step's folder is not there", JSON.stringify({ ...COMMISSION, folder: `${FOLDER}x` })],
  ])('%s: it ends', async (_, line) => {
    const world = keeperWorld(github().send);
    const ended = serve(world);
    await settled();
    world.hand(line);
    await ended;
    expect(world.listens()).toBe(false);
    expect(world.disk.contents).toEqual({});
  });
});

describe('keeps', () => {
  it('what main obtained, until half of its life has gone; then what is new', async () => {
    const { world, github: asked, pass } = await commissioned();
    expect(JSON.parse((await google(world)).body)).toEqual({ value: 'first-token' });
    expect(asked.asked).toEqual([]);
    await pass(100_000);
    expect(asked.asked).toEqual(['api://AzureADTokenExchange']);
    await pass(60_000);
    expect(asked.asked).toEqual(['api://AzureADTokenExchange', AUDIENCE]);
    expect(JSON.parse((await google(world)).body).value).toMatch(/^eyJ/);
  });

  it("Azure's file, rewritten at least every two minutes", async () => {
    const { world, pass } = await commissioned();
    const seen = new Set<string | undefined>();
    for (let minutes = 0; minutes < 10; minutes += 2) {
      seen.add(world.disk.contents?.['azure-identity-token']);
      await pass(2 * MINUTE);
    }
    expect(seen.size).toBe(5);
  });

  it('the login of the Azure CLI within its file, and nothing where it is not there any more', async () => {
    const file = 'azure-cli/service_principal_entries.json';
    const handover = { loginFile: file, loginMs: 5 * MINUTE };
    const request = { audience: 'api://AzureADTokenExchange', clientId: 'c' };
    const { world, pass } = await commissioned({
      ...COMMISSION,
      tasks: [{ cloud: 'azure', request, secret: '', handover }],
    });
    const login = [{ client_id: 'c', tenant: 't', client_assertion: 'old' }];
    if (world.disk.contents) world.disk.contents[file] = JSON.stringify(login);
    await pass(2 * MINUTE);
    const [kept] = JSON.parse(world.disk.contents?.[file] ?? '[]') as [{ client_assertion: string }];
    expect(kept.client_assertion).toMatch(/^eyJ/);
    if (world.disk.contents) world.disk.contents[file] = '[]';
    await pass(4 * MINUTE);
    expect(world.disk.contents?.[file]).toBe('[]');
    expect(told(world)).toMatchObject({ begun: true, failed: new Map() });
  });

  it('one token of one audience, however many ask', async () => {
    const { world, github: asked } = await commissioned();
    const storm = await Promise.all(Array.from({ length: 100 }, () => google(world)));
    expect(new Set(storm.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
    expect(asked.asked).toEqual([]);
  });
});

describe('while GitHub does not answer', () => {
  it('gives out what still works, then the refusal in the format of the library; and heals', async () => {
    const { world, github: asked, pass } = await commissioned();
    asked.fault = 'down';
    await pass(4 * MINUTE);
    expect((await google(world)).status).toBe(200);
    await pass(2 * MINUTE);
    const answer = await google(world);
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toEqual({
      error: 'temporarily_unavailable',
      error_description: expect.stringContaining('[identity/unreachable]'),
    });
    expect(told(world).failed.get("Google's identity token")).toBe('identity/unreachable');
    asked.fault = 'none';
    await pass(3 * MINUTE);
    expect((await google(world)).status).toBe(200);
    expect(told(world).failed.size).toBe(0);
  });

  it('does not ask all the time', async () => {
    const { github: asked, pass } = await commissioned();
    asked.fault = 'over';
    await pass(30 * MINUTE);
    // Two tokens, every two minutes in the end.
    expect(asked.asked.length).toBeLessThan(40);
  });
});

describe('ends', () => {
  it.each<[string, (parts: Awaited<ReturnType<typeof commissioned>>) => unknown, string]>([
    ['with lifetime', ({ pass }) => pass(60 * MINUTE), 'lifetime'],
    [
      "when the step's folder has gone",
      ({ world, pass }) => {
        world.disk.contents = undefined;
        return pass(10_000);
      },
      '',
    ],
    [
      "when the job's runner has gone",
      ({ world, pass }) => {
        world.runner = 'gone';
        return pass(10_000);
      },
      'runner gone',
    ],
    ['when it is asked to', ({ world }) => world.signal(), 'signal'],
    [
      'when post says so',
      async ({ world, pass }) => {
        const answer = await world.ask({ method: 'POST', path: '/stop', headers: { authorization: `Bearer ${STOP}` } });
        expect(JSON.parse(answer.body)).toEqual({ proof: world.random.fingerprint(NONCE, 'stopped') });
        return pass(10_000);
      },
      'post',
    ],
  ])('%s', async (_, end, why) => {
    const parts = await commissioned();
    await end(parts);
    await parts.ended;
    expect(parts.world.listens()).toBe(false);
    expect(parts.world.clock.pending()).toBe(0);
    expect(told(parts.world).ended ?? '').toBe(why);
  });

  it('not for a runner that cannot be told apart, nor for a number of its own choice', async () => {
    const { world, pass } = await commissioned();
    world.runner = 'unsure';
    await pass(10 * MINUTE);
    expect(world.listens()).toBe(true);
  });

  it('at the end of lifetime though the clock was set back', async () => {
    const { world, ended, pass } = await commissioned();
    const now = world.clock.now;
    Object.assign(world.clock, { now: () => now() - 60 * MINUTE });
    await pass(60 * MINUTE);
    await ended;
    expect(world.listens()).toBe(false);
  });
});
