// Vault's debts and how they end: leases first, each confirmed, then the token (facts: vault 3.2). Loaded by post and by a main that gives up.
import type { Ended, EndingPorts, Outcome } from '../../core/ending.ts';
import { Failure } from '../../core/failure.ts';
import type { Debt } from '../../core/ledger.ts';
import { inParallel } from '../../core/parallel.ts';
import type { Connection } from '../../core/provider.ts';
import { agentOf, errorsOf, onceEach, revokeSelf, type VaultCall } from './client.ts';
import { connectionAgain, headersOf, SKIP } from './connection.ts';
import { headerSecrets } from './headers.ts';
import { answered, confirmed, endCertificate, endLease, isDead, POLICY, refusal, TRY_MS } from './held-ending.ts';
import { type CertificateDebt, type LeaseDebt, nameOf, owedIn, TOKEN, type TokenDebt } from './owed.ts';

/** As many revocations at a time as a server takes from one client without trouble. */
const PARALLEL = 8;
type Ports = Pick<EndingPorts, 'settings' | 'reread'>;
type Held = LeaseDebt | CertificateDebt;

/** The way to the server, as main had it. */
export function connection(ports: Ports): Pick<Connection, 'tls' | 'secrets'> {
  const url = ports.settings('vault-url');
  const again = connectionAgain(ports.reread, ports.settings(SKIP) === 'true');
  return {
    tls: again.tls && url && URL.canParse(url) ? { [new URL(url).host]: again.tls } : {},
    secrets: [...(again.tls?.key ? [again.tls.key] : []), ...headerSecrets(headersOf(again))],
  };
}

export async function end(debts: readonly Debt[], ports: EndingPorts): Promise<readonly Ended[]> {
  const { token, held } = owedIn(debts);
  const url = ports.settings('vault-url');
  if (!token || !url) return held.map((each) => ended(nameOf(each), stateDamaged()));
  if (!ports.revoke) return [ended(TOKEN, kept(token)), ...held.map((each) => ended(nameOf(each), kept(each)))];
  const say = onceEach(ports.say);
  const namespaces = { own: ports.settings('vault-auth-namespace'), held: ports.settings('vault-namespace') };
  const call = (namespace: string | undefined): VaultCall => ({
    url,
    token: token.token,
    connection: connectionAgain(ports.reread, false),
    agent: agentOf(ports.job),
    say,
    ...(namespace && { namespace }),
  });
  const revocations = await inParallel(held, PARALLEL, (each) => endHeld(each, token, call(namespaces.held), ports));
  const tokenEnd = await endToken(token, call(namespaces.own), ports);
  const same = namespaces.own === namespaces.held && token.type !== 'batch';
  return [
    ...held.map((each, i) => ended(nameOf(each), afterToken(revocations[i] as Outcome, each, token, tokenEnd, same))),
    ended(TOKEN, tokenEnd),
  ];
}

function ended(what: string, outcome: Outcome): Ended {
  return { cloud: 'vault', what, outcome };
}

function kept({ expiresAt }: { readonly expiresAt: number | undefined }): Outcome {
  return { how: 'expires', note: 'revoke is false', ...(expiresAt && { at: expiresAt }) };
}

function stateDamaged(): Outcome {
  const why = "The token or the address is missing from the step's state, so nothing could be asked of Vault";
  return { how: 'failed', failure: new Failure('vault/state-damaged', why) };
}

function endHeld(held: Held, { asked }: TokenDebt, call: VaultCall, ports: EndingPorts): Promise<Outcome> {
  return held.kind === 'lease' ? endLease(held, call, ports) : endCertificate(held, asked, call, ports);
}

async function endToken(token: TokenDebt, call: VaultCall, ports: EndingPorts): Promise<Outcome> {
  const until = token.expiresAt === undefined ? {} : { at: token.expiresAt };
  if (token.type === 'batch') return { how: 'expires', ...until, note: 'batch tokens cannot be revoked' };
  const answer = await answered(() => revokeSelf(call, TRY_MS, ports.patient(POLICY)));
  if (answer instanceof Failure) return { how: 'failed', failure: answer, ...until };
  if (confirmed(answer)) return { how: 'revoked' };
  if (!isDead(answer.status, errorsOf(answer)))
    return { how: 'failed', failure: refusal('vault/token-not-revoked', answer, 'the token'), ...until };
  return token.asked ? { how: 'revoked', note: 'by main, right after the last read' } : { how: 'gone' };
}

/**
 * A lease that could not be revoked itself goes with its token, in the server's own time: not from one namespace into another, and not with a
 * batch token, which nothing ends (facts: real-parts 1.5). `same`: this token takes its leases along.
 */
function afterToken(outcome: Outcome, held: Held, token: TokenDebt, tokenEnd: Outcome, same: boolean): Outcome {
  if (outcome.how !== 'failed' || held.kind !== 'lease') return outcome;
  const { status, said = '' } = outcome.failure.evidence;
  const forbidden = status === 403 && !isDead(status, said);
  const why = forbidden ? 'the policy does not allow update on sys/leases/revoke' : 'its token had ended already';
  if (same && tokenEnd.how === 'revoked')
    return forbidden
      ? { how: 'queued', note: `through its token: ${why}` }
      : { how: 'queued', note: 'through its token', ...(status !== 403 && { failure: outcome.failure }) };
  if (same && tokenEnd.how === 'gone' && status === 403)
    return token.uses > 0
      ? { how: 'queued', note: 'through its token, which had no use left' }
      : { how: 'gone', note: 'its token had ended already' };
  return status === 403 && held.expiresAt !== undefined ? { how: 'expires', at: held.expiresAt, note: why } : outcome;
}
