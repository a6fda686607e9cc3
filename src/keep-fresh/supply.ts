// One value that is kept fresh: given out while it lives, renewed before it ends, whatever the clocks do.
import type { Fresh } from '../core/charge.ts';
import { asFailure, Failure } from '../core/failure.ts';
import type { Clock } from '../core/ports.ts';

/** A value this close to its end is not given out: it would end on its way. */
const MARGIN_MS = 5_000;
/** After failures in a row the next try waits this long, doubled each time. */
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 120_000;

/** When something happened, on both clocks: one may be set, the other stands still while the machine is suspended. */
interface Moment {
  readonly now: number;
  readonly steady: number;
}

export class Supply {
  readonly #clock: Clock;
  readonly #renew: () => Promise<Fresh>;
  readonly #renewAfterMs: number | undefined;
  #fresh: Fresh;
  #since: Moment;
  #renewing: Promise<void> | undefined;
  #failure: Failure | undefined;
  #failures = 0;
  #failedAt: Moment | undefined;

  /** `renew` obtains a new value, and is never called twice at a time. `renewAfterMs`: else half of a value's life. */
  constructor(first: Fresh, renew: () => Promise<Fresh>, clock: Clock, renewAfterMs?: number) {
    this.#fresh = first;
    this.#renew = renew;
    this.#renewAfterMs = renewAfterMs;
    this.#clock = clock;
    this.#since = this.#moment();
  }

  /** The value while it works. */
  get current(): string | undefined {
    return this.#ageOf(this.#since) < this.#fresh.lifeMs - MARGIN_MS ? this.#fresh.value : undefined;
  }

  /** Renews where it is time; joins a renewal under way. Never rejects. */
  refresh(): Promise<void> {
    if (this.#renewing) return this.#renewing;
    if (!this.#due() || this.#resting()) return Promise.resolve();
    this.#renewing = this.#obtain().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** The value, or why there is none: waits for a renewal only where nothing else works. */
  async take(): Promise<string | Failure> {
    if (this.current === undefined) await this.refresh();
    return this.current ?? this.#failure ?? new Failure('keeper/no-value', 'There is no credential that still works');
  }

  async #obtain(): Promise<void> {
    // From before the request: the authority counts from some moment after it.
    const asked = this.#moment();
    try {
      this.#fresh = await this.#renew();
      this.#since = asked;
      this.#failures = 0;
      this.#failedAt = undefined;
    } catch (thrown) {
      this.#failure = asFailure(thrown);
      this.#failures++;
      this.#failedAt = this.#moment();
    }
  }

  #due(): boolean {
    if (this.#fresh.last) return false;
    const half = this.#fresh.lifeMs / 2;
    return this.#ageOf(this.#since) >= Math.min(half, this.#renewAfterMs ?? half);
  }

  #resting(): boolean {
    if (!this.#failedAt) return false;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1));
    return this.#ageOf(this.#failedAt) < wait;
  }

  #moment(): Moment {
    return { now: this.#clock.now(), steady: this.#clock.steady() };
  }

  /** The larger of the two: a clock that was set back makes nothing younger. */
  #ageOf(since: Moment): number {
    return Math.max(this.#clock.now() - since.now, this.#clock.steady() - since.steady);
  }
}
