// A clock that only moves when somebody sleeps, or a test moves it.
import type { Clock } from '../../src/core/ports.ts';

export interface FakeClock extends Clock {
  /** Milliseconds of each sleep that was asked for. */
  readonly sleeps: readonly number[];
  /** Lets `ms` pass; timers that are due fire. */
  advance(ms: number): void;
  /** Timers that were set and neither fired nor stopped. */
  pending(): number;
}

export const START = Date.UTC(2026, 10, 25, 12, 0, 0);

export function fakeClock(start: number = START): FakeClock {
  let now = start;
  const sleeps: number[] = [];
  const timers = new Map<object, { due: number; then: () => void }>();
  const advance = (ms: number) => {
    now += ms;
    for (const [key, timer] of timers) {
      if (timer.due > now) continue;
      timers.delete(key);
      timer.then();
    }
  };
  return {
    sleeps,
    advance,
    pending: () => timers.size,
    now: () => now,
    steady: () => now - start,
    async sleep(ms, signal) {
      if (signal?.aborted) return;
      sleeps.push(ms);
      advance(ms);
    },
    after(ms, then) {
      const key = {};
      timers.set(key, { due: now + ms, then });
      return () => void timers.delete(key);
    },
  };
}
