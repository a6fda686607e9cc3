// One renewal of one charge: identity tokens, what the provider makes of them, where consumers read it, and a line in the journal.
import { Budget } from '../core/budget.ts';
import type { Charge, Fresh } from '../core/charge.ts';
import { asFailure, Failure } from '../core/failure.ts';
import type { Keep } from '../core/grant.ts';
import type { KeeperWorld } from '../core/keeper-world.ts';
import type { ExchangePorts } from '../core/provider.ts';
import { remember } from '../core/redaction.ts';
import { patient } from '../core/retry.ts';
import { Secret } from '../core/secret.ts';
import { identify } from '../identify.ts';
import type { Commission, CommissionedTask } from './commission.ts';
import type { Journal } from './journal.ts';
import { exchangePart, obtainedUntil } from './shared-file.ts';

/** One renewal, retries included; a later tick begins another. */
const RENEWAL_MS = 60_000;

/** What all renewals of a commission share. */
export interface Round {
  readonly commission: Commission;
  /** The step's, where files and the journal are. */
  readonly folder: string;
  readonly journal: Journal;
  /** Aborted when the keeper ends. */
  readonly life: AbortSignal;
  readonly world: KeeperWorld;
}

/** One renewal: fresh identity tokens, the exchange, and the file where there is one. Journalled; rejects with its failure. */
export async function renewed(charge: Charge, task: CommissionedTask, round: Round): Promise<Fresh> {
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
    if (charge.form.kind === 'file') world.files.replaceFile(folder, charge.form.name, fresh.value);
    if (charge.form.kind === 'shared' && !(await exchangePart(charge.form, fresh.value, folder, world)))
      return { ...fresh, last: true };
    journal.write({ kind: 'renewed', ...told(charge, fresh, folder, world) });
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

/** What another program has obtained since the last renewal: journalled, for post's words. */
export function lookBack({ what, form, prolongs }: Charge, { folder, journal, world }: Round): void {
  if (form.kind !== 'shared' || !prolongs) return;
  const end = obtainedUntil(form, folder, world.files);
  if (end) journal.write({ kind: 'seen', what, prolongs, end });
}

/** What the journal says of a renewal, so that post can say until when lives what nobody can end. */
function told({ what, form, outlives, prolongs }: Charge, fresh: Fresh, folder: string, world: KeeperWorld) {
  const byLife = outlives || prolongs ? world.clock.now() + fresh.lifeMs : undefined;
  const end = form.kind === 'shared' ? obtainedUntil(form, folder, world.files) : byLife;
  return { what, ...(prolongs && { prolongs }), ...(end && { end }) };
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
