// Vault's debts and how they end: leases first, each confirmed, then the token (facts: vault 3.2). Loaded by post and by a main that gives up.

import type { Ended, EndingPorts, Outcome } from '../../core/ending.ts';
import { asFailure, Failure } from '../../core/failure.ts';
import { type Answer, jsonBody } from '../../core/http.ts';
import { type Debt, field } from '../../core/ledger.ts';
import { reached } from '../../core/reach.ts';
import { type RetryPolicy, SAFE } from '../../core/retry.ts';
import { Secret } from '../../core/secret.ts';
import { errorsOf, revokeLease, revokeSelf, type VaultCall } from './client.ts';

/** One revocation; within post's minute there is time for a second try. */
const TRY_MS = 10_000;
const POLICY: RetryPolicy = { ...SAFE, attempts: 3, statuses: new Set([...SAFE.statuses, 412]) };
const PRINTABLE = /[\x21-\x7e]{1,4000}/;

interface TokenDebt {
  readonly token: Secret;
  readonly type: string;
  readonly expiresAt: number | undefined;
}
interface LeaseDebt {
  readonly id: string;
  readonly path: string;
  readonly expiresAt: number | undefined;
  /** False where the engine's revocation does nothing, and the credential lives on. */
  readonly ends: boolean;
  /** It is revoked for what was made around a credential that lives on all the same. */
  readonly parts: boolean;
  /** Of an engine that is not known here. */
  readonly unsure: boolean;
}

export async function end(debts: readonly Debt[], ports: EndingPorts): Promise<readonly Ended[]> {
  const token = debts
    .filter((d) => d.kind === 'token')
    .map(tokenOf)
    .find((t) => t !== undefined);
  const leases = debts
    .filter((d) => d.kind === 'lease')
    .map(leaseOf)
    .filter((l) => l !== undefined);
  const url = ports.settings('vault-url');
  if (!token || !url)
    return leases.map((lease) => ({ cloud: 'vault', what: leaseName(lease), outcome: stateDamaged() }));
  if (!ports.revoke) return [kept(token, 'Vault token'), ...leases.map((l) => kept(l, leaseName(l)))];
  const namespace = ports.settings('vault-namespace');
  const call: VaultCall = { url, token: token.token, say: ports.say, ...(namespace && { namespace }) };
  const revocations = await Promise.all(leases.map((lease) => endLease(lease, call, ports)));
  const authNamespace = ports.settings('vault-auth-namespace');
  const self: VaultCall = {
    url,
    token: token.token,
    say: ports.say,
    ...(authNamespace && { namespace: authNamespace }),
  };
  const tokenEnd = await endToken(token, self, ports);
  const settled = revocations.map((r, i) =>
    afterToken(r, leases[i] as LeaseDebt, tokenEnd, namespace === authNamespace),
  );
  return [
    ...settled.map((outcome, i) => ({ cloud: 'vault', what: leaseName(leases[i] as LeaseDebt), outcome })),
    { cloud: 'vault', what: 'Vault token', outcome: tokenEnd },
  ];
}

function leaseName(lease: LeaseDebt): string {
  return `Vault lease of ${lease.path}`;
}

function kept(debt: { expiresAt: number | undefined }, what: string): Ended {
  return {
    cloud: 'vault',
    what,
    outcome: { how: 'expires', note: 'revoke is false', ...(debt.expiresAt && { at: debt.expiresAt }) },
  };
}

/** 204, or 200 where the server adds warnings. A login page says 200 too, in HTML. */
function confirmed(answer: Answer): boolean {
  return (
    answer.status === 204 || (answer.status === 200 && jsonBody(answer.body) !== undefined && errorsOf(answer) === '')
  );
}

function stateDamaged(): Outcome {
  const failure = new Failure(
    'vault/state-damaged',
    "The token or the address is missing from the step's state, so nothing could be asked of Vault",
  );
  return { how: 'failed', failure };
}

async function endLease(lease: LeaseDebt, call: VaultCall, ports: EndingPorts): Promise<Outcome> {
  if (!lease.ends && !lease.parts)
    return {
      how: 'expires',
      ...(lease.expiresAt && { at: lease.expiresAt }),
      note: 'revoking its lease would not end it',
    };
  const answer = await answered(() => revokeLease(call, lease.id, true, TRY_MS, ports.patient(POLICY)));
  if (answer instanceof Failure) return { how: 'failed', failure: answer };
  if (confirmed(answer)) return revokedLease(lease);
  if (answer.status === 202) return { how: 'queued', note: 'the server will do it' };
  return { how: 'failed', failure: refusal('vault/lease-not-revoked', answer, `the lease of ${lease.path}`) };
}

/** What a revoked lease means for the credential: only the engine's table knows. */
function revokedLease({ parts, unsure, expiresAt }: LeaseDebt): Outcome {
  if (parts)
    return { how: 'expires', ...(expiresAt && { at: expiresAt }), note: 'its lease is revoked, but its account stays' };
  return { how: 'revoked', ...(unsure && { note: 'its lease; what that ends is not known of this engine' }) };
}

async function endToken(token: TokenDebt, call: VaultCall, ports: EndingPorts): Promise<Outcome> {
  const expires = { how: 'expires', ...(token.expiresAt && { at: token.expiresAt }) } as const;
  if (token.type === 'batch') return { ...expires, note: 'batch tokens cannot be revoked' };
  const answer = await answered(() => revokeSelf(call, TRY_MS, ports.patient(POLICY)));
  if (answer instanceof Failure) return { how: 'failed', failure: answer };
  if (confirmed(answer)) return { how: 'revoked' };
  // What a dead token gets; a policy that forbids it answers in another form (facts: real-parts 1.6, 8).
  if (answer.status === 403 && /^permission denied$|invalid token/.test(errorsOf(answer))) return { how: 'gone' };
  return { how: 'failed', failure: refusal('vault/token-not-revoked', answer, 'the token') };
}

/** A lease that could not be revoked itself goes with its token, in the server's own time; but not from one namespace into another. */
function afterToken(outcome: Outcome, lease: LeaseDebt, token: Outcome, sameNamespace: boolean): Outcome {
  if (outcome.how !== 'failed') return outcome;
  const refused = outcome.failure.evidence.status === 403;
  if (token.how === 'gone' && refused) return { how: 'gone', note: 'its token had ended already' };
  if (token.how === 'revoked' && sameNamespace) {
    return refused
      ? { how: 'queued', note: 'through its token: the policy does not allow update on sys/leases/revoke' }
      : { how: 'queued', note: 'through its token', failure: outcome.failure };
  }
  return refused && lease.expiresAt
    ? { how: 'expires', at: lease.expiresAt, note: 'the policy does not allow update on sys/leases/revoke' }
    : outcome;
}

async function answered(call: () => Promise<Answer>): Promise<Answer | Failure> {
  try {
    return await reached('vault', 'Vault', call);
  } catch (thrown) {
    return asFailure(thrown);
  }
}

function refusal(id: string, answer: Answer, what: string): Failure {
  const said = errorsOf(answer);
  return new Failure(id, `Vault did not revoke ${what}: ${said || `status ${answer.status}`}`, {
    status: answer.status,
    said,
  });
}

function tokenOf(debt: Debt): TokenDebt | undefined {
  const token = field(debt, 'token', PRINTABLE);
  const { expiresAt } = debt.data;
  return token === undefined
    ? undefined
    : {
        token: new Secret(token, 'Vault token'),
        type: field(debt, 'type', /[a-z]{1,20}/) ?? 'service',
        expiresAt: typeof expiresAt === 'number' ? expiresAt : undefined,
      };
}

function leaseOf(debt: Debt): LeaseDebt | undefined {
  const id = field(debt, 'id', PRINTABLE);
  if (id === undefined) return undefined;
  const { expiresAt, ends, parts, unsure } = debt.data;
  return {
    id,
    path: field(debt, 'path', PRINTABLE) ?? 'a secret',
    expiresAt: typeof expiresAt === 'number' ? expiresAt : undefined,
    ends: ends !== false,
    parts: parts === true,
    unsure: unsure === true,
  };
}
