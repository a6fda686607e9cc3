import type { Fresh } from '../../src/core/charge.ts';
import { Failure } from '../../src/core/failure.ts';
import type { Clock } from '../../src/core/ports.ts';
import { Supply } from '../../src/keep-fresh/supply.ts';

const MINUTE = 60_000;
const LIFE = 10 * MINUTE;

/** Two clocks that a test moves: `set` is somebody who sets the machine's, `suspend` the machine asleep. */
function machine() {
  let [now, steady] = [1_000_000, 500];
  const clock: Clock = {
    now: () => now,
    steady: () => steady,
    sleep: async () => {},
    after: () => () => {},
  };
  return {
    clock,
    pass(ms: number) {
      now += ms;
      steady += ms;
    },
    set: (ms: number) => {
      now += ms;
    },
    suspend: (ms: number) => {
      now += ms;
    },
  };
}

/** A supply of `v1`, `v2` ...; `refusing` holds what the authority answers instead. */
function supply(options: { renewAfterMs?: number; last?: true } = {}) {
  const { clock, ...time } = machine();
  const refusing: Failure[] = [];
  let made = 1;
  let asked = 0;
  const renew = async (): Promise<Fresh> => {
    asked++;
    const refusal = refusing[0];
    if (refusal) throw refusal;
    return { value: `v${++made}`, lifeMs: LIFE, ...(options.last && { last: true }) };
  };
  const first = { value: 'v1', lifeMs: LIFE };
  return { ...time, refusing, asked: () => asked, held: new Supply(first, renew, clock, options.renewAfterMs) };
}

describe('a value', () => {
  it('is given out while it lives, and not in its last seconds', () => {
    const { held, pass } = supply();
    expect(held.current).toBe('v1');
    pass(LIFE - 6_000);
    expect(held.current).toBe('v1');
    pass(2_000);
    expect(held.current).toBeUndefined();
  });

  it.each([
    ['half of its life', undefined, LIFE / 2],
    ['what its form asks for', 2 * MINUTE, 2 * MINUTE],
  ])('is renewed after %s, not before', async (_, renewAfterMs, ms) => {
    const { held, pass } = supply(renewAfterMs === undefined ? {} : { renewAfterMs });
    pass(ms - 1);
    await held.refresh();
    expect(held.current).toBe('v1');
    pass(1);
    await held.refresh();
    expect(held.current).toBe('v2');
    await held.refresh();
    expect(held.current).toBe('v2');
  });

  it('that is the last one is not renewed any more', async () => {
    const { held, pass, asked } = supply({ last: true });
    pass(LIFE / 2);
    await held.refresh();
    pass(LIFE);
    await held.refresh();
    expect(asked()).toBe(1);
  });

  it('is renewed once, however many ask for it at a time', async () => {
    const { held, pass, asked } = supply();
    pass(LIFE);
    const taken = await Promise.all([held.take(), held.take(), held.refresh(), held.take()]);
    expect([taken[0], taken[1], taken[3]]).toEqual(['v2', 'v2', 'v2']);
    expect(asked()).toBe(1);
  });
});

describe('when nothing can be renewed', () => {
  const down = new Failure('identity/unreachable', "GitHub's OIDC endpoint could not be reached");

  it('what still works is given out, then the failure', async () => {
    const { held, pass, refusing } = supply();
    refusing.push(down);
    pass(LIFE / 2);
    await held.refresh();
    expect(await held.take()).toBe('v1');
    pass(LIFE / 2);
    expect(await held.take()).toBe(down);
  });

  it('tries again after a while, longer each time up to two minutes, and heals', async () => {
    const { held, pass, refusing, asked } = supply();
    refusing.push(down);
    pass(LIFE / 2);
    const waits: number[] = [];
    for (let tries = 1; tries < 8; tries++) {
      await held.refresh();
      expect(asked()).toBe(tries);
      let wait = 0;
      for (; asked() === tries; await held.refresh()) {
        wait += 10_000;
        pass(10_000);
      }
      waits.push(wait / 1000);
    }
    expect(waits).toEqual([10, 20, 40, 80, 120, 120, 120]);
    refusing.length = 0;
    pass(2 * MINUTE);
    expect(await held.take()).toBe('v2');
    // Afterwards the patience is new.
    refusing.push(down);
    pass(LIFE / 2);
    await held.refresh();
    const before = asked();
    pass(10_000);
    await held.refresh();
    expect(asked()).toBe(before + 1);
  });
});

describe('clocks', () => {
  it('a machine that was suspended gives out nothing that ended meanwhile', async () => {
    const { held, suspend } = supply();
    suspend(LIFE);
    expect(held.current).toBeUndefined();
    expect(await held.take()).toBe('v2');
  });

  it('a clock that was set back makes nothing live longer', () => {
    const { held, set, pass } = supply();
    set(-24 * 60 * MINUTE);
    expect(held.current).toBe('v1');
    pass(LIFE);
    expect(held.current).toBeUndefined();
  });

  it('a clock that was set forward renews at once, and goes on from there', async () => {
    const { held, set, pass, asked } = supply();
    set(24 * 60 * MINUTE);
    expect(await held.take()).toBe('v2');
    pass(LIFE / 2 - 1);
    await held.refresh();
    expect(asked()).toBe(1);
  });
});
