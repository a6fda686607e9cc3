// Post's story: recall what is owed from our own state, end everything in parallel, restore, report. Safe to run twice.
import { Budget } from './core/budget.ts';
import type { Ended, EndingPorts } from './core/ending.ts';
import { asFailure, Failure } from './core/failure.ts';
import { type Debt, field, type Recalled, recall } from './core/ledger.ts';
import type { NetworkSettings, Transport } from './core/ports.ts';
import { patient } from './core/retry.ts';
import { Secret } from './core/secret.ts';
import type { World } from './core/world.ts';
import { expiringOf } from './expiring.ts';
import { jobOf } from './job.ts';
import type { Dismissed } from './keep-fresh/dismiss.ts';
import { ENDINGS } from './providers/endings.ts';
import { restoreVariables } from './restore.ts';
import { rereadFrom, type SavedSettings, savedSettings } from './settings.ts';
import { endedSummary } from './summary-ended.ts';
import { tellEnded } from './tell-ended.ts';
import { isOpen } from './visibility.ts';

/** After a cancel the runner gives posts about a minute (facts: github 3.2). */
const POST_MS = 55_000;

/** Runs the step's post. Never throws; fails the job only where `on-revoke-failure` says so. */
export async function end(world: World): Promise<void> {
  const { runner } = world;
  // A cancel that comes now must not keep the credentials alive: post ends by itself within its minute.
  world.onCancel(() => {});
  try {
    const recalled = recall(runner.state, runner.stateNames());
    if (!recalled) return runner.say('Nothing was obtained, so there is nothing to end.');
    await endRecalled(recalled, world);
  } catch (thrown) {
    const failure = asFailure(thrown);
    runner.warn(`[${failure.id}] The post step could not do its work: ${failure.message}`);
  }
}

async function endRecalled(recalled: Recalled, world: World): Promise<void> {
  const { runner } = world;
  const { debts } = recalled;
  if (recalled.foreign > 0)
    runner.warn(`${recalled.foreign} records under this action's name in the state are not its own, and were ignored.`);
  const settings = savedSettings(debts, world);
  if (!settings) return runner.warn('The settings of main are missing from the state: nothing was done.');
  maskRecalled(debts, world);
  const restored = attempted('Variables', () => restoreVariables(debts, settings.key, world));
  const settled = debts.some((d) => d.by === 'step' && d.kind === 'settled');
  // A main that gave up has told what expires by itself, and its keeper ended with it.
  const told = ['expiring', 'keeper', 'keeper-port'];
  const owed = settled ? debts.filter((d) => d.by === 'step' && !told.includes(d.kind)) : debts;
  const ended = await endDebts(owed, settings.network, settings, world);
  const emptied = attempted("Main's command files", () => {
    world.files.emptyCommandFiles(settings.commandFiles);
    return [];
  });
  report([...ended, ...emptied], restored, debts, settings, world);
}

/** What the disk refuses must not keep the credentials alive: it is told, and the rest goes on. */
function attempted(what: string, work: () => Ended[]): Ended[] {
  try {
    return work();
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
    const failure = thrown instanceof Failure ? thrown : new Failure('end/disk', `The disk refused it (${code})`);
    return [{ cloud: 'step', what, outcome: { how: 'failed', failure } }];
  }
}

/** Post redacts its own output too: what it read back from state is known to it again. */
function maskRecalled(debts: readonly Debt[], world: World): void {
  for (const debt of debts) {
    const token = field(debt, 'token', /[\x21-\x7e]{1,4000}/);
    if (token) world.runner.mask(new Secret(token, 'Vault token'));
    const identifiers = debt.kind === 'settings' ? field(debt, 'identifiers', /[\x20-\x7e]{1,4000}/) : undefined;
    for (const id of identifiers?.split(' ') ?? []) world.runner.mask(new Secret(id, 'identifier'));
    for (const name of ['stop', 'nonce']) {
      const secret = debt.kind === 'keeper' ? field(debt, name, /[0-9a-f]{64}/) : undefined;
      if (secret) world.runner.mask(new Secret(secret, `keeper ${name}`));
    }
  }
}

/**
 * Ends what providers are owed, and removes the step's folder, all in parallel. Never throws: every debt gets an outcome. Also what main
 * does when it gives up; its own time does not count then.
 */
export async function endDebts(
  debts: readonly Debt[],
  network: NetworkSettings,
  terms: { readonly revoke: boolean; readonly heedCancel?: true },
  world: World,
): Promise<readonly Ended[]> {
  const { clock, random } = world;
  const budget = new Budget(clock, POST_MS);
  // A main that is cancelled while it gives up leaves the rest to post; post itself goes on.
  if (terms.heedCancel) world.onCancel(() => budget.cancel());
  const byProvider = Object.groupBy(
    debts.filter((d) => ENDINGS[d.by] !== undefined),
    (d) => d.by,
  );
  const owed = Object.entries(byProvider).filter(([, list]) => list !== undefined) as [string, Debt[]][];
  const saved = { settings: (name: string) => settingOf(debts, name), reread: rereadFrom(debts, world) };
  const tls = await connectionsOf(owed, saved, world);
  const keeps = debts.some((d) => d.by === 'step' && d.kind === 'keeper');
  const transport = owed.length > 0 || keeps ? await world.openTransport({ ...network, tls }, budget.cut) : undefined;
  const ports: EndingPorts = {
    ...saved,
    clock,
    budget,
    revoke: terms.revoke,
    patient: (policy) => patient(transport?.send ?? unreachable, policy, { clock, random, budget }),
    job: jobOf(world.runner),
    say: world.runner.say,
  };
  try {
    // Only when the keeper and what else was started have ended does nobody write into the folder any more.
    const [ended, keeper] = await Promise.all([
      Promise.all(owed.map(([by, list]) => endOf(by, list, ports))),
      keeps && transport ? dismissed(debts, transport, world) : undefined,
      endPrograms(debts, world),
    ]);
    const alive = keeper?.prolonged;
    return [
      ...ended.flat().map((each) => prolonged(each, alive)),
      ...(keeper?.ended ?? []),
      ...expiringOf(debts, clock.now(), alive),
      ...removeFolders(debts, world),
    ];
  } finally {
    budget.close();
    transport?.close();
  }
}

/** The servers that are reached in a way of their own. */
async function connectionsOf(
  owed: readonly (readonly [string, unknown])[],
  saved: Pick<EndingPorts, 'settings' | 'reread'>,
  world: World,
): Promise<NonNullable<NetworkSettings['tls']>> {
  const endings = await Promise.all(owed.map(([by]) => ENDINGS[by]?.().catch(() => undefined)));
  const connections = endings.map((each) => each?.connection?.(saved));
  for (const secret of connections.flatMap((connection) => connection?.secrets ?? []))
    world.runner.mask(new Secret(secret, 'connection'));
  return Object.assign({}, ...connections.map((connection) => connection?.tls));
}

async function endOf(by: string, debts: readonly Debt[], ports: EndingPorts): Promise<readonly Ended[]> {
  try {
    const endings = await ENDINGS[by]?.();
    return endings ? await endings.end(debts, ports) : [];
  } catch (thrown) {
    return [{ cloud: by, what: `What ${by} is owed`, outcome: { how: 'failed', failure: asFailure(thrown) } }];
  }
}

/** What lives on ends when the keeper's last renewal says, not when main saw it end. */
function prolonged(each: Ended, ends: ReadonlyMap<string, number> | undefined): Ended {
  const { outcome } = each;
  const at = ends?.get(each.what);
  return at !== undefined && 'at' in outcome ? { ...each, outcome: { ...outcome, at } } : each;
}

/** Loaded only where there is one. */
async function dismissed(debts: readonly Debt[], transport: Transport, world: World): Promise<Dismissed> {
  try {
    return await (await import('./keep-fresh/dismiss.ts')).dismiss(debts, transport.send, world);
  } catch (thrown) {
    const ended: Ended[] = [{ cloud: 'step', what: 'Keeper', outcome: { how: 'failed', failure: asFailure(thrown) } }];
    return { ended, prolonged: new Map() };
  }
}

function unreachable(): never {
  throw new Failure('internal/unexpected', 'A request was made though nothing is owed');
}

function settingOf(debts: readonly Debt[], name: string): string | undefined {
  const debt = debts.find((d) => d.by === 'step' && d.kind === 'settings');
  return debt && field(debt, name, /[\x21-\x7e]{1,2000}/);
}

/** A program that outlived a killed main would write into the folder that is being removed. */
async function endPrograms(debts: readonly Debt[], world: World): Promise<void> {
  const ofStep = (kind: string) => debts.filter((d) => d.by === 'step' && d.kind === kind);
  const ended = new Set(ofStep('program-ended').map((d) => d.data.pid));
  const folder = ofStep('folder').map((d) => field(d, 'name', /workload-identity-[0-9a-f]{32}/))[0];
  for (const { data } of ofStep('program')) {
    if (folder && typeof data.pid === 'number' && data.pid > 1 && !ended.has(data.pid))
      await world.processes.endStray(data.pid, folder);
  }
}

function removeFolders(debts: readonly Debt[], world: World): Ended[] {
  return debts
    .filter((d) => d.by === 'step' && d.kind === 'folder')
    .map((debt) => {
      const what = 'Credential files';
      try {
        const there = world.files.removeFolder(String(debt.data.name ?? ''));
        return { cloud: 'step', what, outcome: { how: there ? 'removed' : 'gone' } } as Ended;
      } catch (thrown) {
        return { cloud: 'step', what, outcome: { how: 'failed', failure: asFailure(thrown) } } as Ended;
      }
    });
}

function report(
  ended: readonly Ended[],
  restored: readonly Ended[],
  debts: readonly Debt[],
  settings: SavedSettings,
  world: World,
): void {
  const { runner } = world;
  const told = [...ended, ...restored];
  tellEnded('What became of the credentials', told, runner);
  // What only time ends was not to be confirmed by anybody.
  const owed = ended.filter((e) => e.outcome.how !== 'expires');
  const counted = [...owed, ...restored.filter((e) => 'failure' in e.outcome)];
  const failed = counted.filter((e) => 'failure' in e.outcome);
  const wanted = settings.summary === 'true' || (settings.summary === 'on-failure' && failed.length > 0);
  if (wanted && told.length > 0) runner.summarize(endedSummary(told, isOpen(debts) && failed.length === 0));
  if (failed.length === 0) return;
  const line = `${failed.length} of ${counted.length} were not confirmed to have ended: ${failed.map((f) => f.what).join(', ')}. See the log of the post step.`;
  if (settings.failOnFailure) {
    runner.error(`[end/not-revoked] ${line}`);
    runner.fail();
  } else {
    runner.warn(`[end/not-revoked] ${line}`);
  }
}
