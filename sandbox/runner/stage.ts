// Runs one stage of a step, from its condition to its conclusion.
import { holds, resolve } from './expression.ts';
import { type JobState, type Planned, worse } from './job-state.ts';
import { perform } from './perform.ts';
import { Cancelled } from './process.ts';
import type { Conclusion } from './result.ts';
import { displayName } from './step-name.ts';
import { StepRun } from './step-run.ts';

/** Runs the stage unless its condition says no. Never throws: what goes wrong is the conclusion. */
export async function runStage(job: JobState, planned: Planned): Promise<Conclusion> {
  const run = new StepRun(job, planned, displayName(job, planned));
  await job.hooks.beforeStep?.(run.view);
  const unwatch = watchCancel(run);
  try {
    const runs = loadEnv(run) && decide(run);
    if (!runs) return conclude(run, run.failed ? 'failure' : 'skipped');
    return conclude(run, await performInTime(run));
  } finally {
    unwatch();
  }
}

// Each variable sees those before it, and all that the job has so far.
function loadEnv(run: StepRun): boolean {
  try {
    for (const [name, value] of Object.entries(run.planned.step.env ?? {})) {
      const text = run.text(value);
      run.env.set(name, text);
      run.ownEnv.set(name, text);
    }
    return true;
  } catch (error) {
    run.fail((error as Error).message);
    return false;
  }
}

function decide(run: StepRun): boolean {
  run.log.debug(`Evaluating condition for step: '${run.view.name}'`);
  try {
    return holds(run.planned.condition, run.scope());
  } catch (error) {
    run.fail((error as Error).message);
    return false;
  }
}

// A step that runs when the user cancels is asked its condition again, and goes on if that still holds (`always()`). One that starts later is left alone.
function watchCancel(run: StepRun): () => void {
  const { job } = run;
  const cancelled = (): void => {
    job.status = 'cancelled';
    if (!stillHolds(run)) run.control.abort();
  };
  if (job.cancel.aborted) job.status = 'cancelled';
  else job.cancel.addEventListener('abort', cancelled, { once: true });
  return () => job.cancel.removeEventListener('abort', cancelled);
}

function stillHolds(run: StepRun): boolean {
  try {
    return holds(run.planned.condition, run.scope());
  } catch {
    return false;
  }
}

async function performInTime(run: StepRun): Promise<Conclusion> {
  const minutes = timeoutOf(run);
  const own = minutes > 0 ? Date.now() + minutes * run.job.graces.minute : Number.POSITIVE_INFINITY;
  const deadline = Math.min(own, run.planned.frame.deadline ?? Number.POSITIVE_INFINITY);
  let late = false;
  const expire = (): void => {
    late = true;
    run.control.abort();
  };
  const timer = Number.isFinite(deadline) ? setTimeout(expire, Math.max(0, deadline - Date.now())) : undefined;
  if (Number.isFinite(deadline)) run.deadline = deadline;
  try {
    const conclusion = await perform(run);
    return run.failed ? worse(conclusion, 'failure') : conclusion;
  } catch (error) {
    const timedOut = error instanceof Cancelled && late && !run.job.cancel.aborted;
    run.log.error(timedOut ? timeoutText(run, minutes) : (error as Error).message);
    return error instanceof Cancelled && !timedOut ? 'cancelled' : 'failure';
  } finally {
    clearTimeout(timer);
  }
}

function timeoutText(run: StepRun, minutes: number): string {
  if (run.planned.frame.scope !== '') return 'The action has timed out.';
  return `The action '${run.view.name}' has timed out after ${minutes} minutes.`;
}

function timeoutOf(run: StepRun): number {
  const written = run.planned.step['timeout-minutes'];
  const minutes = resolve(written, run.scope())?.number() ?? Number(written ?? 0);
  return Number.isFinite(minutes) ? Math.trunc(minutes) : 0;
}

function conclude(run: StepRun, outcome: Conclusion): Conclusion {
  const conclusion = outcome === 'failure' && continues(run) ? 'success' : outcome;
  run.end(outcome, conclusion);
  return conclusion;
}

function continues(run: StepRun): boolean {
  const written = run.planned.step['continue-on-error'];
  if (written === undefined) return false;
  try {
    return run.text(written) === 'true';
  } catch (error) {
    run.log.error('The step failed and an error occurred when attempting to determine whether to continue on error.');
    run.log.error((error as Error).message);
    return false;
  }
}
