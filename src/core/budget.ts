// How long a step may still work. Time runs out, or the job is cancelled: then nothing new starts, and what is under way gets a short grace.
import { Failure } from './failure.ts';
import type { Clock } from './ports.ts';

/** After SIGINT the runner waits 7.5 s before SIGTERM; answers under way get five (CONTRACT, "How each credential ends"). */
export const GRACE_MS = 5_000;

export class Budget {
  readonly #clock: Clock;
  readonly #deadline: number;
  readonly #cut = new AbortController();
  readonly #stopping = new AbortController();
  readonly #timers: (() => void)[] = [];
  readonly #ms: number;
  #stopped: 'cancelled' | 'abandoned' | undefined;

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
    this.#deadline = clock.now() + ms;
    this.#timers.push(clock.after(ms, () => this.#cut.abort()));
  }
  /** Milliseconds left, never negative. */
  remaining(): number {
    return this.#cut.signal.aborted ? 0 : Math.max(0, this.#deadline - this.#clock.now());
  }
  /** Aborted when requests under way must end. */
  get cut(): AbortSignal {
    return this.#cut.signal;
  }
  /** Aborted when nothing new may start; ends waits between tries. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }
  /** The runner cancelled the job. */
  get cancelled(): boolean {
    return this.#stopped === 'cancelled';
  }
  /** The job was cancelled: start nothing more, and give what is under way its grace. */
  cancel(): void {
    if (this.cancelled) return;
    this.#stopped = 'cancelled';
    this.#stopping.abort();
    this.#timers.push(this.#clock.after(GRACE_MS, () => this.#cut.abort()));
  }
  /** Another exchange has failed: start nothing more. What is under way is waited out, since its answer may hold what has to be ended. */
  abandon(): void {
    this.#stopped ??= 'abandoned';
    this.#stopping.abort();
  }
  /** Throws `run/cancelled`, `run/abandoned` or `run/timeout` when nothing new may start. */
  check(): void {
    if (this.cancelled) throw new Failure('run/cancelled', 'The job was cancelled; nothing new is started');
    if (this.#stopped) throw new Failure('run/abandoned', 'Given up, since another exchange of the step failed');
    if (this.remaining() > 0) return;
    throw new Failure('run/timeout', `The step's time of ${Math.round(this.#ms / 1000)} s is used up`, {}, [
      'Raise the `timeout` input if the authority is known to be slow, and look at the network between runner and authority.',
    ]);
  }
  /** The end: nothing starts any more, what is under way is cut, and no timer holds the process. */
  close(): void {
    this.abandon();
    this.#cut.abort();
    for (const stop of this.#timers.splice(0)) stop();
  }
}
