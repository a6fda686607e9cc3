// The ordered record of one observed process. observer.ts writes it, one JSON line an entry; tests read it.
import { existsSync, readFileSync } from 'node:fs';

export interface JournalEntry {
  readonly pid: number;
  /** Milliseconds of the machine's clock. */
  readonly time: number;
  readonly kind: 'stdout' | 'stderr' | 'fs' | 'spawn' | 'request' | 'connect' | 'exit' | 'signal';
  /** fs: the function's name without `Sync`; exit: the code; signal: its name. */
  readonly what?: string;
  readonly path?: string;
  /** fs: the second path of a rename, link or copy. */
  readonly to?: string;
  readonly flags?: string;
  readonly mode?: number;
  /** What was written, as UTF-8. */
  readonly text?: string;
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** request: `GET host/path`; connect: `host:port` or a socket's path. */
  readonly target?: string;
  readonly method?: string;
}

/** The entries so far, in order; a last line cut by a kill is left out. */
export function readJournal(file: string): JournalEntry[] {
  if (!existsSync(file)) return [];
  const entries: JournalEntry[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const entry = parse(line);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function parse(line: string): JournalEntry | undefined {
  try {
    return line === '' ? undefined : (JSON.parse(line) as JournalEntry);
  } catch {
    return undefined;
  }
}
