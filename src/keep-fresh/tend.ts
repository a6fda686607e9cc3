// The keeper's work, once it is commissioned: keep fresh until there is a reason to end.
import type { Charge } from '../core/charge.ts';
import type { KeeperWorld } from '../core/keeper-world.ts';
import { remember } from '../core/redaction.ts';
import { Secret } from '../core/secret.ts';
import { UPKEEP } from '../providers/upkeep.ts';
import type { Commission, CommissionedTask } from './commission.ts';
import type { Counter } from './counter.ts';
import { openJournal } from './journal.ts';
import { lookBack, type Round, renewed } from './renewal.ts';
import { Supply } from './supply.ts';

/** How often clocks are looked at: what is due, and whether to end. Timers of minutes would miss a suspended machine and a clock that was set. */
const TICK_MS = 10_000;

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
  const round = { commission, folder, journal, life: life.signal, world };
  const kept = (await Promise.all(commission.tasks.map((task) => suppliesOf(task, counter, round)))).flat();
  const supplies = kept.map(({ supply }) => supply);
  const why = await ended(commission, supplies, counter, world);
  life.abort();
  for (const { charge } of kept) lookBack(charge, round);
  journal.write({ kind: 'ended', why });
}

/** A charge, and the value that is kept by it. */
interface Kept {
  readonly charge: Charge;
  readonly supply: Supply;
}

async function suppliesOf(task: CommissionedTask, counter: Counter, round: Round): Promise<Kept[]> {
  const upkeep = await UPKEEP[task.cloud]?.();
  const { commission, world } = round;
  return (upkeep?.charges(task.request, task.handover, commission.until) ?? []).map((charge) => {
    const supply = new Supply(charge.first, () => renewed(charge, task, round), world.clock, charge.renewAfterMs);
    if (charge.form.kind === 'served') counter.offer(charge.form, task.secret, supply);
    return { charge, supply };
  });
}

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
