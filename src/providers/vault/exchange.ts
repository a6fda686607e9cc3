// Vault: a login, then the reads in parallel. The token is owed before it is used, each lease the moment its answer is there.

import type { Grant, Keep } from '../../core/grant.ts';
import { isRecord, jsonBody, number, text } from '../../core/http.ts';
import { inParallel } from '../../core/parallel.ts';
import type { ExchangePorts, Identities } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import type { RetryPolicy } from '../../core/retry.ts';
import type { Secret } from '../../core/secret.ts';
import { READING } from './asking.ts';
import { agentOf, errorsOf, login, onceEach, type VaultCall } from './client.ts';
import { forewarned } from './forewarn.ts';
import { granted } from './grant.ts';
import { foreseeKeeper, keptFresh, listening } from './kept.ts';
import { placesOf, readPlace } from './read.ts';
import { badAnswer, loginRefusal } from './refusal.ts';
import type { VaultRequest } from './request.ts';
import { askForEnd, isSpent, outlookOf, usesNeeded } from './token-end.ts';

/** A token that is not valid yet, or keys that could not be fetched, pass by themselves. */
const LOGIN: RetryPolicy = {
  ...READING,
  transient: (answer) =>
    answer.status === 400 && /fetching keys|token not yet valid|issued in the future/.test(errorsOf(answer)),
};

const PARALLEL = 8;

export interface VaultToken {
  readonly value: Secret;
  readonly type: string;
  readonly expiresAt?: number;
  /** For how long it was given, in ms; 0: without end. */
  readonly term: number;
  /** How many requests it is good for; 0: no limit. */
  readonly uses: number;
  /** Of the login, as the server's audit log has it. */
  readonly requestId?: string;
}

export async function exchange(
  request: VaultRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const say = onceEach(ports.say);
  const own = callIn(request.authNamespace, request, ports, say);
  const keeping = listening(keep);
  const token = await loggedIn(own, request, identities, ports, keeping);
  const renewed = foreseeKeeper(request, keeping.debts, ports);
  const places = placesOf(request);
  const short = usesNeeded(token, places, request);
  const warnings = [...(short ? [short] : []), ...(renewed ? [] : forewarned(token, places, request, ports))];
  for (const warning of warnings) ports.say(warning); // now: what is minted from here on is what ends too early, or not
  const call = { ...callIn(request.namespace, request, ports, say), token: token.value };
  const outlook = outlookOf({ ...own, token: token.value }, token, places, request, ports);
  const found = await inParallel(places, PARALLEL, (place) => readPlace(place, call, request, ports, keeping));
  await outlook.arrived();
  const asked = request.spent === true && isSpent(token, found, request, outlook);
  if (asked) await askForEnd({ ...own, token: token.value }, ports, keep);
  const grant = granted(request, token, found, keep, {
    outlook,
    asked,
    warnings,
    renewed,
  });
  return keptFresh(grant, request, keeping.debts, ports);
}

function callIn(
  namespace: string | undefined,
  { url, connection }: VaultRequest,
  { job }: ExchangePorts,
  say: VaultCall['say'],
): VaultCall {
  return {
    url,
    connection,
    agent: agentOf(job),
    say,
    ...(namespace && { namespace }),
  };
}

async function loggedIn(
  call: VaultCall,
  request: VaultRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<VaultToken> {
  const ask = (jwt: Secret) =>
    reached('vault', 'Vault', () => login(call, request.authPath, request.role, jwt, ports.patient(LOGIN)));
  let answer = await ask(identities.get('exchange').token);
  if (/token is expired/.test(errorsOf(answer))) answer = await ask((await identities.renew('exchange')).token);
  const body = jsonBody(answer.body);
  const auth = body?.auth;
  const requestId = text(body, 'request_id');
  const value = isRecord(auth) ? text(auth, 'client_token') : undefined;
  if (answer.status !== 200 || !isRecord(auth) || !value) throw loginRefusal(answer, request);
  const secret = keep.secret(value, 'Vault token');
  const seconds = number(auth, 'lease_duration') ?? 0;
  const expiresAt = seconds > 0 ? ports.clock.now() + seconds * 1000 : undefined;
  const type = text(auth, 'token_type') === 'batch' ? 'batch' : 'service';
  const uses = number(auth, 'num_uses') ?? 0;
  const renewable = auth.renewable === true;
  const data = { token: value, type, renewable, ...(expiresAt && { expiresAt }), ...(uses > 0 && { uses }) };
  keep.owe({ by: 'vault', kind: 'token', data });
  if (!/^[\x21-\x7e]+$/.test(value)) throw badAnswer(answer, request);
  return {
    value: secret,
    type,
    term: seconds * 1000,
    uses,
    ...(expiresAt && { expiresAt }),
    ...(requestId && { requestId }),
  };
}
