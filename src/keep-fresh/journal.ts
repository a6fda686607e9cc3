// The keeper's journal: a file in the step's folder that says what it did, for post when the keeper itself no longer can. Whoever can write to
// the folder can write to it: post believes no line without the nonce, and does nothing by it but tell (INVARIANTS 12, 18).
import { type Debt, decode, encode, field } from '../core/ledger.ts';
import type { Files } from '../core/ports.ts';

const FILE = 'keeper.journal';

/** What a line says. `begun` once; `renewed` for each value, with its end where nothing can end it earlier; `ended` with why. */
export type Event =
  | { readonly kind: 'begun' }
  | { readonly kind: 'renewed'; readonly what: string; readonly end: number }
  | { readonly kind: 'ended'; readonly why: string };

export interface Journal {
  write(event: Event): void;
}

/** A disk that refuses must not end the keeping: what could not be written is missing in what post tells. */
export function openJournal(files: Files, folder: string, nonce: string): Journal {
  let sequence = 0;
  return {
    write({ kind, ...data }) {
      try {
        files.appendLine(folder, FILE, encode(nonce, ++sequence, { by: 'keeper', kind, data }).value);
      } catch {
        // told by the count
      }
    },
  };
}

export interface Told {
  readonly begun: boolean;
  readonly renewals: number;
  /** Ends of the credentials that it obtained and nobody can end, the last one, by kind. */
  readonly lastEnds: ReadonlyMap<string, number>;
  /** Why it ended; undefined: it did not say. */
  readonly ended?: string;
}

/** What the journal says; lines that are damaged or planted are as if they were not there. */
export function readJournal(files: Files, folder: string, nonce: string): Told {
  const records = files
    .readLines(folder, FILE)
    .map((line) => decode(nonce, line))
    .filter((record) => record?.by === 'keeper') as Debt[];
  const renewed = records.filter((record) => record.kind === 'renewed');
  const lastEnds = new Map<string, number>();
  for (const record of renewed) {
    const what = field(record, 'what', /[\w' ]{1,40}/);
    const { end } = record.data;
    if (what && typeof end === 'number') lastEnds.set(what, Math.max(end, lastEnds.get(what) ?? 0));
  }
  const last = records.find((record) => record.kind === 'ended');
  const ended = last && field(last, 'why', /[\w' ]{1,80}/);
  return {
    begun: records.some((record) => record.kind === 'begun'),
    renewals: renewed.length,
    lastEnds,
    ...(ended && { ended }),
  };
}
