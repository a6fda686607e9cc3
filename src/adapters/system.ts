// Time and chance, from the machine.
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import type { Clock, Random } from '../core/ports.ts';

export const clock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((ok) => {
      if (signal?.aborted) return ok();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        ok();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    });
  },
  after(ms, then) {
    const timer = setTimeout(then, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const random: Random = {
  fraction: () => randomInt(0, 2 ** 32) / 2 ** 32,
  hex: (bytes) => randomBytes(bytes).toString('hex'),
  fingerprint: (key, value) => createHmac('sha256', key).update(value).digest('hex'),
};
