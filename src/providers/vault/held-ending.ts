// How one lease or certificate ends: confirmed where the server confirms it, queued where it only takes the order.
import type { EndingPorts, Outcome } from '../../core/ending.ts';
import { asFailure, Failure } from '../../core/failure.ts';
import { type Answer, jsonBody } from '../../core/http.ts';
import { reached } from '../../core/reach.ts';
import { type RetryPolicy, SAFE } from '../../core/retry.ts';
import { errorsOf, revokeCertificate, revokeLease, type VaultCall } from './client.ts';
import type { CertificateDebt, LeaseDebt } from './owed.ts';

/** One revocation. */
export const TRY_MS = 10_000;
/** Taking an order costs the server nothing. */
const QUEUE_MS = 5_000;
/** What is kept of post's minute for the token, whatever its leases take: its end takes all of them along. */
const TOKEN_MS = 12_000;
export const POLICY: RetryPolicy = { ...SAFE, attempts: 3, statuses: new Set([...SAFE.statuses, 412]) };

/** 204, or 200 where the server adds warnings. A login page says 200 too, in HTML. */
export function confirmed(answer: Answer): boolean {
  return (
    answer.status === 204 || (answer.status === 200 && jsonBody(answer.body) !== undefined && errorsOf(answer) === '')
  );
}

/** What a dead token gets; a policy that forbids something answers in another form (facts: real-parts 1.6, 8). */
export function isDead(status: number | undefined, said: string): boolean {
  return status === 403 && /^permission denied$|invalid token/.test(said);
}

export async function answered(call: () => Promise<Answer>): Promise<Answer | Failure> {
  try {
    return await reached('vault', 'Vault', call);
  } catch (thrown) {
    return asFailure(thrown);
  }
}

export function refusal(id: string, answer: Answer, what: string): Failure {
  const said = errorsOf(answer);
  return new Failure(id, `Vault did not revoke ${what}: ${said || `status ${answer.status}`}`, {
    status: answer.status,
    said,
  });
}

/** `sync` first, which is answered when the backend has done it; where that does not come to an end, the order alone. */
export async function endLease(lease: LeaseDebt, call: VaultCall, ports: EndingPorts): Promise<Outcome> {
  const until = lease.expiresAt === undefined ? {} : { at: lease.expiresAt };
  if (!lease.ends && !lease.parts) return { how: 'expires', ...until, note: 'revoking its lease would not end it' };
  const what = `the lease of ${lease.path}`;
  const tries = triesFor(ports.budget.remaining());
  const policy = { ...POLICY, attempts: tries };
  const answer =
    tries > 0
      ? await answered(() => revokeLease(call, lease.id, true, TRY_MS, ports.patient(policy)))
      : new Failure('vault/lease-not-revoked', `There was no time left to wait for the revocation of ${what}`);
  if (!(answer instanceof Failure) && confirmed(answer)) return revokedLease(lease);
  if (!(answer instanceof Failure) && answer.status === 202) return { how: 'queued', note: 'the server will do it' };
  const failure = answer instanceof Failure ? answer : refusal('vault/lease-not-revoked', answer, what);
  const ordered = failure.evidence.status !== 403 && (await order(lease, call, ports));
  return ordered ? { how: 'queued', note: 'the server took the order', failure } : { how: 'failed', failure, ...until };
}

/** What a revoked lease means for the credential: only the engine's table knows. */
function revokedLease({ parts, unsure, expiresAt }: LeaseDebt): Outcome {
  if (parts)
    return { how: 'expires', ...(expiresAt && { at: expiresAt }), note: 'its lease is revoked, but its account stays' };
  return { how: 'revoked', ...(unsure && { note: 'its lease; what that ends is not known of this engine' }) };
}

/** How often a lease may be waited for: post's minute is for all of them. */
function triesFor(remaining: number): number {
  const kept = QUEUE_MS + TOKEN_MS;
  return Math.max(0, Math.min(2, Math.floor((remaining - kept) / TRY_MS)));
}

async function order(lease: LeaseDebt, call: VaultCall, ports: EndingPorts): Promise<boolean> {
  if (ports.budget.remaining() < QUEUE_MS + TOKEN_MS) return false;
  const once = { ...POLICY, attempts: 1 };
  const answer = await answered(() => revokeLease(call, lease.id, false, QUEUE_MS, ports.patient(once)));
  return !(answer instanceof Failure) && (answer.status === 202 || answer.status === 204);
}

/**
 * Only an engine that keeps its certificates can revoke one by its number, and only where the policy lets it. `byMain`: main asked for the token's
 * end, which it does where it has seen that the policy does not.
 */
export async function endCertificate(
  held: CertificateDebt,
  byMain: boolean,
  call: VaultCall,
  ports: EndingPorts,
): Promise<Outcome> {
  const until = held.expiresAt === undefined ? {} : { at: held.expiresAt };
  const answer = await answered(() =>
    revokeCertificate(call, held.mount, held.serial, TRY_MS, ports.patient({ ...POLICY, attempts: 2 })),
  );
  if (answer instanceof Failure) return { how: 'failed', failure: answer, ...until };
  if (confirmed(answer)) return { how: 'revoked' };
  const said = errorsOf(answer);
  if (answer.status === 403)
    return {
      how: 'expires',
      ...until,
      note:
        isDead(403, said) && !byMain
          ? 'its token had ended before it could be revoked'
          : `the policy does not allow update on ${held.mount}/revoke`,
    };
  if (/not found|no_store/i.test(said)) return { how: 'expires', ...until, note: 'its engine did not keep it' };
  return {
    how: 'failed',
    failure: refusal('vault/certificate-not-revoked', answer, `the certificate of ${held.path}`),
    ...until,
  };
}
