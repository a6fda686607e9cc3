// Google Cloud: the token exchange, then the service account's token, and what the answers mean.

import type { Grant, Keep } from '../../core/grant.ts';
import { jsonBody, number, text } from '../../core/http.ts';
import type { ExchangePorts, Identities, Identity } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import { SAFE } from '../../core/retry.ts';
import type { Secret } from '../../core/secret.ts';
import { CLOUD_PLATFORM, federate, generateAccessToken } from './client.ts';
import { granted } from './grant.ts';
import { IAM_HOST, STS_HOST } from './hosts.ts';
import { badAnswer, iamRefusal, stsRefusal } from './refusal.ts';
import type { GcpRequest } from './request.ts';

export interface Token {
  readonly value: Secret;
  readonly expiresAt: number;
}

export { rehearse } from './rehearsal.ts';

export async function exchange(
  request: GcpRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const federated = await federatedToken(request, identities, ports, keep);
  const account = request.serviceAccount
    ? await accountToken(request, request.serviceAccount, federated.value, ports, keep)
    : undefined;
  const keeper = request.credentialsFile ? await ports.keeper?.() : undefined;
  return granted(request, federated, account, identities.get('exchange'), keeper);
}

async function federatedToken(
  request: GcpRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Token> {
  const scopes = request.serviceAccount ? [CLOUD_PLATFORM] : request.scopes;
  const ask = (identity: Identity) =>
    reached('gcp', "Google's STS", () =>
      federate({ provider: request.provider, scopes }, identity.token, ports.patient(SAFE)),
    );
  let outcome = await ask(identities.get('exchange'));
  if (outcome.token === undefined && /\bstale\b/.test(outcome.answer.body))
    outcome = await ask(await identities.renew('exchange'));
  if (outcome.token === undefined) throw stsRefusal(outcome.answer);
  const value = keep.secret(outcome.token, 'Google federated access token');
  const seconds = number(jsonBody(outcome.answer.body), 'expires_in');
  if (!printable(outcome.token) || seconds === undefined) throw badAnswer(STS_HOST, outcome.answer);
  return { value, expiresAt: ports.clock.now() + seconds * 1000 };
}

async function accountToken(
  request: GcpRequest,
  serviceAccount: string,
  federated: Secret,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Token> {
  const call = {
    serviceAccount,
    scopes: request.scopes,
    lifetime: request.tokenLifetime,
    ...(request.requestReason && { requestReason: request.requestReason }),
  };
  const answer = await reached('gcp', "Google's IAM Credentials API", () =>
    generateAccessToken(call, federated, ports.patient(SAFE)),
  );
  const body = jsonBody(answer.body);
  const token = text(body, 'accessToken');
  if (answer.status !== 200 || token === undefined) throw iamRefusal(answer, serviceAccount);
  const value = keep.secret(token, 'Google access token');
  const end = Date.parse(text(body, 'expireTime') ?? '');
  if (!printable(token) || Number.isNaN(end)) throw badAnswer(IAM_HOST, answer);
  return { value, expiresAt: end };
}

function printable(token: string): boolean {
  return /^[\x21-\x7e]{8,}$/.test(token);
}
