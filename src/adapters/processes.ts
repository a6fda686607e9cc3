// Programs of the machine: started without a shell in a clean environment, and never outlived by what they started (INVARIANTS 11, 16).
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Processes, Program, Ran, RunTerms } from '../core/ports.ts';
import { baseEnv, type Disk, type Env, locate, realDisk } from './search-path.ts';

const LARGEST_OUTPUT = 4 * 1024 * 1024;
/** How long pipes may stay open behind a program that has ended: something that left its group holds them. */
const PIPES_MS = 1_000;

/** `env` reads the runner's variables; `platform` and `disk` are the machine's. */
export function openProcesses(env: Env, platform: NodeJS.Platform, disk: Disk = realDisk): Processes {
  const found = new Map<string, Program | undefined>();
  return {
    async find(wanted) {
      if (!found.has(wanted.name)) found.set(wanted.name, locate(wanted, env, platform, disk));
      return found.get(wanted.name);
    },
    run: (program, args, terms) => run(program, args, terms, baseEnv(env, platform, disk), platform),
    async endStray(pid, mark) {
      try {
        // The id may be another's by now: only what was given our folder is ours.
        if (platform === 'linux' && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark))
          process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    },
  };
}

function run(
  program: Program,
  args: readonly string[],
  terms: RunTerms,
  base: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): Promise<Ran> {
  if (terms.signal.aborted) return Promise.resolve({ how: 'stopped', output: '', errors: '' });
  try {
    const child = spawn(program.file, [...program.args, ...args], {
      cwd: terms.cwd,
      env: { ...base, ...terms.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // A group of its own, so that a script's children can be killed with it. Windows has no such groups, and there no script is started.
      detached: platform !== 'win32',
    });
    if (child.pid !== undefined) terms.onStart?.(child.pid);
    return ended(child, terms, platform);
  } catch (thrown) {
    return Promise.resolve(notStarted(thrown)); // some faults come at once, others as an event
  }
}

function notStarted(error: unknown): Ran {
  const code = (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  return { how: 'not-started', code, output: '', errors: '' };
}

function ended(child: ChildProcess, terms: RunTerms, platform: NodeJS.Platform): Promise<Ran> {
  return new Promise((ok) => {
    let cut: Ran['how'] | undefined;
    const end = (how: Ran['how']) => {
      cut ??= how;
      killAll(child, platform);
    };
    const output = collected(child.stdout, () => end('too-large'));
    const errors = collected(child.stderr, () => end('too-large'));
    const stop = () => end('stopped');
    const timer = setTimeout(() => end('timeout'), terms.timeoutMs);
    terms.signal.addEventListener('abort', stop);
    const tell = (ran: Ran) => {
      clearTimeout(timer);
      terms.signal.removeEventListener('abort', stop);
      ok(ran);
    };
    child.on('error', (error) => tell(notStarted(error)));
    // Whatever it left behind would hold its pipes open, and outlive the step.
    child.on('exit', () => {
      killAll(child, platform);
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, PIPES_MS).unref();
    });
    child.on('close', (status) =>
      tell({ how: cut ?? 'exited', status: status ?? -1, output: output(), errors: errors() }),
    );
  });
}

function collected(stream: ChildProcess['stdout'], tooLarge: () => void): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LARGEST_OUTPUT) tooLarge();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function killAll(child: ChildProcess, platform: NodeJS.Platform): void {
  if (child.pid === undefined) return;
  try {
    if (platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it is left: what was wanted.
  }
}
