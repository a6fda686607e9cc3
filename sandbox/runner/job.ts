// Runs one job: set up, its steps, the post stages from the last, completion.
import { fetchActions } from './actions-of-job.ts';
import { interpolate, type Scope } from './expression.ts';
import { toData, toEnvData } from './expression-data.ts';
import { type JobState, type Planned, worse } from './job-state.ts';
import { kill, marked } from './process-tree.ts';
import type { Conclusion, JobResult } from './result.ts';
import { runStage } from './stage.ts';
import type { Job, Step } from './workflow.ts';

/** Runs the job to its end, cancelled or not. Never throws for what the job did. */
export async function runJob(job: JobState, written: Job): Promise<JobResult> {
  try {
    await setUp(job, written);
    await runSteps(job, written.steps ?? []);
  } catch (error) {
    // Only set-up can fail outside of a step.
    job.log.error((error as Error).message);
    job.status = 'failure';
  }
  const outputs = complete(job, written);
  return { id: job.id, result: job.status, outputs, log: job.log.lines, annotations: job.log.annotations };
}

async function setUp(job: JobState, written: Job): Promise<void> {
  job.log.output("Current runner version: '2.336.0'");
  job.log.output('Prepare workflow directory');
  await fetchActions(job, written.steps ?? []);
  job.log.output(`Complete job name: ${written.name ?? job.id}`);
}

async function runSteps(job: JobState, steps: readonly Step[]): Promise<void> {
  const names = new Set<string>();
  const frame = { scope: '', log: job.log, env: new Map<string, string>() };
  for (const [at, step] of steps.entries()) {
    const planned: Planned = {
      step,
      key: `${at}`,
      action: actionName(step, names),
      stage: 'main',
      condition: step.if,
      frame,
    };
    settle(job, await runStage(job, planned));
  }
  for (let post = job.stack.pop(); post !== undefined; post = job.stack.pop()) {
    settle(job, await runStage(job, post));
  }
}

// The status is read when the step has ended: the user may have cancelled meanwhile.
function settle(job: JobState, conclusion: Conclusion): void {
  job.status = worse(job.status, conclusion);
}

// `__run`, `__run_2`, `__octo-org_an-action`: unique, and never an id that an author could have written.
function actionName(step: Step, taken: Set<string>): string {
  const base =
    step.id ?? `__${step.uses === undefined ? 'run' : (step.uses.split('@')[0] ?? '').replaceAll(/[^\w-]+/g, '_')}`;
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}_${count}`;
  taken.add(name);
  return name;
}

function complete(job: JobState, written: Job): Record<string, string> {
  const outputs = evaluateOutputs(job, written);
  job.log.output('Cleaning up orphan processes');
  const mark = job.machineEnv.RUNNER_TRACKING_ID ?? '';
  for (const { pid, name } of marked('RUNNER_TRACKING_ID', mark)) {
    job.log.output(`Terminate orphan process: pid (${pid}) (${name})`);
    kill(pid);
  }
  return outputs;
}

// What holds a mask does not leave the job.
function evaluateOutputs(job: JobState, written: Job): Record<string, string> {
  const outputs: Record<string, string> = {};
  if (written.outputs === undefined) return outputs;
  job.log.output('Evaluate and set job outputs');
  try {
    for (const [name, value] of Object.entries(written.outputs)) {
      const text = interpolate(value, jobScope(job));
      if (text === '') job.log.debug(`Skip output '${name}' since it's empty`);
      else if (job.log.masker.hides(text)) job.log.warning(`Skip output '${name}' since it may contain secret.`);
      else {
        job.log.output(`Set output '${name}'`);
        outputs[name] = text;
      }
    }
  } catch (error) {
    job.log.error('Fail to evaluate job outputs');
    job.log.error((error as Error).message);
    job.status = worse(job.status, 'failure');
  }
  return outputs;
}

/** What a job's own expressions see: its `env:`, defaults and outputs. */
export function jobScope(job: JobState): Scope {
  const plain = { ...job.fixed, github: job.github, runner: job.runner, job: { status: job.status } };
  const contexts = Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, toData(value)]));
  const steps = toData(Object.fromEntries(job.facts.get('') ?? []));
  const all = { ...contexts, steps, env: toEnvData(job.env) };
  return { contexts: all, status: job.status, cancelled: job.status === 'cancelled', workspace: job.machine.workspace };
}
