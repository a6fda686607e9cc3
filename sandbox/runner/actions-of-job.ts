// The actions a job uses, each read once. Those from other repositories are fetched before the first step; local ones when they are needed.
import { type Action, isCheckout, locate, readAction } from './action.ts';
import type { JobState } from './job-state.ts';
import type { Step } from './workflow.ts';

/** Reads the action behind `uses:`. Throws in the runner's words where there is none. */
export async function actionOf(job: JobState, uses: string): Promise<Action> {
  // A local action is looked up anew each time: by the post stage its files may be gone.
  const folder = locate(uses, job.actions, job.machine.workspace, job.checkedOut);
  const loaded = job.loaded.get(folder) ?? (await readAction(folder));
  job.loaded.set(folder, loaded);
  return loaded;
}

/** Fetches what a job's steps use from elsewhere, and what those use. One that cannot be had fails the job before its first step. */
export async function fetchActions(job: JobState, steps: readonly Step[]): Promise<void> {
  for (const { uses } of steps) {
    if (uses === undefined || uses.startsWith('./') || isCheckout(uses)) continue;
    job.log.output(`Download action repository '${uses}'`);
    const { runs } = await actionOf(job, uses);
    if (runs.using === 'composite') await fetchActions(job, runs.steps);
  }
}

/** Whether an action has a post stage; a composite has one if any of its actions has. */
export async function hasPost(job: JobState, action: Action): Promise<boolean> {
  if (action.runs.using !== 'composite') return action.runs.post !== undefined;
  for (const { uses } of action.runs.steps) {
    if (uses === undefined || isCheckout(uses)) continue;
    if (await hasPost(job, await actionOf(job, uses))) return true;
  }
  return false;
}
