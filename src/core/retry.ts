// The one retry policy, as data, and the one loop. A refusal is any answer that the policy does not list: it is returned after one try.
import type { Budget } from './budget.ts';
import { type Answer, NetworkFault, type Request, type Send } from './http.ts';
import type { Clock, Random } from './ports.ts';

export interface RetryPolicy {
  /** Tries in all. */
  readonly attempts: number;
  /** Full jitter: the n-th wait is random up to `baseMs * 2^n`, at most `capMs`. */
  readonly baseMs: number;
  readonly capMs: number;
  /** Statuses that pass by themselves. */
  readonly statuses: ReadonlySet<number>;
  /** Codes in a body that pass by themselves, whatever the status. */
  readonly transient?: (answer: Answer) => boolean;
  /** For calls that mint (a lease): an answer that was lost may have been a success, so only what surely did nothing is repeated. */
  readonly mints?: true;
}

const TRANSIENT = [408, 429, 500, 502, 503, 504];

/** For calls that may be repeated: logins, token exchanges, reads, revocations. */
export const SAFE: RetryPolicy = { attempts: 5, baseMs: 400, capMs: 8_000, statuses: new Set(TRANSIENT) };

/** For calls that mint: 429 and 503 were not performed; a fault before the request was sent was not either. */
export const MINTING: RetryPolicy = { ...SAFE, statuses: new Set([429, 503]), mints: true };

/** A server may ask for patience up to this; one that asks for more is answered with failure now, not with a hanging job. */
const LONGEST_RETRY_AFTER_MS = 30_000;

interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly budget: Budget;
}

/**
 * `send` with patience. Resolves with the last answer, whatever it is; rejects with the last `NetworkFault`, or with the budget's
 * failure when nothing may be started any more.
 */
export function patient(send: Send, policy: RetryPolicy, ports: Ports): Send {
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      ports.budget.check();
      const outcome = await tried(send, request);
      const wait = delay(outcome, attempt, policy, ports);
      if (wait === undefined) return settled(outcome);
      await ports.clock.sleep(wait, ports.budget.stopping);
    }
  };
}

async function tried(send: Send, request: Request): Promise<Answer | NetworkFault> {
  try {
    return await send(request);
  } catch (thrown) {
    if (thrown instanceof NetworkFault) return thrown;
    throw thrown;
  }
}

function settled(outcome: Answer | NetworkFault): Answer {
  if (outcome instanceof NetworkFault) throw outcome;
  return outcome;
}

/** Milliseconds before the next try; undefined: there is none. */
function delay(outcome: Answer | NetworkFault, attempt: number, policy: RetryPolicy, ports: Ports): number | undefined {
  if (attempt >= policy.attempts || !passes(outcome, policy)) return undefined;
  const jitter = ports.random.fraction() * Math.min(policy.capMs, policy.baseMs * 2 ** attempt);
  const asked = outcome instanceof NetworkFault ? undefined : retryAfter(outcome, ports.clock.now());
  if (asked !== undefined && asked > LONGEST_RETRY_AFTER_MS) return undefined;
  const wait = Math.max(jitter, asked ?? 0);
  return wait < ports.budget.remaining() ? wait : undefined;
}

function passes(outcome: Answer | NetworkFault, policy: RetryPolicy): boolean {
  if (outcome instanceof NetworkFault) return repeatable(outcome, policy);
  return policy.statuses.has(outcome.status) || (policy.transient?.(outcome) ?? false);
}

/** Certificates do not mend themselves, and an alert in the handshake or a proxy's refusal is a decision. */
function repeatable(fault: NetworkFault, policy: RetryPolicy): boolean {
  if (/^(CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|ERR_TLS|ERR_SSL|TOO_LARGE|PROXY_4)/.test(fault.code)) return false;
  return !(policy.mints && fault.sent);
}

/** Milliseconds that a Retry-After header asks for, in either of its forms (RFC 9110, 10.2.3). */
export function retryAfter(answer: Answer, now: number): number | undefined {
  const value = answer.headers['retry-after'];
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
