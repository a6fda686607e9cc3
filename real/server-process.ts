// A server of somebody else's, as a child process: started, waited for, and ended by its own id.
import { type ChildProcess, spawn } from 'node:child_process';
import type { CommandOptions } from './command.ts';

const READY_MS = 30_000;
const POLL_MS = 50;
const STOP_MS = 10_000;

export interface ServerProcess {
  readonly pid: number;
  /** Ends it with `signal`; after ten seconds by force. Safe to call twice. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ServerOptions extends CommandOptions {
  readonly file: string;
  readonly args: readonly string[];
  /** Asked until it is true; it may throw while the server is not there yet. */
  ready(): Promise<boolean>;
}

/** Resolves once the server is ready. Throws with the end of its log if it ends before that, or takes longer than half a minute. */
export async function startServer({ file, args, ready, ...options }: ServerOptions): Promise<ServerProcess> {
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log.push(text);
      if (log.length > 200) log.shift();
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      log.push(String(error));
      resolve();
    });
    child.on('exit', () => resolve());
  });
  // A test process that dies of an error must not leave its servers behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  void ended.then(() => process.off('exit', kill));
  await untilReady(child, ready, () => `${file} did not start:\n${log.join('').slice(-3000)}`);
  return { pid: child.pid ?? 0, stop: (signal = 'SIGTERM') => stop(child, ended, signal) };
}

async function untilReady(child: ChildProcess, ready: () => Promise<boolean>, account: () => string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (!(await ready().catch(() => false))) {
    const over = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    if (over || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(account());
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function stop(child: ChildProcess, ended: Promise<void>, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(force);
}
