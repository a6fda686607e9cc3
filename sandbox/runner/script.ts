// A `run:` step.
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Conclusion } from './result.ts';
import { argumentsFor, findShell, type Shell } from './shell.ts';
import { runStepProcess } from './step-process.ts';
import type { StepRun } from './step-run.ts';

/** Writes the script to the temp folder and runs it; a job's defaults do not reach into composite actions. */
export async function performScript(run: StepRun): Promise<Conclusion> {
  const { job, planned, log } = run;
  const { step, frame } = planned;
  const defaults = frame.scope === '' ? job.defaults : {};
  const contents = run.text(step.run);
  const folder = run.text(step['working-directory'] ?? defaults['working-directory'] ?? '');
  const path = [...job.paths.toReversed(), job.machineEnv.PATH ?? ''].join(':');
  const shell = findShell(run.text(step.shell ?? '') || defaults.shell, path);
  show(run, contents, shell);
  const script = join(job.machine.temp, `${randomUUID()}${shell.extension}`);
  job.machine.write(script, contents);
  const args = argumentsFor(shell, script);
  log.debug(`${shell.program} ${args.join(' ')}`);
  const exitCode = await runStepProcess(run, {
    file: shell.program,
    args,
    shown: [shell.program, ...args],
    env: run.processEnv({}, job.serviceEnv.all),
    cwd: resolve(job.machine.workspace, folder),
  });
  if (exitCode === 0) return 'success';
  log.error(`Process completed with exit code ${exitCode}.`);
  return 'failure';
}

function show({ log, env }: StepRun, contents: string, shell: Shell): void {
  const firstLine = contents.trimStart().split(/[\r\n]/, 1)[0];
  log.output(`##[group]Run ${firstLine}`);
  for (const line of contents.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n')) {
    log.output(`\u001b[36;1m${line}\u001b[0m`);
  }
  log.output(`shell: ${shell.program} ${shell.format}`);
  if (env.size > 0) log.output('env:');
  for (const [name, value] of env) log.output(`  ${name}: ${value}`);
  log.output('##[endgroup]');
}
