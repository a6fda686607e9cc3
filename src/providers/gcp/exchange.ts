// Google Cloud: the token exchange, then what was asked of the service account, and what the answers mean.

import type { Grant, Keep } from '../../core/grant.ts';
import { jsonBody, number } from '../../core/http.ts';
import { expiring } from '../../core/ledger.ts';
import type { ExchangePorts, Identities, Identity } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import { SAFE } from '../../core/retry.ts';
import { type Acting, accessToken, printable, type Token } from './account.ts';
import { CLOUD_PLATFORM, federate } from './client.ts';
import { delegatedToken } from './delegation.ts';
import { granted, type Tokens } from './grant.ts';
import { idToken } from './id-token.ts';
import { badAnswer, stsRefusal } from './refusal.ts';
import type { GcpRequest } from './request.ts';
import { hostOf } from './universe.ts';

export { rehearse } from './rehearsal.ts';

export async function exchange(
  request: GcpRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const { identity, ...federated } = await federatedToken(request, identities, ports, keep);
  const { serviceAccount, delegates } = request;
  const account = serviceAccount && { ...callOf(request), serviceAccount, delegates };
  const tokens = account
    ? await accountTokens({ request, account, federated: federated.value, identity, ports, keep })
    : {};
  const keeper = request.credentialsFile ? await ports.keeper?.() : undefined;
  return granted(request, { federated, ...tokens }, identity, ports.clock.now(), keeper);
}

function callOf({ universe, requestReason }: GcpRequest) {
  return { universe, ...(requestReason && { requestReason }) };
}

/** With the identity that it was given for: where the first was too old, the file needs the one that was minted anew. */
async function federatedToken(
  request: GcpRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Token & { readonly identity: Identity }> {
  const scopes = request.serviceAccount ? [CLOUD_PLATFORM] : request.scopes;
  const ask = (identity: Identity) =>
    reached('gcp', "Google's STS", () =>
      federate({ ...callOf(request), provider: request.provider, scopes }, identity.token, ports.patient(SAFE)),
    );
  let identity = identities.get('exchange');
  let outcome = await ask(identity);
  if (outcome.token === undefined && /\bstale\b/.test(outcome.answer.body)) {
    identity = await identities.renew('exchange');
    outcome = await ask(identity);
  }
  const host = hostOf('sts', request.universe);
  if (outcome.token === undefined) throw stsRefusal(host, outcome.answer);
  const value = keep.secret(outcome.token, 'Google federated access token');
  const seconds = number(jsonBody(outcome.answer.body), 'expires_in');
  if (!printable(outcome.token) || seconds === undefined) throw badAnswer(host, outcome.answer);
  const end = ports.clock.now() + seconds * 1000;
  keep.owe(expiring(`Google federated access token (${request.provider})`, end));
  return { identity, value, expiresAt: end };
}

/** In parallel; when one is refused, the other's answer is waited for, so that what it brings is kept. */
async function accountTokens(acting: Acting): Promise<Omit<Tokens, 'federated'>> {
  const { request } = acting;
  const [access, id] = await Promise.allSettled([
    request.accessToken && (request.subject ? delegatedToken(acting, request.subject) : accessToken(acting)),
    request.idToken && idToken(acting),
  ]);
  const refused = [access, id].find((outcome) => outcome.status === 'rejected');
  if (refused) throw refused.reason;
  return {
    ...(access.status === 'fulfilled' && access.value && { access: access.value }),
    ...(id.status === 'fulfilled' && id.value && { id: id.value }),
  };
}
