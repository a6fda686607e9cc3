// The exchanges of one step: connections, identity tokens and code first, each while it costs nothing; then all of them in parallel.
import type { MintEndpoint } from './adapters/oidc.ts';
import type { Grant, Keep } from './core/grant.ts';
import type { Cloud } from './core/input.ts';
import type { Runner, Transport } from './core/ports.ts';
import type { ExchangePorts, Identities } from './core/provider.ts';
import type { Run, Task } from './core/task.ts';
import { identify } from './identify.ts';
import type { StepKeeper } from './keep-fresh/start.ts';
import { failureOf, type Setback } from './setback.ts';

/** A task whose heavy half is loaded. */
interface Loaded {
  readonly task: Task;
  readonly run: Run;
}

interface Shared {
  readonly ports: ExchangePorts;
  readonly keep: Keep;
  readonly runner: Runner;
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
export async function connect(tasks: readonly Task[], endpoint: MintEndpoint, transport: Transport, shared: Shared) {
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

/** All exchanges, in parallel; when one fails, the others start nothing more, and what they have under way is kept. */
export function exchangeEach(
  runs: readonly Loaded[],
  identities: ReadonlyMap<Cloud, Identities>,
  { ports, keep, runner }: Shared,
  keeper: StepKeeper | undefined,
): Promise<(Setback | { grant: Grant })[]> {
  return Promise.all(
    runs.map(async ({ task, run }): Promise<Setback | { grant: Grant }> => {
      try {
        const own = keeper && task.keeps ? { ...ports, keeper: keeper.ready } : ports;
        return { grant: await run.exchange(identities.get(task.cloud) as Identities, own, keep) };
      } catch (thrown) {
        ports.budget.abandon();
        return { failure: failureOf(thrown, runner), task };
      }
    }),
  );
}
