// Main's story: read, plan, identify, exchange, deliver, report. A failure ends what was kept, and becomes advice.
import { Budget } from './core/budget.ts';
import type { Claims } from './core/claims.ts';
import { deliver } from './core/deliver.ts';
import type { Failure } from './core/failure.ts';
import type { Grant } from './core/grant.ts';
import { type OpenLedger, openLedger } from './core/keep.ts';
import { skippable } from './core/missing-token.ts';
import { turn } from './core/parallel.ts';
import type { Connections, NetworkSettings, Runner, Transport } from './core/ports.ts';
import type { ExchangePorts } from './core/provider.ts';
import { reportOf } from './core/report.ts';
import { patient } from './core/retry.ts';
import { Secret } from './core/secret.ts';
import { stepFolder } from './core/step-folder.ts';
import type { World } from './core/world.ts';
import { endDebts } from './end.ts';
import { connect, exchangeEach, openAhead } from './exchanges.ts';
import { findEndpoint, heedEvent } from './identify.ts';
import { type Orders, readInputs } from './inputs/index.ts';
import { jobOf } from './job.ts';
import type { KeeperParts, StepKeeper } from './keep-fresh/start.ts';
import { causes, failureOf, type Setback } from './setback.ts';
import { networkSettings, saveSettings } from './settings.ts';
import { tellGrants, tellPlan, tellProblems } from './tell.ts';
import { tellEnded } from './tell-ended.ts';
import { visibilityDebt } from './visibility.ts';

/** What the stages of one step share. */
interface Step {
  readonly orders: Orders;
  readonly world: World;
  readonly network: NetworkSettings;
  readonly endpoint: ReturnType<typeof findEndpoint>;
  readonly ledger: OpenLedger;
  readonly transport: Transport;
  readonly ports: ExchangePorts;
  /** Where a task wants something kept fresh. */
  readonly keeper: StepKeeper | undefined;
}

/** Runs the step's main. Never throws: what goes wrong is told, and fails the step. `ahead`: connections to the OIDC endpoint, the caller's to close. */
export async function federate(world: World, ahead?: Connections): Promise<void> {
  const { runner } = world;
  await turn(); // loading this file, and reading the inputs, held up a connection that may have found its host meanwhile
  const orders = readInputs(runner.input, runner.inputNames(), world.readPem);
  if (!orders.ok) return tellProblems(orders.problems, runner);
  try {
    await federateAs(orders.value, world, ahead);
  } catch (thrown) {
    const failure = failureOf(thrown, runner);
    if (orders.value.common.onMissingToken.value === 'skip' && skippable(failure)) return skip(failure, runner);
    const { tellFailures } = await import('./tell-failures.ts');
    await tellFailures([{ failure }], undefined, orders.value, world);
  }
}

/** Green, and honest about it: later steps ask `federated`. */
function skip(failure: Failure, runner: Runner): void {
  runner.notice(
    `[${failure.id}] ${failure.message}. Skipped, as on-missing-token asks: the output federated is false.`,
  );
  runner.writeOutputs(new Map([['federated', 'false']]));
}

/** Everything that can be refused without a request is refused before the first; then the exchanges, all or nothing. */
async function federateAs(orders: Orders, world: World, ahead: Connections | undefined): Promise<void> {
  const { runner, clock, random } = world;
  await turn();
  maskGiven(orders, runner);
  const tls = Object.assign({}, ...orders.tasks.map((task) => task.connection?.tls)) as NetworkSettings['tls'];
  const network = { ...networkSettings(orders.common.caCertificate?.value, world), ...(tls && { tls }) };
  world.files.checkTemp();
  const endpoint = findEndpoint(world);
  for (const task of orders.tasks) await task.prepare(world.processes);
  const commandFiles = world.files.guardCommandFiles();
  const budget = new Budget(clock, orders.common.timeout.value * 1000);
  world.onCancel(() => budget.cancel());
  const transport = await world.openTransport(network, budget.cut, ahead);
  const shared = { clock, random, budget };
  const ports: Omit<ExchangePorts, 'folder'> = {
    ...shared,
    send: transport.send,
    patient: (policy) => patient(transport.send, policy, shared),
    job: jobOf(runner),
    processes: world.processes,
    say: runner.say,
  };
  try {
    openAhead(orders.tasks, endpoint, transport, ahead?.count); // masks and state are written while connections open
    const ledger = openLedger(runner, random);
    saveSettings(orders, network, commandFiles, ledger, random);
    const folder = stepFolder(world.files, random, ledger);
    const keeper = await keeperFor({ orders, world, network, endpoint, ledger, folder });
    await exchangeAll({ orders, world, network, endpoint, ledger, transport, ports: { ...ports, folder }, keeper });
  } finally {
    budget.close();
    transport.close();
  }
}

/** Its code is loaded only where a task may want one; a job that checks only has none. Its process comes up while connections do. */
async function keeperFor(parts: KeeperParts): Promise<StepKeeper | undefined> {
  const { tasks, common } = parts.orders;
  if (common.checkOnly.value || !tasks.some((task) => task.keeps)) return undefined;
  const keeper = (await import('./keep-fresh/start.ts')).keeperOf(parts);
  keeper.startEarly();
  return keeper;
}

async function exchangeAll(step: Step): Promise<void> {
  tellPlan(step.orders, step.world.runner);
  const { world, ports, ledger } = step;
  const propagationWait = step.orders.common.propagationWait.value;
  const shared = { ports, keep: ledger, runner: world.runner, propagationWait };
  let claims: Claims | undefined;
  try {
    if (step.orders.common.checkOnly.value) return await (await import('./check.ts')).check({ ...step, keep: ledger });
    const { identities, runs, begun } = await connect(step.orders.tasks, step.endpoint, step.transport, shared);
    claims = identities.claims;
    heedEvent(step.orders.common.onUntrustedEvent.value, claims, world);
    const outcomes = await exchangeEach(runs, identities.byCloud, { ...shared, begun }, step.keeper);
    const setbacks = outcomes.filter((outcome) => 'failure' in outcome);
    if (setbacks.length > 0) return await giveUp(causes(setbacks), claims, step);
    ports.budget.check();
    const grants = outcomes.flatMap((outcome) => ('grant' in outcome ? [outcome.grant] : []));
    await hand(grants, claims, step);
  } catch (thrown) {
    ports.budget.abandon();
    await giveUp([{ failure: failureOf(thrown, world.runner) }], claims, step);
  } finally {
    step.keeper?.drop();
  }
}

/** The second phase: everything has answered. */
async function hand(grants: readonly Grant[], claims: Claims | undefined, step: Step): Promise<void> {
  const { orders, world, ledger, ports } = step;
  const { runner, random, clock } = world;
  const delivery = {
    exportEnv: orders.common.exportEnv.value,
    outputCredentials: orders.common.outputCredentials.value,
  };
  ledger.owe(visibilityDebt(claims ?? {}));
  deliver(grants, delivery, reportOf(grants, clock.now()), {
    runner,
    files: world.files,
    folder: ports.folder,
    random,
    ledger,
  });
  await step.keeper?.release(grants);
  tellGrants(grants, claims, orders, runner);
}

/** Nothing is delivered. What the others gave is ended now, unless the job is being cancelled: then post does it, with more time. */
async function giveUp(setbacks: readonly Setback[], claims: Claims | undefined, step: Step): Promise<void> {
  const { world, ledger, network, orders, ports } = step;
  step.keeper?.drop();
  if (ports.budget.cancelled) {
    world.runner.error(
      '[run/cancelled] The job was cancelled before the credentials were complete. Nothing was exported; the post step ends what was obtained.',
    );
    world.runner.writeOutputs(new Map([['federated', 'false']]));
    return world.runner.fail();
  }
  const ended = await endDebts(ledger.debts, network, { revoke: orders.terms.revoke, heedCancel: true }, world);
  if (ended.every((e) => !('failure' in e.outcome))) ledger.owe({ by: 'step', kind: 'settled', data: {} });
  const { tellFailures } = await import('./tell-failures.ts');
  await tellFailures(setbacks, claims, orders, world);
  tellEnded('What became of what had been obtained', ended, world.runner);
}

function maskGiven(orders: Orders, runner: Runner): void {
  if (orders.common.githubToken) runner.mask(new Secret(orders.common.githubToken.value, 'github-token'));
  for (const { connection, title } of orders.tasks) {
    for (const secret of connection?.secrets ?? []) runner.mask(new Secret(secret, `${title} connection`));
    for (const caution of connection?.cautions ?? []) runner.warn(caution);
  }
  if (!orders.common.maskIdentifiers.value) return;
  for (const id of orders.tasks.flatMap((task) => task.identifiers)) runner.mask(new Secret(id, 'identifier'));
}
