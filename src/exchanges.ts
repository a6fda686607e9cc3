// The exchanges of one step: connections, identity tokens and code first, each while it costs nothing; then all of them in parallel.
import type { MintEndpoint } from './adapters/oidc.ts';
import type { Keep } from './core/grant.ts';
import type { Cloud } from './core/input.ts';
import type { Runner, Transport } from './core/ports.ts';
import type { ExchangePorts, Identities } from './core/provider.ts';
import type { Run, Task } from './core/task.ts';
import { identify } from './identify.ts';
import type { StepKeeper } from './keep-fresh/start.ts';
import { type Loaded, loadEach } from './loading.ts';
import { type Outcome, settled } from './setback.ts';

export interface Shared {
  readonly ports: ExchangePorts;
  readonly keep: Keep;
  readonly runner: Runner;
  /** Seconds to repeat what a fresh trust is refused with; 0: not at all. */
  readonly propagationWait: number;
  /** When every exchange has been begun, and one's failure may stop the others: all that is wrong is told at once. */
  readonly begun: Promise<void>;
}

/** Opens a connection for each identity token beyond those that are `open`, and those of the exchanges. */
export function openAhead(tasks: readonly Task[], endpoint: MintEndpoint, transport: Transport, open = 0): void {
  const tokens = tasks.flatMap((task) => Object.keys(task.plan.audiences));
  for (const _ of tokens.slice(open)) transport.preconnect(endpoint.url);
  for (const host of tasks.flatMap((task) => task.plan.hosts)) transport.preconnect(host);
}

/** Mints, and has the SDKs loaded meanwhile. The runs may still be on their way when this resolves. */
export async function connect(
  tasks: readonly Task[],
  endpoint: MintEndpoint,
  transport: Transport,
  shared: Pick<Shared, 'ports' | 'keep'>,
) {
  const minting = identify(tasks, endpoint, shared.ports, shared.keep);
  const minted = minting.then(
    () => {},
    () => {},
  );
  const { runs, begun } = loadEach(tasks, shared.ports.clock, { onTheWire: transport.onTheWire(), minted });
  return { identities: await minting, runs, begun };
}

/** Only a task that wants something kept fresh sees the keeper. */
function withKeeper({ task, run }: Loaded, keeper: StepKeeper | undefined): Loaded {
  if (!keeper || !task.keeps) return { task, run };
  const exchange: Run['exchange'] = (identities, ports, keep) =>
    run.exchange(identities, { ...ports, keeper: keeper.ready }, keep);
  return { task, run: { exchange } };
}

/** All exchanges, in parallel; once one has failed, the others start nothing beyond their first request, and what they have under way is kept. */
export async function exchangeEach(
  loaded: readonly Loaded[],
  identities: ReadonlyMap<Cloud, Identities>,
  shared: Shared,
  keeper: StepKeeper | undefined,
): Promise<Outcome[]> {
  const { ports, keep, propagationWait } = shared;
  const runs = loaded.map((one) => withKeeper(one, keeper));
  if (propagationWait > 0) return (await import('./propagation.ts')).outlastEach(runs, identities, shared);
  return Promise.all(
    runs.map(({ task, run }) =>
      settled(task, shared, () => run.exchange(identities.get(task.cloud) as Identities, ports, keep)),
    ),
  );
}
