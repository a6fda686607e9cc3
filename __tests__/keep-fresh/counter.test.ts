import type { Form } from '../../src/core/charge.ts';
import { Failure } from '../../src/core/failure.ts';
import type { LocalCall } from '../../src/core/ports.ts';
import { Counter } from '../../src/keep-fresh/counter.ts';
import { Supply } from '../../src/keep-fresh/supply.ts';
import { fakeClock } from '../literals/clock.ts';
import { fixedRandom } from '../literals/random.ts';

const SECRET = 'a'.repeat(64);
const STOP = 'b'.repeat(64);
const FORM: Form & { kind: 'served' } = {
  kind: 'served',
  path: '/aws',
  authorization: (secret) => secret,
  refusal: (status, { id }) => ({ status, body: `refused ${id}` }),
};
const CALL: LocalCall = {
  method: 'GET',
  path: '/aws',
  host: '127.0.0.1:4711',
  port: 4711,
  headers: { authorization: SECRET },
};

function counter(renew = async () => ({ value: 'new', lifeMs: 60_000 })) {
  const clock = fakeClock();
  const made = new Counter(clock, fixedRandom());
  made.offer(FORM, SECRET, new Supply({ value: 'first', lifeMs: 60_000 }, renew, clock));
  const stops: string[] = [];
  made.heedStop(STOP, () => {
    stops.push('stop');
    return { status: 200, body: 'stopping' };
  });
  return { clock, stops, ask: (call: Partial<LocalCall> = {}) => made.answer({ ...CALL, ...call }) };
}

it('answers who shows the secret', async () => {
  expect(await counter().ask()).toEqual({ status: 200, body: 'first' });
});

it.each<[string, Partial<LocalCall>, number, string]>([
  ['no secret', { headers: {} }, 401, 'refused keeper/refused'],
  ['another secret', { headers: { authorization: 'c'.repeat(64) } }, 401, 'refused keeper/refused'],
  ['the secret of another form', { headers: { authorization: STOP } }, 401, 'refused keeper/refused'],
  ['a secret that begins like it', { headers: { authorization: SECRET.slice(1) } }, 401, 'refused keeper/refused'],
  ['the secret in another scheme', { headers: { authorization: `Bearer ${SECRET}` } }, 401, 'refused keeper/refused'],
  ['another method', { method: 'POST' }, 405, 'refused keeper/refused'],
  ['a name that leads here', { host: 'localhost:4711' }, 421, ''],
  ['a foreign name (rebinding)', { host: 'evil.example:4711' }, 421, ''],
  ['another port', { host: '127.0.0.1:80' }, 421, ''],
  ['no host', { host: '' }, 421, ''],
  ["a browser's page", { headers: { authorization: SECRET, origin: 'https://evil.example' } }, 403, ''],
  ['a browser without a page', { headers: { authorization: SECRET, 'sec-fetch-site': 'none' } }, 403, ''],
  ['another path', { path: '/' }, 404, ''],
  ['a path with a query (an audience of the caller)', { path: '/aws?audience=x' }, 404, ''],
  ['a path that ends in a slash', { path: '/aws/' }, 404, ''],
  ['a whole URL, as to a proxy', { path: 'http://127.0.0.1:4711/aws' }, 404, ''],
])('refuses %s', async (_, call, status, body) => {
  const answer = await counter().ask(call);
  expect(answer.status).toBe(status);
  expect(answer.body).toContain(body);
  expect(answer.body).not.toContain('first');
});

it('answers a failure of the authority in the words of the form', async () => {
  const { clock, ask } = counter(() => Promise.reject(new Failure('aws/refused', 'STS refused')));
  clock.advance(60_000);
  expect(await ask()).toEqual({ status: 503, body: 'refused aws/refused' });
});

it('answers a burst, and no flood; the next second is new', async () => {
  const { clock, ask } = counter();
  const burst = await Promise.all(Array.from({ length: 300 }, () => ask()));
  expect(burst.filter(({ status }) => status === 200)).toHaveLength(200);
  expect(burst.filter(({ status }) => status === 429)).toHaveLength(100);
  clock.advance(1_000);
  expect((await ask()).status).toBe(200);
});

it("a stranger's flood does not keep consumers out", async () => {
  const { ask } = counter();
  const flood = await Promise.all(Array.from({ length: 300 }, () => ask({ headers: {} })));
  expect(flood.at(-1)?.status).toBe(429);
  expect((await ask()).status).toBe(200);
});

describe('stop', () => {
  const stop = { method: 'POST', path: '/stop', headers: { authorization: `Bearer ${STOP}` } };

  it('is heeded from who shows its secret', async () => {
    const { ask, stops } = counter();
    expect(await ask(stop)).toEqual({ status: 200, body: 'stopping' });
    expect(stops).toEqual(['stop']);
  });

  it.each<[string, Partial<LocalCall>]>([
    ["a consumer's secret", { headers: { authorization: `Bearer ${SECRET}` } }],
    ['none', { headers: {} }],
    ['GET', { method: 'GET' }],
    ['a foreign host', { host: 'evil.example:4711' }],
  ])('is not heeded with %s', async (_, call) => {
    const { ask, stops } = counter();
    expect((await ask({ ...stop, ...call })).status).toBeGreaterThanOrEqual(400);
    expect(stops).toEqual([]);
  });

  it('is nothing before there is a commission', async () => {
    const bare = new Counter(fakeClock(), fixedRandom());
    expect((await bare.answer({ ...CALL, ...stop })).status).toBe(404);
  });
});
