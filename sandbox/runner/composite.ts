// A composite action: its steps, one after another, in the place of the step that uses it.
import type { Action, CompositeRuns } from './action.ts';
import { interpolate } from './expression.ts';
import { toData } from './expression-data.ts';
import type { Input } from './inputs.ts';
import { type Frame, type Planned, worse } from './job-state.ts';
import type { Conclusion } from './result.ts';
import { runStage } from './stage.ts';
import type { StepRun } from './step-run.ts';

/** Main: all steps, then the outputs. Post: the post stages of those that ran, from the last to the first. */
export async function performComposite(
  run: StepRun,
  action: Action,
  runs: CompositeRuns,
  inputs: readonly Input[],
): Promise<Conclusion> {
  let status: Conclusion = 'success';
  const frame: Frame = {
    scope: run.planned.key,
    log: run.log,
    inputs: Object.fromEntries(inputs.map(({ name, value }) => [name, value])),
    actionPath: action.folder,
    env: run.ownEnv,
    within: run.view.name,
    status: () => status,
    ...(run.deadline === undefined ? {} : { deadline: run.deadline }),
  };
  for (const planned of plan(run, runs, frame)) {
    const conclusion = await runStage(run.job, planned);
    status = worse(status, conclusion);
  }
  if (run.planned.stage === 'main') setOutputs(run, action, frame);
  return status;
}

function plan(run: StepRun, runs: CompositeRuns, frame: Frame): Planned[] {
  const { stage, key, action } = run.planned;
  const main = runs.steps.map((step, at): Planned => {
    return { step, key: `${key}/${at}`, action: step.id ?? `${action}_${at}`, stage, condition: step.if, frame };
  });
  if (stage === 'main') return main;
  const { posts } = run.job;
  return main
    .filter((planned) => posts.has(planned.key))
    .map((planned) => ({ ...planned, condition: posts.get(planned.key) }))
    .toReversed();
}

// `outputs.<name>.value` sees the inputs and the composite's own steps.
function setOutputs(run: StepRun, action: Action, frame: Frame): void {
  const outer = run.scope();
  const steps = toData(Object.fromEntries(run.job.facts.get(frame.scope) ?? []));
  const scope = { ...outer, contexts: { ...outer.contexts, steps, inputs: toData(frame.inputs) } };
  for (const [name, value] of Object.entries(action.outputs)) run.setOutput(name, interpolate(value, scope));
}
