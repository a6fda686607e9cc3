// What went wrong in a step: a failure, and whose it is.
import { asFailure, type Failure, framesOf } from './core/failure.ts';
import type { Grant } from './core/grant.ts';
import type { Runner } from './core/ports.ts';
import type { ExchangePorts } from './core/provider.ts';
import type { Task } from './core/task.ts';

/** One cloud's failure; without a cloud, the whole step's. */
export interface Setback {
  readonly failure: Failure;
  readonly task?: Task;
}

/** How one exchange ended. */
export type Outcome = Setback | { readonly grant: Grant };

/** Runs an exchange; a failure ends what the others would still start once all have `begun`. Never rejects. */
export async function settled(
  task: Task,
  { ports, runner, begun }: { readonly ports: ExchangePorts; readonly runner: Runner; readonly begun: Promise<void> },
  exchange: () => Promise<Grant>,
): Promise<Outcome> {
  try {
    return { grant: await exchange() };
  } catch (thrown) {
    await begun;
    ports.budget.abandon();
    return { failure: failureOf(thrown, runner), task };
  }
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
