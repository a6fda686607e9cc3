// Chance without surprises: a fixed fraction, and hex that counts.
import { createHmac } from 'node:crypto';
import type { Random } from '../../src/core/ports.ts';

export function fixedRandom(fraction = 0.5): Random {
  let count = 0;
  return {
    fraction: () => fraction,
    hex(bytes) {
      count += 1;
      return count.toString(16).padStart(bytes * 2, '0');
    },
    fingerprint: (key, value) => createHmac('sha256', key).update(value).digest('hex'),
  };
}
