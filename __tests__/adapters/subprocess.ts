// A process of its own around the runner adapter, since what matters is what leaves it: standard output, standard error, files, status.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Runner } from '../../src/core/ports.ts';

const SRC = join(import.meta.dirname, '../../src');
const url = (file: string) => pathToFileURL(join(SRC, file)).href;

export interface Modules {
  readonly Secret: typeof import('../../src/core/secret.ts').Secret;
  readonly Failure: typeof import('../../src/core/failure.ts').Failure;
  readonly failureSummary: typeof import('../../src/summary-failures.ts').failureSummary;
}

export interface Outcome {
  readonly lines: readonly string[];
  readonly stderr: string;
  readonly status: number | null;
  /** What the command files hold, by variable. */
  readonly files: Readonly<Record<string, string>>;
}

type Story = (runner: Runner, modules: Modules) => unknown;

function codeOf(story: Story): string {
  return `
    const { openRunner } = await import(${JSON.stringify(url('adapters/runner.ts'))});
    const { Secret } = await import(${JSON.stringify(url('core/secret.ts'))});
    const { Failure } = await import(${JSON.stringify(url('core/failure.ts'))});
    const { failureSummary } = await import(${JSON.stringify(url('summary-failures.ts'))});
    await (${story.toString()})(openRunner(process), { Secret, Failure, failureSummary });`;
}

const FILES = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'];

/** Runs `story` in a process with a runner opened over it. The function is sent as text: it may close over nothing. */
export function around(story: Story, env: Readonly<Record<string, string>> = {}): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'runner-test-'));
  try {
    const files = Object.fromEntries(FILES.map((name) => [name, join(folder, name)]));
    for (const file of Object.values(files)) writeFileSync(file, '');
    const run = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', codeOf(story)], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', ...files, ...env },
    });
    const held = Object.fromEntries(FILES.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
    return { lines: run.stdout.split('\n').slice(0, -1), stderr: run.stderr, status: run.status, files: held };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same in a process whose output nobody reads any more; one that does not end by itself is killed. */
export async function deserted(story: Story): Promise<{ status: number | null; signal: string | null }> {
  const args = ['--no-warnings', '--input-type=module', '-e', codeOf(story)];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  child.stderr.destroy();
  const kill = setTimeout(() => child.kill('SIGKILL'), 20_000);
  try {
    return await new Promise((go) => child.on('exit', (status, signal) => go({ status, signal })));
  } finally {
    clearTimeout(kill);
  }
}
