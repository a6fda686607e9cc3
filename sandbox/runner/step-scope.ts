// What the expressions of a step can see: more at the top of a job than inside a composite action.
import type { data } from '@actions/expressions';
import type { Scope } from './expression.ts';
import { toData, toEnvData } from './expression-data.ts';
import type { StepRun } from './step-run.ts';

/** The contexts and the status at this moment. */
export function stepScope(run: StepRun): Scope {
  const { job, planned, log } = run;
  const { frame, stage } = planned;
  const { secrets, vars, needs, inputs, ...always } = job.fixed;
  // A composite action has its own inputs and neither secrets nor anything of the workflow.
  const some = frame.scope === '' ? { secrets, vars, needs, inputs } : { inputs: frame.inputs };
  const contexts: Record<string, data.ExpressionData> = {
    ...Object.fromEntries(Object.entries({ ...always, ...some }).map(([name, value]) => [name, toData(value)])),
    github: toData(run.github),
    runner: toData(job.runner),
    job: toData({ status: job.status }),
    steps: toData(Object.fromEntries(job.facts.get(frame.scope) ?? [])),
    env: toEnvData(run.env),
  };
  // `success()` asks the composite action in its main stage, the job everywhere else.
  const status = stage === 'main' ? (frame.status?.() ?? job.status) : job.status;
  const cancelled = job.status === 'cancelled';
  return { contexts, status, cancelled, workspace: job.machine.workspace, trace: (line) => log.debug(line) };
}
