// The exchanges of one step: connections, identity tokens and code first, each while it costs nothing; then all of them in parallel.
import type { MintEndpoint } from './adapters/oidc.ts';
import type { Keep } from './core/grant.ts';
import type { Cloud } from './core/input.ts';
import type { Runner, Transport } from './core/ports.ts';
import type { ExchangePorts, Identities } from './core/provider.ts';
import type { Task } from './core/task.ts';
import { identify } from './identify.ts';
import { type Outcome, settled } from './setback.ts';

/** A task whose heavy half is loaded. */
export interface Run {
  readonly task: Task;
  readonly run: Awaited<ReturnType<Task['load']>>;
}

export interface Shared {
  readonly ports: ExchangePorts;
  readonly keep: Keep;
  readonly runner: Runner;
  /** Seconds to repeat what a fresh trust is refused with; 0: not at all. */
  readonly propagationWait: number;
}

/** Connections first, then the mints; the SDKs are loaded while these are on the wire, when loading costs nothing. */
export async function connect(
  tasks: readonly Task[],
  endpoint: MintEndpoint,
  transport: Transport,
  { ports, keep }: Pick<Shared, 'ports' | 'keep'>,
) {
  const tokens = tasks.flatMap((task) => Object.keys(task.plan.audiences));
  for (const _ of tokens) transport.preconnect(endpoint.url);
  for (const host of tasks.flatMap((task) => task.plan.hosts)) transport.preconnect(host);
  const minting = identify(tasks, endpoint, ports, keep);
  minting.catch(() => {}); // awaited below; a failure while code loads is not unhandled
  await transport.onTheWire();
  const runs = await Promise.all(tasks.map(async (task) => ({ task, run: await task.load() })));
  return { runs, identities: await minting };
}

/** All exchanges, in parallel; when one fails, the others start nothing more, and what they have under way is kept. */
export async function exchangeEach(
  runs: readonly Run[],
  identities: ReadonlyMap<Cloud, Identities>,
  shared: Shared,
): Promise<Outcome[]> {
  const { ports, keep, propagationWait } = shared;
  if (propagationWait > 0) return (await import('./propagation.ts')).outlastEach(runs, identities, shared);
  return Promise.all(
    runs.map((one) =>
      settled(one.task, shared, () => one.run(identities.get(one.task.cloud) as Identities, ports, keep)),
    ),
  );
}
