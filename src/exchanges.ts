// The exchanges of one step: connections, identity tokens and code first, each while it costs nothing; then all of them in parallel.
import type { MintEndpoint } from './adapters/oidc.ts';
import type { Grant, Keep } from './core/grant.ts';
import type { Cloud } from './core/input.ts';
import type { Runner, Transport } from './core/ports.ts';
import type { ExchangePorts, Identities } from './core/provider.ts';
import type { Task } from './core/task.ts';
import { identify } from './identify.ts';
import type { StepKeeper } from './keep-fresh/start.ts';
import { failureOf, type Setback } from './setback.ts';

/** A task whose heavy half is loaded. */
interface Run {
  readonly task: Task;
  readonly run: Awaited<ReturnType<Task['load']>>;
}

interface Shared {
  readonly ports: ExchangePorts;
  readonly keep: Keep;
  readonly runner: Runner;
}

/** Connections first, then the mints; the SDKs are loaded while these are on the wire, when loading costs nothing. */
export async function connect(
  tasks: readonly Task[],
  endpoint: MintEndpoint,
  transport: Transport,
  { ports, keep }: Shared,
  keeper: StepKeeper | undefined,
) {
  const tokens = tasks.flatMap((task) => Object.keys(task.plan.audiences));
  for (const _ of tokens) transport.preconnect(endpoint.url);
  for (const host of tasks.flatMap((task) => task.plan.hosts)) transport.preconnect(host);
  // Its process comes up while connections do.
  keeper?.startEarly();
  const minting = identify(tasks, endpoint, ports, keep);
  minting.catch(() => {}); // awaited below; a failure while code loads is not unhandled
  await transport.onTheWire();
  const runs = await Promise.all(tasks.map(async (task) => ({ task, run: await task.load() })));
  return { runs, identities: await minting };
}

/** All exchanges, in parallel; when one fails, the others start nothing more, and what they have under way is kept. */
export function exchangeEach(
  runs: readonly Run[],
  identities: ReadonlyMap<Cloud, Identities>,
  { ports, keep, runner }: Shared,
  keeper: StepKeeper | undefined,
): Promise<(Setback | { grant: Grant })[]> {
  return Promise.all(
    runs.map(async ({ task, run }): Promise<Setback | { grant: Grant }> => {
      try {
        const own = keeper && task.keeps ? { ...ports, keeper: keeper.ready } : ports;
        return { grant: await run(identities.get(task.cloud) as Identities, own, keep) };
      } catch (thrown) {
        ports.budget.abandon();
        return { failure: failureOf(thrown, runner), task };
      }
    }),
  );
}
