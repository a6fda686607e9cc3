// Azure: one token request a scope, and what Entra's answers mean.

import type { Grant, Keep } from '../../core/grant.ts';
import { jsonBody, text } from '../../core/http.ts';
import type { ExchangePorts, Identities, Identity } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import { type RetryPolicy, SAFE } from '../../core/retry.ts';
import type { Secret } from '../../core/secret.ts';
import { accessToken } from './client.ts';
import { granted } from './grant.ts';
import { badAnswer, codesOf, refusal } from './refusal.ts';
import { type AzureRequest, useOf } from './request.ts';

const POLICY: RetryPolicy = {
  ...SAFE,
  transient: (answer) => text(jsonBody(answer.body), 'error') === 'temporarily_unavailable',
};

/** Refusals that lag behind a correct trust (CONTRACT, "Failures"): one more try, after two seconds, with a fresh token. */
const LAGGING = new Set([70021, 700211, 700212, 700213, 70025, 700016]);
const LAG_MS = 2_000;
/** The assertion was too old: one more try with a fresh token. */
const STALE = 700024;

export interface Token {
  readonly scope: string;
  readonly value: Secret;
  readonly expiresAt: number;
  readonly requestId?: string;
}

export async function exchange(
  request: AzureRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const tokens = await Promise.all(request.scopes.map((scope) => tokenFor(scope, request, identities, ports, keep)));
  const keeper = request.consumers.includes('sdk') ? await ports.keeper?.() : undefined;
  return granted(request, tokens, identities, ports, keeper);
}

async function tokenFor(
  scope: string,
  request: AzureRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Token> {
  const ask = (identity: Identity) =>
    reached('azure', 'Entra', () => accessToken({ ...request, scope }, identity.token, ports.patient(POLICY)));
  const use = useOf(scope);
  let outcome = await ask(identities.get(use));
  const codes = outcome.token === undefined ? codesOf(outcome.answer) : [];
  const lagging = codes.some((code) => LAGGING.has(code));
  if (lagging) await ports.clock.sleep(LAG_MS, ports.budget.stopping);
  // When the step is given up meanwhile, what Entra said is what there is to tell.
  if ((lagging || codes.includes(STALE)) && !ports.budget.stopping.aborted) {
    outcome = await ask(await identities.renew(use));
  }
  if (outcome.token === undefined) throw refusal(outcome.answer, request);
  const value = keep.secret(outcome.token, 'Azure access token');
  // From the answer, not from the SDK, which makes up an end where there is none.
  const seconds = Number(jsonBody(outcome.answer.body)?.expires_in ?? Number.NaN);
  if (!/^[\x21-\x7e]{20,}$/.test(outcome.token) || !Number.isFinite(seconds)) throw badAnswer(outcome.answer, request);
  const requestId = outcome.answer.headers['x-ms-request-id'];
  return { scope, value, expiresAt: ports.clock.now() + seconds * 1000, ...(requestId && { requestId }) };
}
