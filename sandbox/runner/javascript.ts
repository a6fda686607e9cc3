// A JavaScript action's main or post script.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Action, NodeRuns } from './action.ts';
import { type Input, inputEnv } from './inputs.ts';
import { readJournal } from './journal.ts';
import type { Conclusion } from './result.ts';
import { runStepProcess } from './step-process.ts';
import type { StepRun } from './step-run.ts';

/** Runs the script of the run's stage in the workspace. Any exit code but 0 fails the step, without a word. */
export async function performJavaScript(
  run: StepRun,
  action: Action,
  runs: NodeRuns,
  inputs: readonly Input[],
): Promise<Conclusion> {
  const { job, planned } = run;
  const script = join(action.folder, planned.stage === 'main' ? runs.main : (runs.post ?? ''));
  if (!existsSync(script)) throw new Error(`File not found: '${script}'`);
  const env = run.processEnv(inputEnv(inputs), { ...job.serviceEnv.javaScript, ...job.serviceEnv.all });
  // Known to upset the node of the runner.
  delete env.NODE_ICU_DATA;
  const journal = join(job.machine.journals, `${job.results.length}-${planned.stage}.jsonl`);
  const observer = job.observe ? ['--import', observerUrl(journal)] : [];
  const shown = [job.node, script];
  try {
    const exitCode = await runStepProcess(run, {
      file: job.node,
      args: [...observer, script],
      shown,
      env,
      cwd: job.machine.workspace,
    });
    run.log.debug(`Node Action run completed with exit code ${exitCode}`);
    return exitCode === 0 ? 'success' : 'failure';
  } finally {
    run.record.journal = readJournal(journal);
  }
}

// The journal's path travels in the URL: a variable would be seen, and inherited, by what is observed.
function observerUrl(journal: string): string {
  const url = pathToFileURL(fileURLToPath(new URL('./observer.ts', import.meta.url)));
  url.searchParams.set('journal', journal);
  return url.href;
}
