// The files behind GITHUB_ENV, GITHUB_OUTPUT, GITHUB_STATE, GITHUB_PATH and GITHUB_STEP_SUMMARY: new ones for each step, read once it has ended,
// and left where they are until the job ends (so every later step of the same user can read them).
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Pair, readPairs, readPaths } from './file-command.ts';
import type { Machine } from './machine.ts';
import type { StepRun } from './step-run.ts';

interface Kind {
  /** Name in the github context; GITHUB_ in front of it is the variable. */
  readonly context: string;
  readonly prefix: string;
  take(run: StepRun, path: string): void;
}

// In the order in which the runner reads them.
const kinds: readonly Kind[] = [
  { context: 'path', prefix: 'add_path_', take: takePaths },
  { context: 'env', prefix: 'set_env_', take: (run, path) => takePairs(run, path, takeEnv) },
  { context: 'step_summary', prefix: 'step_summary_', take: takeSummary },
  { context: 'state', prefix: 'save_state_', take: (run, path) => takePairs(run, path, takeState) },
  { context: 'output', prefix: 'set_output_', take: (run, path) => takePairs(run, path, takeOutput) },
];

const largestSummary = 1024 * 1024;

export class CommandFiles {
  /** Paths by the name in the github context. */
  readonly paths: Readonly<Record<string, string>>;

  constructor(machine: Machine) {
    const suffix = randomUUID();
    const folder = join(machine.temp, '_runner_file_commands');
    this.paths = Object.fromEntries(kinds.map((kind) => [kind.context, join(folder, `${kind.prefix}${suffix}`)]));
    for (const path of Object.values(this.paths)) machine.write(path, '');
  }

  /** Applies what the step wrote. A mistake fails the step; what stood before it, and the other files, count. */
  process(run: StepRun): void {
    for (const kind of kinds) {
      try {
        kind.take(run, this.paths[kind.context] ?? '');
      } catch (error) {
        run.log.error(`Unable to process file command '${kind.context}' successfully.`);
        run.fail((error as Error).message);
      }
    }
  }
}

function takePairs(run: StepRun, path: string, take: (run: StepRun, pair: Pair) => void): void {
  const text = readIfThere(path);
  if (text === undefined) {
    run.log.debug(`File does not exist '${path}'`);
    return;
  }
  const { pairs, error } = readPairs(text);
  for (const pair of pairs) take(run, pair);
  if (error !== undefined) throw new Error(error);
}

function takeEnv(run: StepRun, { name, value }: Pair): void {
  if (name.toUpperCase() === 'NODE_OPTIONS') {
    run.log.error("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
    return;
  }
  run.setEnv(name, value);
}

function takeState(run: StepRun, { name, value }: Pair): void {
  run.saveState(name, value);
}

function takeOutput(run: StepRun, { name, value }: Pair): void {
  run.setOutput(name, value);
}

function takePaths(run: StepRun, path: string): void {
  for (const folder of readPaths(readIfThere(path) ?? '')) run.addPath(folder);
}

function takeSummary(run: StepRun, path: string): void {
  const text = readIfThere(path);
  if (text === undefined || text === '') return;
  const size = statSync(path).size;
  if (size > largestSummary) {
    run.log.error(
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${largestSummary / 1024}k, got ${Math.floor(size / 1024)}k. For more information see: https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-markdown-summary`,
    );
    return;
  }
  const lines = text.replace(/(?:\r\n|\n|\r)$/, '').split(/\r\n|\n|\r/);
  run.record.summary = lines.map((line) => `${run.log.masker.mask(line)}\n`).join('');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
