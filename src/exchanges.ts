// The exchanges of one step: connections, identity tokens and code first, each while it costs nothing; then all of them in parallel.
import type { MintEndpoint } from './adapters/oidc.ts';
import type { Keep } from './core/grant.ts';
import type { Cloud } from './core/input.ts';
import type { Runner, Transport } from './core/ports.ts';
import type { ExchangePorts, Identities } from './core/provider.ts';
import type { Run, Task } from './core/task.ts';
import { identify } from './identify.ts';
import type { StepKeeper } from './keep-fresh/start.ts';
import { type Outcome, settled } from './setback.ts';

/** A task whose heavy half is loaded. */
export interface Loaded {
  readonly task: Task;
  readonly run: Run;
}

export interface Shared {
  readonly ports: ExchangePorts;
  readonly keep: Keep;
  readonly runner: Runner;
  /** Seconds to repeat what a fresh trust is refused with; 0: not at all. */
  readonly propagationWait: number;
}

/** Opens a connection for each identity token, and those of the exchanges. */
export function openAhead(tasks: readonly Task[], endpoint: MintEndpoint, transport: Transport): void {
  for (const _ of tasks.flatMap((task) => Object.keys(task.plan.audiences))) transport.preconnect(endpoint.url);
  for (const host of tasks.flatMap((task) => task.plan.hosts)) transport.preconnect(host);
}

/**
 * Mints, and makes the SDKs ready meanwhile: loaded and rehearsed while answers are out, one after another with a turn of the loop between them, so
 * that none holds up an answer that has come. What is not rehearsed when the tokens are here does without.
 */
export async function connect(
  tasks: readonly Task[],
  endpoint: MintEndpoint,
  transport: Transport,
  shared: Pick<Shared, 'ports' | 'keep'>,
) {
  let minted = false;
  const minting = identify(tasks, endpoint, shared.ports, shared.keep).finally(() => {
    minted = true;
  });
  minting.catch(() => {}); // awaited below; a failure while code loads is not unhandled
  await transport.onTheWire();
  const runs: Loaded[] = [];
  for (const task of tasks) {
    runs.push({ task, run: await task.load() });
    await turn();
  }
  for (const { run } of runs) {
    if (minted) break;
    await run.rehearse();
    await turn();
  }
  return { runs, identities: await minting };
}

function turn(): Promise<void> {
  return new Promise((go) => setImmediate(go));
}

/** Only a task that wants something kept fresh sees the keeper. */
function withKeeper({ task, run }: Loaded, keeper: StepKeeper | undefined): Loaded {
  if (!keeper || !task.keeps) return { task, run };
  const exchange: Run['exchange'] = (identities, ports, keep) =>
    run.exchange(identities, { ...ports, keeper: keeper.ready }, keep);
  return { task, run: { ...run, exchange } };
}

/** All exchanges, in parallel; when one fails, the others start nothing more, and what they have under way is kept. */
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
