// Post's half of the keeper: told to stop, waited for, ended where it does not; then its journal says what it did.
import type { Ended } from '../core/ending.ts';
import { Failure } from '../core/failure.ts';
import { jsonBody, text } from '../core/http.ts';
import { type Debt, field } from '../core/ledger.ts';
import type { Backgrounds, Transport } from '../core/ports.ts';
import type { World } from '../core/world.ts';
import { readJournal, type Told } from './journal.ts';

/** It answers at once; a machine that is loaded may need a moment. */
const ANSWER_MS = 3_000;
/** After its word it closes and ends. */
const END_MS = 3_000;
const POLL_MS = 5;

interface KeeperDebt {
  readonly pid: number;
  readonly began: string | undefined;
  readonly port: number | undefined;
  readonly stop: string;
  readonly nonce: string;
  readonly folder: string | undefined;
}

/** What post tells of the keeper itself, and until when lives what it has prolonged, by the name that post has for it. */
export interface Dismissed {
  readonly ended: readonly Ended[];
  readonly prolonged: ReadonlyMap<string, number>;
}

const NOTHING: Dismissed = { ended: [], prolonged: new Map() };

/** Ends the step's keeper, if it has one. Never throws. No kind of answer keeps the rest of post from its work for long. */
export async function dismiss(debts: readonly Debt[], send: Transport['send'], world: World): Promise<Dismissed> {
  const debt = keeperOf(debts);
  if (!debt) return NOTHING;
  const processes = await world.backgrounds();
  const said = await toldToStop(debt, send, world);
  const before = processes.find(debt.pid, debt.began);
  // Where the machine does not say which process this is, its own word has to: a number alone may be anybody's by now.
  const ours = before === 'there' || (before === 'unsure' && said);
  if (ours && !(await gone(debt, processes, world))) processes.kill(debt.pid);
  const told = journalOf(debt, world);
  // Main ended before it was commissioned: it ended with main, and did nothing.
  if (!said && !told.begun) return NOTHING;
  if (told.failed.size > 0) world.runner.warn(notRenewed(told));
  return { ended: [outcome(debt, told, said || ours, world), ...leftBy(told)], prolonged: told.prolonged };
}

function outcome({ pid }: KeeperDebt, told: Told, running: boolean, world: World): Ended {
  const what = `Keeper (process ${pid})`;
  const renewals = `${told.renewals} ${told.renewals === 1 ? 'renewal' : 'renewals'}`;
  if (running) return { cloud: 'step', what, outcome: { how: 'stopped', note: renewals } };
  if (told.begun && told.ended === undefined)
    world.runner.warn(
      `[keeper/died] The process that kept credentials fresh ended before its time, after ${renewals}: from then on they were not renewed. Look for what ends processes on the runner (memory, a step that kills others).`,
    );
  return { cloud: 'step', what, outcome: { how: 'gone', note: told.ended ? `${told.ended}, ${renewals}` : renewals } };
}

/** A failure that passed is not told. */
function notRenewed({ failed }: Told): string {
  const each = [...failed].map(([what, id]) => `${what} [${id}]`);
  return `[keeper/not-renewed] In the end this could not be renewed, so that steps may have met credentials that had ended: ${each.join(', ')}.`;
}

/** What it obtained that nobody can end: said, like what main obtained. */
function leftBy(told: Told): Ended[] {
  return [...told.lastEnds].map(([what, at]) => ({
    cloud: 'step',
    what: `${what} that the keeper obtained last`,
    outcome: { how: 'expires', at },
  }));
}

/** Whether it was our keeper that answered: what it says is made with a key that only it and main had. */
async function toldToStop({ port, stop, nonce }: KeeperDebt, send: Transport['send'], world: World): Promise<boolean> {
  if (port === undefined) return false;
  try {
    const answer = await send({
      method: 'POST',
      url: `http://127.0.0.1:${port}/stop`,
      headers: { authorization: `Bearer ${stop}` },
      timeoutMs: ANSWER_MS,
    });
    return text(jsonBody(answer.body), 'proof') === world.random.fingerprint(nonce, 'stopped');
  } catch {
    return false; // it has ended, or hangs: told apart by its process
  }
}

async function gone({ pid, began }: KeeperDebt, processes: Backgrounds, { clock }: World): Promise<boolean> {
  for (const end = clock.now() + END_MS; clock.now() < end; await clock.sleep(POLL_MS))
    if (processes.find(pid, began) === 'gone') return true;
  return false;
}

function journalOf({ folder, nonce }: KeeperDebt, world: World): Told {
  const nothing: Told = { begun: false, renewals: 0, lastEnds: new Map(), prolonged: new Map(), failed: new Map() };
  try {
    const path = folder === undefined ? undefined : world.files.findFolder(folder);
    return path === undefined ? nothing : readJournal(world.files, path, nonce);
  } catch (thrown) {
    if (thrown instanceof Failure || thrown instanceof Error) return nothing;
    throw thrown;
  }
}

function keeperOf(debts: readonly Debt[]): KeeperDebt | undefined {
  const of = (kind: string) => debts.find((debt) => debt.by === 'step' && debt.kind === kind);
  const [keeper, port, folder] = [of('keeper'), of('keeper-port')?.data.port, of('folder')];
  const stop = keeper && field(keeper, 'stop', /[0-9a-f]{64}/);
  const nonce = keeper && field(keeper, 'nonce', /[0-9a-f]{64}/);
  const pid = keeper?.data.pid;
  if (!stop || !nonce || typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 1) return undefined;
  return {
    pid,
    stop,
    nonce,
    began: field(keeper, 'began', /\d{1,20}/),
    port: typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined,
    folder: folder && field(folder, 'name', /workload-identity-[0-9a-f]{32}/),
  };
}
