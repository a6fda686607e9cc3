// How debts end: what post, or a main that gives up, asks of a provider, and what may be said afterwards.
import type { Budget } from './budget.ts';
import type { Failure } from './failure.ts';
import type { Send } from './http.ts';
import type { Debt } from './ledger.ts';
import type { Clock } from './ports.ts';
import type { Connection, Job } from './provider.ts';
import type { RetryPolicy } from './retry.ts';

/** How one debt ended, as far as servers confirmed it. */
export type Outcome =
  | { readonly how: 'revoked' | 'removed' | 'restored' | 'left' | 'gone' | 'stopped'; readonly note?: string }
  /** The server will do it in its own time. With a failure: it was tried, and something other than the policy stood in the way. */
  | { readonly how: 'queued'; readonly note?: string; readonly failure?: Failure }
  | { readonly how: 'expires'; readonly at?: number; readonly note?: string }
  /** `at`: until when it lives. */
  | { readonly how: 'failed'; readonly failure: Failure; readonly at?: number };

export interface Ended {
  readonly cloud: string;
  /** What ended: `Vault lease database/creds/readonly`. */
  readonly what: string;
  readonly outcome: Outcome;
}

/**
 * What an input of main's holds, read again: a text, certificates, or the key of a certificate. Undefined where it was not given, or is not
 * what main had: then the user has been warned (INVARIANTS 12).
 */
export type Reread = (
  name: string,
  as?: 'certificate' | { readonly name: string; readonly pem: string },
) => string | undefined;

export interface EndingPorts {
  readonly clock: Clock;
  readonly budget: Budget;
  readonly patient: (policy: RetryPolicy) => Send;
  /** Whether `revoke` was true. */
  readonly revoke: boolean;
  readonly settings: (name: string) => string | undefined;
  readonly reread: Reread;
  readonly job: Job;
  readonly say: (line: string) => void;
}

/** The light half that post loads: what this cloud's debts are and how they end. */
export interface Endings {
  /** The way to the server, where it is one of its own: asked before the transport is opened. */
  connection?(ports: Pick<EndingPorts, 'settings' | 'reread'>): Pick<Connection, 'tls' | 'secrets'>;
  /** Ends all debts of this cloud, in the order that is right for it. Never throws: each debt gets an outcome. */
  end(debts: readonly Debt[], ports: EndingPorts): Promise<readonly Ended[]>;
}
