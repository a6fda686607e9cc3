// The exchanges of a step whose trust may be new: refusals that such a trust causes are repeated, for as long as `propagation-wait` says.
// Loaded only where that is set.

import { asFailure, type Failure } from './core/failure.ts';
import type { Grant } from './core/grant.ts';
import type { Cloud } from './core/input.ts';
import { spoken } from './core/kinds.ts';
import type { ExchangePorts, Identities } from './core/provider.ts';
import type { Task } from './core/task.ts';
import type { Shared } from './exchanges.ts';
import type { Loaded } from './loading.ts';
import { type Outcome, settled } from './setback.ts';

/** Waits grow from the one to the other, each between a half and the whole of it: many jobs of one trust must not ask in step. */
const SHORTEST_MS = 2_000;
const LONGEST_MS = 20_000;
/** How often the log says that it still waits. */
const SAY_MS = 60_000;
/** Identity tokens live five minutes; later steps are to get most of them. */
const FRESH_MS = 60_000;

/** Like the exchanges of any step, with patience; and where one cloud was waited for, the others' identity tokens are new again. */
export async function outlastEach(
  runs: readonly Loaded[],
  identities: ReadonlyMap<Cloud, Identities>,
  shared: Shared,
): Promise<Outcome[]> {
  const { ports, keep } = shared;
  const grantedAt = new Map<Loaded, number>();
  const exchange = async (one: Loaded, as: Identities) => {
    const grant = await one.run.exchange(as, ports, keep);
    grantedAt.set(one, ports.clock.now());
    return grant;
  };
  const outcomes = await Promise.all(
    runs.map((one) => {
      const as = identities.get(one.task.cloud) as Identities;
      return settled(one.task, shared, () => outlast(one.task, (renewed) => exchange(one, renewed), as, shared));
    }),
  );
  if (outcomes.some((outcome) => 'failure' in outcome)) return outcomes;
  // What lags also gives identity tokens to later steps, in files: those of a cloud that did not wait have grown old meanwhile.
  const isOld = (one: Loaded) =>
    one.task.lags !== undefined && ports.clock.now() - (grantedAt.get(one) ?? 0) > FRESH_MS;
  return Promise.all(
    runs.map(async (one, i) => {
      if (!isOld(one)) return outcomes[i] as Outcome;
      return settled(one.task, shared, async () =>
        exchange(one, await renewed(one.task, identities.get(one.task.cloud) as Identities)),
      );
    }),
  );
}

/**
 * Runs an exchange until it is granted, refused for good, or the wait is over; a fresh identity token each time. Rejects with the last
 * refusal, also when the step is given up or cancelled meanwhile.
 */
export async function outlast(
  task: Task,
  run: (identities: Identities) => Promise<Grant>,
  identities: Identities,
  { ports, propagationWait }: Pick<Shared, 'ports' | 'propagationWait'>,
): Promise<Grant> {
  const { clock, budget } = ports;
  const until = clock.now() + propagationWait * 1000;
  let saidAt: number | undefined;
  for (let current = identities, waits = 0; ; waits++) {
    try {
      return await run(current);
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (!(await task.lags?.(failure)) || budget.stopping.aborted) throw thrown;
      const pause = pauseAfter(waits, ports);
      if (clock.now() + pause > until || pause >= budget.remaining())
        throw told(thrown, waits, task, propagationWait, ports);
      if (saidAt === undefined || clock.now() - saidAt >= SAY_MS) {
        ports.say(waiting(task, failure, saidAt === undefined, until - clock.now()));
        saidAt = clock.now();
      }
      await clock.sleep(pause, budget.stopping);
      if (budget.stopping.aborted) throw thrown;
      current = await renewed(task, identities);
    }
  }
}

function pauseAfter(waits: number, { random }: ExchangePorts): number {
  const whole = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** waits);
  return (whole + random.fraction() * whole) / 2;
}

function waiting(task: Task, failure: Failure, first: boolean, leftMs: number): string {
  const left = spoken(Math.max(1, Math.round(leftMs / 1000)));
  return first
    ? `${task.title} refuses this job ([${failure.id}] ${failure.message}), as it does for some minutes while a trust is new. It is asked again for up to ${left} (propagation-wait).`
    : `${task.title} still refuses this job: asked again for up to ${left}.`;
}

function told(thrown: unknown, waits: number, task: Task, seconds: number, ports: ExchangePorts): unknown {
  if (waits > 0)
    ports.say(
      `${task.title} refused this job ${waits + 1} times within ${spoken(seconds)} (propagation-wait): a new trust has mostly arrived by then.`,
    );
  return thrown;
}

/** The same identities with new tokens, all of them: an exchange may use more than one. */
async function renewed(task: Task, identities: Identities): Promise<Identities> {
  const uses = Object.keys(task.plan.audiences);
  const fresh = new Map(await Promise.all(uses.map(async (use) => [use, await identities.renew(use)] as const)));
  return {
    get: (use) => fresh.get(use) ?? identities.get(use),
    renew: identities.renew,
  };
}
