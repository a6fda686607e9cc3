// The keeper's work, once it is commissioned: keep fresh until there is a reason to end.
import { Budget } from '../core/budget.ts';
import type { Charge, Form, Fresh } from '../core/charge.ts';
import { asFailure, Failure } from '../core/failure.ts';
import type { Keep } from '../core/grant.ts';
import type { KeeperWorld } from '../core/keeper-world.ts';
import type { Files } from '../core/ports.ts';
import type { ExchangePorts } from '../core/provider.ts';
import { remember } from '../core/redaction.ts';
import { patient } from '../core/retry.ts';
import { Secret } from '../core/secret.ts';
import { identify } from '../identify.ts';
import { UPKEEP } from '../providers/upkeep.ts';
import type { Commission, CommissionedTask } from './commission.ts';
import type { Counter } from './counter.ts';
import { type Journal, openJournal } from './journal.ts';
import { Supply } from './supply.ts';

/** How often clocks are looked at: what is due, and whether to end. Timers of minutes would miss a suspended machine and a clock that was set. */
const TICK_MS = 10_000;
/** One renewal, retries included; a later tick begins another. */
const RENEWAL_MS = 60_000;

/** Keeps fresh what the commission names, until there is a reason to end. `folder`: the step's, where files and the journal are. */
export async function tend(
  commission: Commission,
  folder: string,
  counter: Counter,
  world: KeeperWorld,
): Promise<void> {
  for (const secret of [commission.endpoint.requestToken, commission.stop, commission.nonce])
    remember(new Secret(secret, 'commission'));
  const journal = openJournal(world.files, folder, commission.nonce);
  journal.write({ kind: 'begun' });
  const life = new AbortController();
  const supplies = (
    await Promise.all(
      commission.tasks.map((task) =>
        suppliesOf(task, { commission, folder, counter, journal, life: life.signal, world }),
      ),
    )
  ).flat();
  const why = await ended(commission, supplies, counter, world);
  life.abort();
  journal.write({ kind: 'ended', why });
}

/** What all charges of a commission share. */
interface Round {
  readonly commission: Commission;
  readonly folder: string;
  readonly counter: Counter;
  readonly journal: Journal;
  /** Aborted when the keeper ends. */
  readonly life: AbortSignal;
  readonly world: KeeperWorld;
}

async function suppliesOf(task: CommissionedTask, round: Round): Promise<Supply[]> {
  const upkeep = await UPKEEP[task.cloud]?.();
  const { commission, counter, world } = round;
  return (upkeep?.charges(task.request, task.handover, commission.until) ?? []).map((charge) => {
    const supply = new Supply(charge.first, () => renewed(charge, task, round), world.clock, charge.renewAfterMs);
    if (charge.form.kind === 'served') counter.offer(charge.form, task.secret, supply);
    return supply;
  });
}

/** One renewal: fresh identity tokens, the exchange, and the file where there is one. */
async function renewed(charge: Charge, task: CommissionedTask, round: Round): Promise<Fresh> {
  const { commission, folder, journal, life, world } = round;
  const budget = new Budget(world.clock, RENEWAL_MS);
  const cancel = () => budget.close();
  life.addEventListener('abort', cancel);
  const transport = await world.openTransport(commission.network, budget.cut);
  const shared = { clock: world.clock, random: world.random, budget };
  const ports: ExchangePorts = {
    ...shared,
    send: transport.send,
    patient: (policy) => patient(transport.send, policy, shared),
    job: commission.job,
    ...NEVER_WANTED,
    say: () => {},
  };
  const { url, requestToken } = commission.endpoint;
  const endpoint = { url, requestToken: new Secret(requestToken, 'request token') };
  try {
    const asking = { cloud: task.cloud, plan: { audiences: charge.audiences } };
    const { byCloud } = await identify([asking], endpoint, ports, KEEP);
    const identities = byCloud.get(task.cloud);
    if (!identities) throw new Error('no identities');
    const fresh = await charge.renew(identities, ports, KEEP);
    if (charge.form.kind === 'file') rewrite(charge.form, folder, fresh.value, world.files);
    const end = charge.outlives && world.clock.now() + fresh.lifeMs;
    journal.write({ kind: 'renewed', what: charge.what, ...(end && { end }) });
    return fresh;
  } catch (thrown) {
    const failure = causeOf(thrown);
    if (!life.aborted) journal.write({ kind: 'failed', what: charge.what, id: failure.id });
    throw failure;
  } finally {
    life.removeEventListener('abort', cancel);
    budget.close();
    transport.close();
  }
}

function rewrite({ name, within }: Form & { kind: 'file' }, folder: string, value: string, files: Files): void {
  const content = within ? within(files.readFile(folder, name), value) : value;
  if (content !== undefined) files.replaceFile(folder, name, content);
}

const absent = (): never => {
  throw new Error('not in the keeper');
};
/** A renewal starts no program, and writes nothing but its value. */
const NEVER_WANTED: Pick<ExchangePorts, 'processes' | 'folder'> = {
  processes: { find: absent, run: absent, endStray: absent },
  folder: { name: absent, write: absent, pathOf: absent, pathInDocker: absent, makeInner: absent, read: absent },
};

/** A renewal that used up its time is one that nobody answered. */
function causeOf(thrown: unknown): Failure {
  const failure = asFailure(thrown);
  if (failure.id !== 'run/timeout') return failure;
  return new Failure('keeper/unanswered', `Nothing was renewed within ${RENEWAL_MS / 1000} s, tries included`);
}

/** Only a running step's output is read for masks: here a secret is remembered, so that no error text quotes it. What can be ended, main owes. */
const KEEP: Keep = {
  secret(value, label) {
    const secret = new Secret(value, label);
    remember(secret);
    return secret;
  },
  owe: () => {},
};

/** Resolves with the reason to end; until then, everything that is due is renewed. */
function ended(
  commission: Commission,
  supplies: readonly Supply[],
  counter: Counter,
  world: KeeperWorld,
): Promise<string> {
  const { clock } = world;
  return new Promise((resolve) => {
    let stopTimer = () => {};
    const end = (why: string) => {
      stopTimer();
      resolve(why);
    };
    const latest = clock.steady() + (commission.until - clock.now());
    const tick = () => {
      // First, so that nothing that goes wrong below is the last tick.
      stopTimer = clock.after(TICK_MS, tick);
      const why = reasonToEnd(commission, latest, world);
      if (why) return end(why);
      for (const supply of supplies) void supply.refresh();
    };
    counter.heedStop(commission.stop, () => {
      // The answer leaves before the server closes.
      clock.after(1, () => end('post'));
      return { status: 200, body: JSON.stringify({ proof: world.random.fingerprint(commission.nonce, 'stopped') }) };
    });
    world.onEnd(() => end('signal'));
    tick();
  });
}

function reasonToEnd({ until, folder, runner }: Commission, latest: number, world: KeeperWorld): string | undefined {
  if (world.clock.now() >= until || world.clock.steady() >= latest) return 'lifetime';
  if (!world.files.findFolder(folder)) return 'folder gone';
  if (runner && world.find(runner.pid, runner.began) === 'gone') return 'runner gone';
  return undefined;
}
