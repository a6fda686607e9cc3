// Variables back to what they were, if they still hold our value: what another step has set since is its own.

import type { Ended } from './core/ending.ts';
import { type Debt, field } from './core/ledger.ts';
import { nameFault } from './core/names.ts';
import { Secret } from './core/secret.ts';
import { mayHoldSecret, VARIABLES } from './core/variables.ts';
import type { World } from './core/world.ts';

/** Writes the restored values for the steps that follow, and says in one line each what happened. */
export function restoreVariables(debts: readonly Debt[], key: string, world: World): Ended[] {
  const pairs = new Map<string, string>();
  const ended: Ended[] = [];
  for (const debt of debts.filter((d) => d.by === 'step' && d.kind === 'variable')) {
    const name = field(debt, 'name', /[A-Za-z_][A-Za-z0-9_]*/);
    if (!name || !ours(name)) continue;
    const value = restored(debt, name, key, world);
    if (value !== undefined) pairs.set(name, value);
    ended.push({ cloud: 'step', what: name, outcome: { how: value === undefined ? 'left' : 'restored' } });
  }
  // It holds the earlier secrets again.
  if (pairs.size > 0) world.files.guardCommandFiles();
  world.runner.writeEnvironment(pairs);
  return ended;
}

/** State could name any variable: only those that this action may export are touched (INVARIANTS 12). */
function ours(name: string): boolean {
  return VARIABLES[name] !== undefined || nameFault(name, true) === undefined;
}

/** The value to write; undefined: leave it. */
function restored(debt: Debt, name: string, key: string, world: World): string | undefined {
  // Ours may have been empty, which the runner's variables do not tell from absent.
  const current = world.runner.env(name) ?? '';
  const fingerprint = field(debt, 'fingerprint', /[0-9a-f]{64}/);
  if (!fingerprint || world.random.fingerprint(key, current) !== fingerprint) return undefined;
  const before = debt.data.before;
  if (typeof before === 'string') {
    if (mayHoldSecret(name)) world.runner.mask(new Secret(before, `the earlier ${name}`));
    return before;
  }
  return debt.data.clear === true ? '' : undefined;
}
