// One program, run to its end. Its environment is what it is given, so that a proxy or a CA of the machine never decides what a test sees.
import { spawn } from 'node:child_process';

export interface Ran {
  /** Undefined: ended by a signal, or by `timeoutMs`. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds; five minutes unless given. */
  readonly timeoutMs?: number;
  /** The user and group to run as, for programs that refuse to be root. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs `file` with its standard input closed. Throws only where there is no such program. */
export function run(file: string, args: readonly string[], options: CommandOptions): Promise<Ran> {
  const { timeoutMs = 300_000, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...rest,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const [stdout, stderr] = [out, err].map((chunks) => Buffer.concat(chunks).toString('utf8')) as [string, string];
      resolve({ status: code ?? undefined, stdout, stderr });
    });
  });
}

/** The same for a program that has to succeed: its standard output. Throws with the end of what it said otherwise. */
export async function succeed(file: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const ran = await run(file, args, options);
  if (ran.status === 0) return ran.stdout;
  const said = `${ran.stdout}\n${ran.stderr}`.trim().split('\n').slice(-15).join('\n');
  throw new Error(`${file} ${args.join(' ')} ended with ${ran.status ?? 'a signal'}:\n${said}`);
}

/** This process's own environment, for programs that fetch packages: they need the machine's proxy and certificates. */
export function machineEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The least a program needs, and nothing of the machine's settings. */
export function bareEnv(home: string): Record<string, string> {
  return { HOME: home, PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' };
}
