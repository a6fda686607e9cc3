// What every secrets engine is to the server: one function from a request below its mount to an outcome.
import type { WorldClock } from '../clock.ts';
import type { Entry } from '../ledger.ts';
import type { VaultToken } from './tokens.ts';
import type { Flavour } from './trust.ts';
import type { Outcome } from './wire.ts';

export type Operation = 'read' | 'list' | 'write' | 'patch' | 'delete';

export interface EngineCall<Mount> {
  readonly operation: Operation;
  /** Below the mount, without the slash between: `creds/readonly`. */
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly token: VaultToken;
  readonly flavour: Flavour;
  readonly clock: WorldClock;
  /** As the trust document has it at this moment. */
  readonly mount: Mount;
  /** The same, asked again later: a lease is revoked by the mount as it is then. */
  readonly mountNow: () => Mount | undefined;
  /** What the engine keeps between requests, one for each mount. */
  readonly memory: <T>(make: () => T) => T;
  /** Writes a credential that has no lease into the ledger. `expiresAt` undefined: it has no end of its own. */
  readonly record: (kind: string, secrets: readonly string[], extra?: RecordExtra) => Entry;
}

export interface RecordExtra {
  readonly expiresAt?: number;
  readonly revocable?: boolean;
  readonly id?: string;
  /** Once for each id: reading a secret twice issues nothing new. */
  readonly once?: boolean;
}

export interface Engine<Mount> {
  answer(call: EngineCall<Mount>): Outcome;
  /** Whether a write's target is there already: `update` if so, else `create`. Left out: always `update`. */
  exists?(call: EngineCall<Mount>): boolean;
}

/** The last segment of `prefix/<name>`, if the path has that form. */
export function nameBelow(path: string, prefix: string): string | undefined {
  const name = path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : '';
  return name === '' || name.includes('/') ? undefined : name;
}

/** The text leaves of a secret, however deep: what a leak search looks for. Numbers too; truth values and the shortest are no secrets. */
export function leavesOf(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return String(value).length < 4 ? [] : [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}
