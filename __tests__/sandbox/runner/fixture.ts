// Actions and workflows made on the spot, run, and removed after each test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunOptions } from '../../../sandbox/runner/options.ts';
import type { RunResult, StepResult } from '../../../sandbox/runner/result.ts';
import { runWorkflow } from '../../../sandbox/runner/run.ts';

const folders: string[] = [];
const results: RunResult[] = [];

/** Removes all that this test made. */
export function cleanUp(): void {
  for (const result of results.splice(0)) result.dispose();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A folder with these files. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'fixture-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const prelude = `
const fs = require('node:fs');
const put = (kind, text) => fs.appendFileSync(process.env['GITHUB_' + kind], text + '\\n');
const say = (...words) => process.stdout.write(words.join(' ') + '\\n');
`;

/** The folder of a JavaScript action; `put(kind, text)` and `say(...)` are at hand in its scripts. */
export function javaScriptAction(scripts: { main: string; post?: string; postIf?: string; inputs?: string }): string {
  const { main, post, postIf, inputs } = scripts;
  const runs = [
    '  using: node24',
    '  main: main.cjs',
    ...(post === undefined ? [] : ['  post: post.cjs']),
    ...(postIf === undefined ? [] : [`  post-if: ${postIf}`]),
  ];
  const manifest = [
    'name: fixture',
    'description: an action of a test',
    ...(inputs === undefined ? [] : ['inputs:', inputs]),
    'runs:',
    ...runs,
  ];
  return folderOf({
    'action.yml': `${manifest.join('\n')}\n`,
    'main.cjs': prelude + main,
    ...(post === undefined ? {} : { 'post.cjs': prelude + post }),
  });
}

/** `head` and `jobHead` are YAML of the workflow and of its job (indented by four). */
export type Play = Omit<Partial<RunOptions>, 'workflow' | 'job'> & {
  readonly head?: string;
  readonly jobHead?: string;
};

/** Runs one job with these steps (YAML, indented by two) and waits that suit tests. */
export async function play(steps: string, options: Play = {}): Promise<RunResult> {
  const { head = '', jobHead = '', ...rest } = options;
  const indented = steps.replace(/^\n/, '').replace(/^(?=.)/gm, '    ');
  const workflow = `on: push\n${head}\njobs:\n  job:\n    runs-on: ubuntu-latest\n${jobHead}\n    steps:\n${indented}\n`;
  return keep(await runWorkflow({ workflow, actions: {}, graces: { interrupt: 2_000, terminate: 1_000 }, ...rest }));
}

/** Runs a whole workflow. */
export async function playWorkflow(workflow: string, options: Partial<RunOptions> = {}): Promise<RunResult> {
  return keep(await runWorkflow({ workflow, actions: {}, ...options }));
}

/** The one step of that name. */
export function step(result: RunResult, name: string): StepResult {
  const found = result.steps.filter((s) => s.name === name);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(
      `${found.length} steps are named '${name}': ${result.steps.map((s) => s.name).join(', ')}\n${result.log.join('\n')}`,
    );
  }
  return found[0];
}

/** What steps printed themselves: the log without the runner's own blocks. */
export function printed(lines: readonly string[]): string[] {
  const own: string[] = [];
  let inside = false;
  for (const line of lines) {
    if (line.startsWith('##[group]Run ')) inside = true;
    else if (inside) inside = line !== '##[endgroup]';
    else own.push(line);
  }
  return own;
}

function keep(result: RunResult): RunResult {
  results.push(result);
  return result;
}
