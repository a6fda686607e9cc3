// Rate limits: so many requests an interval and path, then 429, with headers only where they were switched on.
import type { WorldClock } from '../clock.ts';
import { configured } from './durations.ts';
import type { RateLimit } from './trust.ts';
import { type Outcome, refused } from './wire.ts';

export class Quotas {
  readonly #windows = new Map<string, { since: number; count: number }>();
  readonly #clock: WorldClock;
  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  /** Counts a request; the refusal if its path has had enough of them. */
  take(path: string, limits: readonly RateLimit[]): Outcome | undefined {
    const limit = limits.find((candidate) => covers(candidate.path, path));
    if (!limit) return undefined;
    const interval = configured(limit.interval, 1);
    const now = this.#clock.now();
    const known = this.#windows.get(limit.path);
    const window = known && now < known.since + interval * 1000 ? known : { since: now, count: 0 };
    this.#windows.set(limit.path, window);
    if (window.count++ < limit.rate) return undefined;
    const refusal = refused(429, `request path "${path}": rate limit quota exceeded`);
    if (!limit.headers || refusal.kind !== 'refused') return refusal;
    const wait = String(Math.max(1, Math.ceil((window.since + interval * 1000 - now) / 1000)));
    const headers = {
      'retry-after': wait,
      'x-ratelimit-limit': String(limit.rate),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': wait,
    };
    return { ...refusal, headers };
  }
}

function covers(pattern: string, path: string): boolean {
  if (pattern === '') return true;
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}
