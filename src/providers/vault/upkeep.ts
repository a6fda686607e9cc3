// Vault's token and leases, renewed: they stay what they are and live longer, up to what their role allows (facts: vault 1.3, 7).
import type { Charge, Fresh } from '../../core/charge.ts';
import { Failure } from '../../core/failure.ts';
import type { Handover } from '../../core/grant.ts';
import { type Answer, isRecord, jsonBody, number } from '../../core/http.ts';
import type { ExchangePorts } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import { Secret } from '../../core/secret.ts';
import { READING } from './asking.ts';
import { agentOf, errorsOf, renewLease, renewSelf, type VaultCall } from './client.ts';
import type { Term } from './kept.ts';

import type { VaultRequest } from './request.ts';

/** A term this much shorter than what was asked for: the role's longest is reached. */
const SHORTER_S = 5;

export function charges(request: unknown, handover: Handover, until: number): readonly Charge[] {
  const asked = request as VaultRequest;
  const token = new Secret(String(handover.token), 'Vault token');
  const terms = JSON.parse(String(handover.terms)) as readonly Term[];
  return terms.map((term) => ({
    what: term.id === undefined ? 'Vault token' : 'Vault lease',
    prolongs: term.name,
    form: { kind: 'held' },
    first: { value: '', lifeMs: term.seconds * 1000 },
    audiences: {},
    renew: (_, ports) => renewed(term, asked, token, until, ports),
  }));
}

async function renewed(
  term: Term,
  request: VaultRequest,
  token: Secret,
  until: number,
  ports: ExchangePorts,
): Promise<Fresh> {
  // Never beyond `lifetime`: a keeper that is gone must not leave a token that lives on.
  const left = Math.max(1, Math.ceil((until - ports.clock.now()) / 1000));
  const seconds = Math.min(term.seconds, left);
  const namespace = term.id === undefined ? request.authNamespace : request.namespace;
  const { url, connection } = request;
  const agent = agentOf(ports.job);
  const call: VaultCall = { url, connection, agent, token, say: ports.say, ...(namespace && { namespace }) };
  const send = ports.patient(READING);
  const { id } = term;
  const answer = await reached('vault', 'Vault', () =>
    id === undefined ? renewSelf(call, seconds, send) : renewLease(call, id, seconds, send),
  );
  const given = durationOf(answer);
  if (answer.status !== 200 || given === undefined) throw refused(term, answer);
  return { value: '', lifeMs: given * 1000, ...(given < seconds - SHORTER_S && { last: true }) };
}

/** In `auth` for a token, at the top for a lease. */
function durationOf(answer: Answer): number | undefined {
  const body = jsonBody(answer.body);
  return number(isRecord(body?.auth) ? body.auth : body, 'lease_duration');
}

function refused({ what }: Term, answer: Answer): Failure {
  const said = errorsOf(answer);
  const why = said || `status ${answer.status}`;
  return new Failure('vault/not-renewed', `Vault did not renew ${what}: ${why}`, { status: answer.status, said }, [
    'Allow `update` on `auth/token/renew-self` and `sys/leases/renew`, as the default policy does; or raise token_ttl of the role, and the TTL of the lease.',
  ]);
}
