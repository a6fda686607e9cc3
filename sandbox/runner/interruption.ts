// How the runner ends a process that is to be cancelled (github.md 3.7), and how patient it is.
import { killTree } from './process-tree.ts';

/** How long the runner waits, in milliseconds. */
export interface Graces {
  /** After SIGINT. */
  readonly interrupt: number;
  /** After SIGTERM. */
  readonly terminate: number;
  /** For pipes that a child of the process keeps open after it ended. */
  readonly pipes: number;
  /** What a minute of `timeout-minutes` is. */
  readonly minute: number;
}

export const realGraces: Graces = { interrupt: 7_500, terminate: 2_500, pipes: 5_000, minute: 60_000 };

/** Asks a process to end, twice, and then ends it with all that came from it. Resolves when it has ended or was killed; never rejects. */
export async function interrupt(pid: number, graces: Graces, ended: Promise<number>): Promise<void> {
  for (const [signal, grace] of [
    ['SIGINT', graces.interrupt],
    ['SIGTERM', graces.terminate],
  ] as const) {
    send(pid, signal);
    if (await endsWithin(ended, grace)) return;
  }
  killTree(pid);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}

async function endsWithin(ended: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  const inTime = ended.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([inTime, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
