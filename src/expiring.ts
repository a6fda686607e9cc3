// Credentials that nothing can end but time (those of AWS, Azure and Google): owed all the same, so that the end of the job says until when they live, and
// nobody takes them for revoked.
import type { Ended } from './core/ending.ts';
import { type Debt, field } from './core/ledger.ts';

/** What may be said of each. `now` in milliseconds. `prolonged`: later ends than main saw, by name. */
export function expiringOf(debts: readonly Debt[], now: number, prolonged?: ReadonlyMap<string, number>): Ended[] {
  const expiring = debts.filter((debt) => debt.by === 'step' && debt.kind === 'expiring');
  return expiring.flatMap((debt) => told(debt, now, prolonged));
}

function told(debt: Debt, now: number, prolonged: ReadonlyMap<string, number> | undefined): Ended[] {
  const what = field(debt, 'what', /[\x20-\x7e]{1,2000}/);
  const at = prolonged?.get(what ?? '') ?? debt.data.at;
  if (!what) return [];
  if (typeof at !== 'number') return at === undefined ? [{ cloud: 'step', what, outcome: { how: 'expires' } }] : [];
  const note = field(debt, 'note', /[\x20-\x7e]{1,200}/);
  return [
    { cloud: 'step', what, outcome: at <= now ? { how: 'gone' } : { how: 'expires', at, ...(note && { note }) } },
  ];
}
