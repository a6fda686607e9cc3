// The heavy halves of a step's tasks: their SDKs, 10 to 35 ms of reading and compiling each, during which nothing else is heard. They are loaded while
// the network has nothing to say, in pieces, and an exchange starts as soon as its own is there.
import type { Cloud } from './core/input.ts';
import { turn } from './core/parallel.ts';
import type { Clock } from './core/ports.ts';
import type { Run, Task } from './core/task.ts';

/** A task whose heavy half is there, or on its way: what is asked of it waits until then. */
export interface Loaded {
  readonly task: Task;
  readonly run: Pick<Run, 'exchange'>;
}

/** What everything waits for in turn. */
export interface Waits {
  /** Every identity token has been asked for. */
  readonly onTheWire: Promise<void>;
  /** The identity tokens are here, or will not come. Never rejects. */
  readonly minted: Promise<void>;
}

/**
 * How long pieces may be begun in each wait: while connections are made, and while tokens are minted. These take longer than that, and a piece that is
 * begun later would hold up what comes out of them.
 */
const WINDOW_MS = 20;

/** By how many requests follow one another: what loads last can do so while the first ones wait for their next answer. */
const LONGEST_FIRST: readonly Cloud[] = ['vault', 'gcp', 'azure', 'aws'];

export interface Loading {
  readonly runs: readonly Loaded[];
  /** All are there, or have failed, and exchanges that waited for them have sent their first request. */
  readonly begun: Promise<void>;
}

/** Begins to load all of them. A failure to load is that task's alone. */
export function loadEach(tasks: readonly Task[], clock: Clock, waits: Waits): Loading {
  const parts = tasks.map((task) => ({ task, loading: Promise.withResolvers<Run>() }));
  for (const { loading } of parts) loading.promise.catch(() => {}); // told by the exchange that waits for it, if one still does
  const begun = loadAll(parts, clock, waits).then(turn).then(turn);
  const runs = parts.map(({ task, loading }) => ({
    task,
    run: { exchange: async (...given: Parameters<Run['exchange']>) => (await loading.promise).exchange(...given) },
  }));
  return { runs, begun };
}

interface Part {
  readonly task: Task;
  readonly loading: PromiseWithResolvers<Run>;
}

async function loadAll(parts: readonly Part[], clock: Clock, waits: Waits): Promise<void> {
  const windows = openWindows(clock, waits);
  const rank = ({ task }: Part) => LONGEST_FIRST.indexOf(task.cloud);
  for (const { task, loading } of parts.toSorted((a, b) => rank(a) - rank(b))) {
    try {
      await windows.opportunity();
      const run = await task.load();
      await windows.opportunity();
      // What is not rehearsed when the tokens are here does without.
      if (!windows.over()) await run.rehearse();
      loading.resolve(run);
    } catch (thrown) {
      loading.reject(thrown);
    }
  }
}

/** When a piece may begin: `opportunity` resolves once it may. */
function openWindows(clock: Clock, { onTheWire, minted }: Waits) {
  let until = clock.steady() + WINDOW_MS;
  const end = minted.then(() => {
    until = Number.POSITIVE_INFINITY;
  });
  // A connection that hangs is never on the wire; its request is then repeated over another.
  let wait: Promise<void> = Promise.race([end, onTheWire]).then(() => {
    until = Math.max(until, clock.steady() + WINDOW_MS);
    wait = end;
  });
  return {
    over: () => until === Number.POSITIVE_INFINITY,
    async opportunity(): Promise<void> {
      await turn();
      while (clock.steady() > until) {
        await wait;
        // What has just become possible is done first: asking for tokens, exchanging them.
        await turn();
        await turn();
      }
    },
  };
}
