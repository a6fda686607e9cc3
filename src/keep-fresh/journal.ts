// The keeper's journal: a file in the step's folder that says what it did, for post when the keeper itself no longer can. Whoever can write to
// the folder can write to it: post believes no line without the nonce, and does nothing by it but tell (INVARIANTS 12, 18).
import { type Debt, decode, encode, field } from '../core/ledger.ts';
import type { Files } from '../core/ports.ts';

const FILE = 'keeper.journal';

/** What a line says. `begun` once; `renewed` for each value, with its end where post tells of it; `seen`: another program has made use of one; `failed` with the failure's id. */
export type Event =
  | { readonly kind: 'begun' }
  | { readonly kind: 'renewed'; readonly what: string; readonly end?: number; readonly prolongs?: string }
  | { readonly kind: 'seen'; readonly what: string; readonly end: number; readonly prolongs: string }
  | { readonly kind: 'failed'; readonly what: string; readonly id: string }
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
        files.appendLine(folder, FILE, encode(nonce, ++sequence, { by: 'keeper', kind, data: { ...data } }).value);
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
  /** Ends of what main obtained and renewals put off, as they are now, by the name that post has for it. */
  readonly prolonged: ReadonlyMap<string, number>;
  /** What could not be renewed in the end, and the failure's id. */
  readonly failed: ReadonlyMap<string, string>;
  /** Why it ended; undefined: it did not say. */
  readonly ended?: string;
}

/** What the journal says; lines that are damaged or planted are as if they were not there. */
export function readJournal(files: Files, folder: string, nonce: string): Told {
  const records = files
    .readLines(folder, FILE)
    .map((line) => decode(nonce, line))
    .filter((record) => record?.by === 'keeper') as Debt[];
  const lastEnds = new Map<string, number>();
  const prolonged = new Map<string, number>();
  const failed = new Map<string, string>();
  for (const record of records) {
    const what = field(record, 'what', /[\w' ]{1,40}/);
    const id = field(record, 'id', /[\w/-]{1,60}/);
    const { end } = record.data;
    if (what && record.kind === 'failed' && id) failed.set(what, id);
    if (what && record.kind === 'renewed') failed.delete(what);
    const name = field(record, 'prolongs', /[\x20-\x7e]{1,1100}/);
    // A renewal may also bring the end nearer: nothing is kept beyond `lifetime`.
    if (name && typeof end === 'number') prolonged.set(name, end);
    else if (what && typeof end === 'number') lastEnds.set(what, Math.max(end, lastEnds.get(what) ?? 0));
  }
  const last = records.find((record) => record.kind === 'ended');
  const ended = last && field(last, 'why', /[\w' ]{1,80}/);
  return {
    begun: records.some((record) => record.kind === 'begun'),
    renewals: records.filter((record) => record.kind === 'renewed').length,
    lastEnds,
    prolonged,
    failed,
    ...(ended && { ended }),
  };
}
