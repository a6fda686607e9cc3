// What a step owes, kept in the runner's state as it arises. State can be read by the job's other steps, and names that main did not save
// can be planted through the environment: so every record carries main's nonce, and each is checked before anything is done (INVARIANTS 12).
import { isRecord } from './http.ts';

export type Json = string | number | boolean | null;

/** Something to end, remove or restore; or something that post must know. Secrets in `data` are masked before they are kept. */
export interface Debt {
  /** Whose: `vault`, `aws`, ... or `step` for files, variables and settings. */
  readonly by: string;
  /** Which verb: `token`, `lease`, `folder`, `variable`, `settings`. */
  readonly kind: string;
  readonly data: Readonly<Record<string, Json>>;
}

/** What nothing can end but time, owed so that post says until when it lives. `at` in milliseconds; unknown: left out. */
export function expiring(what: string, at?: number, note?: string): Debt {
  return { by: 'step', kind: 'expiring', data: { what, ...(at !== undefined && { at }), ...(note && { note }) } };
}

/** The state name of the nonce; records are `<name>_1`, `<name>_2` ... */
export const STATE = 'WORKLOAD_IDENTITY';
const NONCE = /^[0-9a-f]{32}$/;

/** One state pair of a record. */
export function encode(nonce: string, sequence: number, debt: Debt): { name: string; value: string } {
  return {
    name: `${STATE}_${sequence}`,
    value: JSON.stringify({ nonce, by: debt.by, kind: debt.kind, data: debt.data }),
  };
}

export interface Recalled {
  readonly debts: readonly Debt[];
  /** Records under our name that are not ours: damaged, or planted. */
  readonly foreign: number;
}

/**
 * The debts that main saved, in the order in which they arose. `state` reads the value of a state name. Undefined: main saved nothing,
 * so nothing is owed.
 */
export function recall(state: (name: string) => string | undefined, names: readonly string[]): Recalled | undefined {
  const nonce = state(STATE);
  if (!nonce || !NONCE.test(nonce)) return undefined;
  const sequences = names
    .map((name) => new RegExp(`^${STATE}_([1-9]\\d{0,5})$`).exec(name)?.[1])
    .filter((n) => n !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
  const debts = sequences.map((n) => decode(nonce, state(`${STATE}_${n}`) ?? ''));
  return { debts: debts.filter((d) => d !== undefined), foreign: debts.filter((d) => d === undefined).length };
}

/** A record, if it carries the nonce and has the form of one. */
export function decode(nonce: string, value: string): Debt | undefined {
  let record: unknown;
  try {
    record = JSON.parse(value);
  } catch {
    return undefined;
  }
  if (!isRecord(record) || record.nonce !== nonce || !isRecord(record.data)) return undefined;
  const { by, kind } = record;
  if (typeof by !== 'string' || typeof kind !== 'string') return undefined;
  const data = Object.entries(record.data);
  if (!data.every(([, v]) => v === null || ['string', 'number', 'boolean'].includes(typeof v))) return undefined;
  return { by, kind, data: Object.assign(Object.create(null), record.data) };
}

/** A string member of a debt that matches `pattern` wholly; undefined otherwise. */
export function field(debt: Debt, name: string, pattern: RegExp): string | undefined {
  const value = debt.data[name];
  return typeof value === 'string' && new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(value)
    ? value
    : undefined;
}
