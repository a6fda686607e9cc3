// What went wrong in a step: a failure, and whose it is.
import { asFailure, type Failure, framesOf } from './core/failure.ts';
import type { Runner } from './core/ports.ts';
import type { Task } from './core/task.ts';

/** One cloud's failure; without a cloud, the whole step's. */
export interface Setback {
  readonly failure: Failure;
  readonly task?: Task;
}

/** A thrown value as a failure; where it is a bug of ours, its place goes into the debug log. */
export function failureOf(thrown: unknown, runner: Runner): Failure {
  for (const frame of framesOf(thrown)) runner.debug(frame);
  return asFailure(thrown);
}

/** Without what was only given up because of another. */
export function causes(setbacks: readonly Setback[]): readonly Setback[] {
  return setbacks.filter((setback) => setback.failure.id !== 'run/abandoned');
}
