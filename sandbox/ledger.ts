// Everything the world's authorities have issued: to whom, until when, alive or ended by what. The judge of every test, and half of the demo's output.
import type { WorldClock } from './clock.ts';

export type Ended = 'revoked' | 'expired' | 'with its token';

export interface Entry {
  /** Unique in this world: a token's or lease's own id where that is not secret, else a counter. */
  readonly id: string;
  readonly service: string;
  /** `identity token`, `session`, `access token`, `service token`, `batch token`, `lease`, `database user` ... */
  readonly kind: string;
  /** To whom: the subject, session ARN, client id, entity. */
  readonly holder: string;
  /** What it opens: a role, scope, path. */
  readonly scope: string;
  /** Milliseconds of the world's clock. */
  readonly issuedAt: number;
  /** Undefined: has no end of its own. */
  expiresAt?: number;
  /** Whether the authority offers any way to end it early. */
  readonly revocable: boolean;
  /** The secret values themselves, for the leak search. Never printed. */
  readonly secrets: readonly string[];
  endedBy?: Ended;
  endedAt?: number;
}

export class Ledger {
  readonly #entries: Entry[] = [];
  readonly #clock: WorldClock;
  constructor(clock: WorldClock) {
    this.#clock = clock;
  }
  issue(entry: Omit<Entry, 'issuedAt'>): Entry {
    const issued: Entry = { ...entry, issuedAt: this.#clock.now() };
    this.#entries.push(issued);
    return issued;
  }
  /** Ends an entry; one that has ended already keeps its first end. */
  end(entry: Entry, by: Ended): void {
    if (!this.alive(entry)) return;
    entry.endedBy = by;
    entry.endedAt = this.#clock.now();
  }
  alive(entry: Entry): boolean {
    return entry.endedBy === undefined && (entry.expiresAt === undefined || this.#clock.now() < entry.expiresAt);
  }
  all(service?: string): readonly Entry[] {
    return service === undefined ? this.#entries : this.#entries.filter((e) => e.service === service);
  }
  living(service?: string): readonly Entry[] {
    return this.all(service).filter((e) => this.alive(e));
  }
  /** What is alive though its authority could have ended it: after a good post step, none. */
  owed(service?: string): readonly Entry[] {
    return this.living(service).filter((e) => e.revocable);
  }
}
