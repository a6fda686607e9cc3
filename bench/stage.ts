// The bench's handle on the world's process.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Asked, Opened } from './world.ts';

export interface Network {
  readonly latencyMs: number;
  readonly connectMs: number;
}

export interface Stage {
  readonly opened: Opened;
  /** The requests since the last call, in order of their starts. */
  take(): Promise<readonly Asked[]>;
  stop(): Promise<void>;
}

/** Starts a world with this network. Rejects if its process ends before it has opened. */
export async function openStage({ latencyMs, connectMs }: Network): Promise<Stage> {
  const child = fork(join(import.meta.dirname, 'world.ts'), [String(latencyMs), String(connectMs)]);
  const opened = (await message(child)) as Opened;
  return {
    opened,
    async take() {
      const answer = message(child);
      child.send('take');
      return ((await answer) as Asked[]).toSorted((a, b) => a.start - b.start);
    },
    async stop() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** The next message. Rejects where the process ends instead. */
function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the world's process ended with ${String(code)}`));
    child.once('exit', ended).once('message', (value) => {
      child.off('exit', ended);
      resolve(value);
    });
  });
}
