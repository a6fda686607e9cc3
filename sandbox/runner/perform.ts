// What every kind of step has in common once it really runs: post registered first, inputs evaluated anew for each stage, command files around it.
import { join } from 'node:path';
import { type Action, isCheckout } from './action.ts';
import { actionOf, hasPost } from './actions-of-job.ts';
import { CommandFiles } from './command-files.ts';
import { performComposite } from './composite.ts';
import { type Input, readInputs } from './inputs.ts';
import { performJavaScript } from './javascript.ts';
import type { Conclusion } from './result.ts';
import { performScript } from './script.ts';
import type { StepRun } from './step-run.ts';

/** Runs the step's process or processes. Throws what the runner would show as an error, `Cancelled` if it was cancelled. */
export async function perform(run: StepRun): Promise<Conclusion> {
  const { step } = run.planned;
  if (step.uses !== undefined && isCheckout(step.uses)) return checkOut(run);
  const action = step.uses === undefined ? undefined : await actionOf(run.job, step.uses);
  if (action !== undefined && run.planned.stage === 'main' && (await hasPost(run.job, action)))
    registerPost(run, action);
  writeEvent(run);
  const files = new CommandFiles(run.job.machine);
  run.record.commandFiles = files.paths;
  Object.assign(run.github, files.paths, origin(step.uses));
  try {
    return action === undefined ? await performScript(run) : await performAction(run, action);
  } finally {
    // However the process ended: what a killed or cancelled step had appended counts.
    files.process(run);
  }
}

async function performAction(run: StepRun, action: Action): Promise<Conclusion> {
  run.log.debug('Loading inputs');
  const inputs = readInputs(run, action);
  run.log.debug('Loading env');
  showDetails(run, inputs);
  if (action.runs.using === 'composite') return performComposite(run, action, action.runs, inputs);
  return performJavaScript(run, action, action.runs, inputs);
}

/** The post stage is certain from here on, whatever becomes of main. */
function registerPost(run: StepRun, action: Action): void {
  const { job, planned } = run;
  const condition = action.runs.using === 'composite' ? 'always()' : action.runs.postIf;
  run.log.debug(`Register post job cleanup for action: ${planned.step.uses}`);
  job.posts.set(planned.key, condition);
  if (planned.frame.scope === '') job.stack.push({ ...planned, stage: 'post', condition });
}

// The `with:` and `env:` that every step shows: where an exported secret that was not masked comes to light.
function showDetails(run: StepRun, inputs: readonly Input[]): void {
  const { log, planned } = run;
  if (planned.stage === 'post') {
    log.output('Post job cleanup.');
    return;
  }
  log.output(`##[group]Run ${planned.step.uses}`);
  if (inputs.length > 0) log.output('with:');
  for (const { name, value } of inputs) if (value !== '') log.output(`  ${name}: ${value}`);
  if (run.env.size > 0) log.output('env:');
  for (const [name, value] of run.env) log.output(`  ${name}: ${value}`);
  log.output('##[endgroup]');
}

function writeEvent(run: StepRun): void {
  const path = join(run.job.machine.temp, '_github_workflow', 'event.json');
  run.job.machine.write(path, JSON.stringify(run.job.github.event, undefined, 2));
  run.github.event_path = path;
}

function origin(uses: string | undefined): Record<string, string> {
  if (uses === undefined || uses.startsWith('./')) return { action_repository: '', action_ref: '' };
  const [path = '', ref = ''] = uses.split('@');
  return { action_repository: path.split('/').slice(0, 2).join('/'), action_ref: ref };
}

// actions/checkout is not run: the files that the run was given appear in the workspace.
function checkOut(run: StepRun): Conclusion {
  const { job } = run;
  showDetails(run, []);
  for (const [path, content] of Object.entries(job.checkout))
    job.machine.write(join(job.machine.workspace, path), content);
  job.checkedOut = true;
  return 'success';
}
