// The world's ledger as a table: everything that was issued, to whom, and whether it is alive.
import type { Entry, Ledger } from '../ledger.ts';

const LONGEST_CELL = 60;

/** One line an entry, beneath a heading that counts the living. */
export function accounts(title: string, ledger: Ledger): string[] {
  const rows = ledger
    .all()
    .map((entry) => [entry.service, entry.kind, entry.holder, entry.scope, stateOf(entry, ledger)]);
  const owed = ledger.owed().length;
  return [
    `${title}: ${ledger.living().length} of ${ledger.all().length} alive, ${owed} of them could still be revoked`,
    ...table(['', 'what', 'to whom', 'for', 'now'], rows),
  ];
}

function stateOf(entry: Entry, ledger: Ledger): string {
  if (entry.endedBy) return entry.endedBy;
  if (!ledger.alive(entry)) return 'expired';
  if (entry.expiresAt === undefined) return 'alive';
  return `alive until ${new Date(entry.expiresAt).toISOString().slice(11, 19)} UTC${entry.revocable ? '' : ', cannot be revoked'}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows].map((row) =>
    row.map((cell) => (cell.length > LONGEST_CELL ? `${cell.slice(0, LONGEST_CELL - 1)}…` : cell)),
  );
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
