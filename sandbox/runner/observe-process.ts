// Output, child processes, exits and signals of the observed process.
import type { ChildProcess } from 'node:child_process';
import type { JournalEntry } from './journal.ts';

export type Record = (entry: Omit<JournalEntry, 'pid' | 'time'>) => void;

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Puts `around` in front of a function of an object; what it returns replaces nothing. */
export function before(owner: object, name: string, around: (args: unknown[]) => void): void {
  const functions = owner as { [name: string]: AnyFunction | undefined };
  const original = functions[name];
  if (original === undefined) return;
  const patched: AnyFunction = function (this: unknown, ...args: unknown[]) {
    around(args);
    return original.apply(this, args);
  };
  // Some carry more than themselves (`realpath.native`, `promisify.custom`).
  functions[name] = Object.assign(patched, original);
  for (const symbol of Object.getOwnPropertySymbols(original))
    Reflect.set(patched, symbol, Reflect.get(original, symbol));
}

export function observeProcess(record: Record): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    before(process[stream], 'write', ([chunk]) => record({ kind: stream, text: textOf(chunk) }));
  }
  before(process, 'exit', ([code]) => record({ kind: 'exit', what: String(code ?? process.exitCode ?? 0) }));
  before(process, 'abort', () => record({ kind: 'exit', what: 'abort' }));
  // Signals arrive as events; asking for them with a listener of our own would keep the process alive.
  before(process, 'emit', ([event]) => {
    if (typeof event === 'string' && /^SIG[A-Z0-9]+$/.test(event)) record({ kind: 'signal', what: event });
  });
  before(process, 'kill', ([pid, signal]) =>
    record({ kind: 'signal', what: `kill ${String(pid)} ${String(signal ?? 'SIGTERM')}` }),
  );
  observeChildren(record);
}

// Every asynchronous way to start a child ends in ChildProcess.spawn; the synchronous ones do not.
function observeChildren(record: Record): void {
  const children = process.getBuiltinModule('node:child_process');
  before((children.ChildProcess as unknown as { prototype: ChildProcess }).prototype, 'spawn', ([options]) => {
    const { file, args, envPairs } = options as { file: string; args?: string[]; envPairs?: string[] };
    const env = Object.fromEntries((envPairs ?? []).map((pair) => cutAt(pair, pair.indexOf('='))));
    record({ kind: 'spawn', path: file, argv: args ?? [file], env });
  });
  for (const name of ['spawnSync', 'execFileSync', 'execSync']) {
    before(children, name, ([file, ...rest]) => {
      const args = rest.find((value): value is string[] => Array.isArray(value)) ?? [];
      const options = rest.find((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
      const env = (options as { env?: { [name: string]: string } } | undefined)?.env ?? process.env;
      record({
        kind: 'spawn',
        path: String(file),
        argv: [String(file), ...args],
        env: { ...env } as { [name: string]: string },
      });
    });
  }
}

/** What was written, as text. */
export function textOf(chunk: unknown): string {
  if (typeof chunk === 'string') return chunk;
  if (ArrayBuffer.isView(chunk)) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString();
  return String(chunk);
}

function cutAt(text: string, at: number): [string, string] {
  return [text.slice(0, at), text.slice(at + 1)];
}
