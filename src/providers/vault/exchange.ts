// Vault: a login, then the reads in parallel. The token is owed before it is used, each lease the moment its answer is there.

import type { Grant, Keep } from '../../core/grant.ts';
import { isRecord, jsonBody, number, text } from '../../core/http.ts';
import type { ExchangePorts, Identities } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import type { RetryPolicy } from '../../core/retry.ts';
import type { Secret } from '../../core/secret.ts';
import { errorsOf, login, type VaultCall } from './client.ts';
import { granted } from './grant.ts';
import { foreseeKeeper, keptFresh, listening } from './kept.ts';
import { placesOf, READING, readPlace } from './read.ts';
import { badAnswer, loginRefusal } from './refusal.ts';
import type { VaultRequest } from './request.ts';

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
}

export async function exchange(
  request: VaultRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const keeping = listening(keep);
  const token = await loggedIn(request, identities, ports, keeping);
  foreseeKeeper(request, keeping.debts, ports);
  const call: VaultCall = {
    url: request.url,
    token: token.value,
    say: ports.say,
    ...(request.namespace && { namespace: request.namespace }),
  };
  const found = await inParallel(placesOf(request), (place) => readPlace(place, call, request, ports, keeping));
  return keptFresh(granted(request, token, found, keep), request, keeping.debts, ports);
}

async function loggedIn(
  request: VaultRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<VaultToken> {
  const call: VaultCall = {
    url: request.url,
    say: ports.say,
    ...(request.authNamespace && { namespace: request.authNamespace }),
  };
  const ask = (jwt: Secret) =>
    reached('vault', 'Vault', () => login(call, request.authPath, request.role, jwt, ports.patient(LOGIN)));
  let answer = await ask(identities.get('exchange').token);
  if (/token is expired/.test(errorsOf(answer))) answer = await ask((await identities.renew('exchange')).token);
  const auth = jsonBody(answer.body)?.auth;
  const value = isRecord(auth) ? text(auth, 'client_token') : undefined;
  if (answer.status !== 200 || !isRecord(auth) || !value) throw loginRefusal(answer, request);
  const secret = keep.secret(value, 'Vault token');
  const seconds = number(auth, 'lease_duration') ?? 0;
  const expiresAt = seconds > 0 ? ports.clock.now() + seconds * 1000 : undefined;
  const type = text(auth, 'token_type') === 'batch' ? 'batch' : 'service';
  const renewable = auth.renewable === true;
  keep.owe({ by: 'vault', kind: 'token', data: { token: value, type, renewable, ...(expiresAt && { expiresAt }) } });
  if (!/^[\x21-\x7e]+$/.test(value)) throw badAnswer(answer, request);
  return { value: secret, type, ...(expiresAt && { expiresAt }) };
}

/** Runs `work` over all items, at most `PARALLEL` at a time. The first failure is thrown once nothing is under way any more. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T);
      } catch (thrown) {
        failures.push(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
