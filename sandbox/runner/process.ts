// One process of a step: clean environment, stdin closed, output line by line, cancelled as the real runner cancels (github.md 3.7).
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { type Graces, interrupt } from './interruption.ts';
import { LineSplitter } from './line-splitter.ts';
import { killTree } from './process-tree.ts';

/** A process as a test's hooks see it, to end it at a moment of their choice. */
export interface Running {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly graces: Graces;
  /** Once aborted: SIGINT, SIGTERM, then the whole tree is killed. */
  readonly cancel: AbortSignal;
  onStart?(process: Running): void;
  /** The exit code, also when `Cancelled` is thrown. */
  onExit?(exitCode: number): void;
  onText(stream: 'stdout' | 'stderr', text: string): void;
  onLine(stream: 'stdout' | 'stderr', line: string): void;
}

/** The step was cancelled (or ran out of time) while its process ran; it has ended. */
export class Cancelled extends Error {
  constructor() {
    super('The operation was canceled.');
  }
}

/**
 * Runs a process to its end and answers its exit code, 128 + n after signal n. Throws `Cancelled` if it was cancelled, even if it then ended well;
 * any other error means that it could not be started.
 */
export async function runProcess(command: Command): Promise<number> {
  const child = start(command);
  child.stdin.on('error', () => {}).end();
  const ended = Promise.withResolvers<number>();
  const flushOut = lines(child.stdout, 'stdout', command);
  const flushErr = lines(child.stderr, 'stderr', command);
  let pipes: NodeJS.Timeout | undefined;
  child.on('error', (error) => ended.reject(startFailure(command, error)));
  child.on('exit', (code, signal) => {
    const exitCode = code ?? 128 + signalNumber(signal);
    pipes = setTimeout(() => {
      killTree(child.pid ?? 0);
      child.stdout.destroy();
      child.stderr.destroy();
      ended.resolve(exitCode);
    }, command.graces.pipes);
  });
  child.on('close', (code, signal) => ended.resolve(code ?? 128 + signalNumber(signal)));
  if (child.pid !== undefined) command.onStart?.({ pid: child.pid, kill: (signal) => child.kill(signal) });
  const cancelling = cancelOn(command, child.pid, ended.promise);
  try {
    return await cancelling.guard(ended.promise);
  } finally {
    clearTimeout(pipes);
    flushOut();
    flushErr();
  }
}

// Most failures to start come as an event, some (arguments or environment too long) at once.
function start(command: Command): ChildProcessWithoutNullStreams {
  try {
    return spawn(command.file, command.args, { cwd: command.cwd, env: command.env, stdio: 'pipe' });
  } catch (error) {
    throw startFailure(command, error as NodeJS.ErrnoException);
  }
}

function cancelOn(command: Command, pid: number | undefined, ended: Promise<number>) {
  const { cancel, graces } = command;
  let sequence: Promise<void> | undefined;
  const start = (): void => {
    if (pid !== undefined) sequence = interrupt(pid, graces, ended);
  };
  if (cancel.aborted) start();
  else cancel.addEventListener('abort', start, { once: true });
  return {
    async guard(result: Promise<number>): Promise<number> {
      try {
        const exitCode = await result;
        command.onExit?.(exitCode);
        await sequence;
        if (cancel.aborted) throw new Cancelled();
        return exitCode;
      } finally {
        cancel.removeEventListener('abort', start);
      }
    },
  };
}

// Hands over each chunk and each line; returns what hands over an unfinished last line.
function lines(stream: NodeJS.ReadableStream, name: 'stdout' | 'stderr', command: Command): () => void {
  const decoder = new StringDecoder('utf8');
  const splitter = new LineSplitter((line) => command.onLine(name, line));
  stream.on('data', (chunk: Buffer) => {
    const text = decoder.write(chunk);
    command.onText(name, text);
    splitter.push(text);
  });
  return () => splitter.end();
}

function startFailure(command: Command, error: NodeJS.ErrnoException): Error {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'No such file or directory',
    EACCES: 'Permission denied',
    E2BIG: 'Argument list too long',
  };
  const reason = reasons[error.code ?? ''] ?? error.message;
  return new Error(
    `An error occurred trying to start process '${command.file}' with working directory '${command.cwd}'. ${reason}`,
  );
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : process.getBuiltinModule('node:os').constants.signals[signal];
}
