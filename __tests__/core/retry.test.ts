import fc from 'fast-check';
import { Budget } from '../../src/core/budget.ts';
import { NetworkFault } from '../../src/core/http.ts';
import { MINTING, patient, type RetryPolicy, retryAfter, SAFE } from '../../src/core/retry.ts';
import { fakeClock, START } from '../literals/clock.ts';
import { fixedRandom } from '../literals/random.ts';
import { answer, type Reply, scripted } from '../literals/wire.ts';

const REQUEST = { method: 'POST', url: 'https://sts.example.com/' } as const;
const reset = (sent: boolean) => new NetworkFault('ECONNRESET', 'sts.example.com', sent);
const DONE = answer(200, 'done');

/** Asks through a policy over prepared replies; every wait is recorded. */
async function ask(policy: RetryPolicy, replies: readonly Reply[], { fraction = 0.5, ms = 600_000 } = {}) {
  const clock = fakeClock();
  const budget = new Budget(clock, ms);
  const wire = scripted(...replies);
  const outcome = await patient(wire.send, policy, { clock, budget, random: fixedRandom(fraction) })(REQUEST).catch(
    (thrown: unknown) => thrown,
  );
  return { outcome, tries: wire.requests.length, sleeps: clock.sleeps };
}

describe('patience', () => {
  it('asks once when the answer is there', async () => {
    expect(await ask(SAFE, [DONE])).toMatchObject({ outcome: DONE, tries: 1, sleeps: [] });
  });

  it.each([400, 401, 403, 404, 405, 409, 410, 413, 422, 501])('takes %d for a refusal: once', async (status) => {
    expect(await ask(SAFE, [answer(status)])).toMatchObject({ outcome: { status }, tries: 1 });
  });

  it.each([408, 429, 500, 502, 503, 504])('tries again after %d', async (status) => {
    expect(await ask(SAFE, [answer(status), DONE])).toMatchObject({ outcome: DONE, tries: 2 });
  });

  it.each([true, false])('tries a safe call again after a reset, sent: %s', async (sent) => {
    expect(await ask(SAFE, [reset(sent), DONE])).toMatchObject({ outcome: DONE, tries: 2 });
  });

  it('gives up after five tries, with the last answer', async () => {
    const replies = [1, 2, 3, 4, 5].map((n) => answer(503, `try ${n}`));
    expect(await ask(SAFE, replies)).toMatchObject({ outcome: { status: 503, body: 'try 5' }, tries: 5 });
  });

  it('gives up after five tries, with the last fault', async () => {
    const { outcome, tries } = await ask(SAFE, Array(5).fill(reset(true)));
    expect(outcome).toBeInstanceOf(NetworkFault);
    expect(tries).toBe(5);
  });

  it('waits longer each time, with full jitter, up to its cap', async () => {
    const replies = Array(5).fill(answer(500));
    expect((await ask(SAFE, replies, { fraction: 1 })).sleeps).toEqual([800, 1600, 3200, 6400]);
    expect((await ask(SAFE, replies, { fraction: 0 })).sleeps).toEqual([0, 0, 0, 0]);
    expect((await ask({ ...SAFE, capMs: 1000 }, replies, { fraction: 1 })).sleeps).toEqual([800, 1000, 1000, 1000]);
  });

  it('never waits outside the bounds of its jitter', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 0.999, noNaN: true }), async (fraction) => {
        const { sleeps } = await ask(SAFE, Array(5).fill(answer(503)), { fraction });
        sleeps.forEach((ms, i) => {
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThanOrEqual(Math.min(8000, 400 * 2 ** (i + 1)));
        });
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'TOO_LARGE',
    'PROXY_407',
    'PROXY_403',
  ])('does not repeat what will not mend itself: %s', async (code) => {
    const { outcome, tries } = await ask(SAFE, [new NetworkFault(code, 'h', false)]);
    expect(outcome).toMatchObject({ code });
    expect(tries).toBe(1);
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'TIMEOUT', 'PROXY_502'])('repeats %s', async (code) => {
    expect(await ask(SAFE, [new NetworkFault(code, 'h', false), DONE])).toMatchObject({ outcome: DONE, tries: 2 });
  });

  it('repeats what the policy calls transient, whatever the status', async () => {
    const policy: RetryPolicy = { ...SAFE, transient: (a) => a.body === 'later' };
    expect(await ask(policy, [answer(400, 'later'), DONE])).toMatchObject({ outcome: DONE, tries: 2 });
    expect(await ask(policy, [answer(400, 'no')])).toMatchObject({ outcome: { status: 400 }, tries: 1 });
  });

  it('does not hide a bug: what is no network fault is thrown at once', async () => {
    const wire = scripted(() => {
      throw new TypeError('bug');
    });
    const clock = fakeClock();
    const asking = patient(wire.send, SAFE, { clock, budget: new Budget(clock, 1000), random: fixedRandom() })(REQUEST);
    await expect(asking).rejects.toThrow(TypeError);
    expect(wire.requests).toHaveLength(1);
  });
});

describe('a call that mints', () => {
  it.each([500, 502, 504, 408])('is not repeated after %d: it may have been performed', async (status) => {
    expect(await ask(MINTING, [answer(status)])).toMatchObject({ outcome: { status }, tries: 1 });
  });
  it.each([429, 503])('is repeated after %d: it was not performed', async (status) => {
    expect(await ask(MINTING, [answer(status), DONE])).toMatchObject({ outcome: DONE, tries: 2 });
  });
  it('is not repeated once it was sent', async () => {
    expect(await ask(MINTING, [reset(true)])).toMatchObject({ outcome: { code: 'ECONNRESET' }, tries: 1 });
  });
  it('is repeated if it never left', async () => {
    expect(await ask(MINTING, [reset(false), reset(false), DONE])).toMatchObject({ outcome: DONE, tries: 3 });
  });
});

describe('Retry-After', () => {
  const waiting = (value: string) => answer(429, '', { 'retry-after': value });

  it.each([
    ['0', 0],
    ['3', 3000],
    ['Wed, 25 Nov 2026 12:00:05 GMT', 5000],
    ['Wed, 25 Nov 2026 11:59:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ])('%j asks for %j ms', (value, ms) => {
    expect(retryAfter(waiting(value), START)).toBe(ms);
  });
  it('is not there', () => {
    expect(retryAfter(answer(429), START)).toBeUndefined();
  });
  it('is honoured where it is longer than the jitter', async () => {
    expect((await ask(SAFE, [waiting('7'), DONE])).sleeps).toEqual([7000]);
  });
  it('does not shorten the jitter', async () => {
    expect((await ask(SAFE, [waiting('0'), DONE], { fraction: 1 })).sleeps).toEqual([800]);
  });
  it('of more than half a minute is a failure now', async () => {
    expect(await ask(SAFE, [waiting('31')])).toMatchObject({ outcome: { status: 429 }, tries: 1, sleeps: [] });
    expect((await ask(SAFE, [waiting('30'), DONE])).sleeps).toEqual([30_000]);
  });
});

describe('the budget', () => {
  it('ends the tries when the next wait would not fit', async () => {
    expect(await ask(SAFE, [answer(503)], { fraction: 1, ms: 800 })).toMatchObject({
      outcome: { status: 503 },
      tries: 1,
    });
    expect(await ask(SAFE, [answer(503), DONE], { fraction: 1, ms: 801 })).toMatchObject({ outcome: DONE, tries: 2 });
  });

  it('starts nothing once it is used up', async () => {
    const clock = fakeClock();
    const budget = new Budget(clock, 1000);
    const wire = scripted(DONE);
    clock.advance(1000);
    const asking = patient(wire.send, SAFE, { clock, budget, random: fixedRandom() })(REQUEST);
    await expect(asking).rejects.toMatchObject({ id: 'run/timeout' });
    expect(wire.requests).toHaveLength(0);
  });

  it('starts nothing after a cancel, not even a try it was waiting for', async () => {
    const clock = fakeClock();
    const budget = new Budget(clock, 60_000);
    const wire = scripted(() => {
      budget.cancel();
      return answer(503);
    });
    const asking = patient(wire.send, SAFE, { clock, budget, random: fixedRandom() })(REQUEST);
    await expect(asking).rejects.toMatchObject({ id: 'run/cancelled' });
    expect(wire.requests).toHaveLength(1);
    expect(clock.sleeps).toEqual([]);
  });
});
