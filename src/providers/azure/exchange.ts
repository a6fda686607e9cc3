// Azure: one token request a scope, and what Entra's answers mean.

import type { Grant, Keep } from '../../core/grant.ts';
import { jsonBody, text } from '../../core/http.ts';
import { expiring } from '../../core/ledger.ts';
import type { ExchangePorts, Identities, Identity } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import { type RetryPolicy, SAFE } from '../../core/retry.ts';
import type { Secret } from '../../core/secret.ts';
import type { CliLogin, loginCli } from './cli.ts';
import { accessToken } from './client.ts';
import { granted } from './grant.ts';
import { badAnswer, codesOf, LAG_MS, LAGGING, refusal, STALE } from './refusal.ts';
import { type AzureRequest, useOf } from './request.ts';

const POLICY: RetryPolicy = {
  ...SAFE,
  transient: (answer) => text(jsonBody(answer.body), 'error') === 'temporarily_unavailable',
};

export interface Token {
  readonly scope: string;
  readonly value: Secret;
  readonly expiresAt: number;
  readonly requestId?: string;
}

export { rehearse } from './rehearsal.ts';

export async function exchange(
  request: AzureRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const stop = new AbortController();
  const tokens = Promise.all(request.scopes.map((scope) => tokenFor(scope, request, identities, ports, keep)));
  // az obtains nothing that must be ended, so it is killed when they are refused; and waited for, since it writes into the step's folder.
  tokens.catch(() => stop.abort());
  const login = request.consumers.includes('cli') ? cliLogin(request, identities, ports, keep, stop.signal) : undefined;
  const [got, cli] = await Promise.allSettled([tokens, login]);
  if (got.status === 'rejected') throw got.reason;
  if (cli.status === 'rejected') throw cli.reason;
  const keeper = await ports.keeper?.();
  return granted(request, got.value, cli.value, identities, ports, keeper);
}

async function cliLogin(...args: Parameters<typeof loginCli>): Promise<CliLogin> {
  return (await import('./cli.ts')).loginCli(...args);
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
  const lagging = codes.some((code) => LAGGING.includes(code));
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
  const end = ports.clock.now() + seconds * 1000;
  keep.owe(expiring(`Azure access token (${request.clientId})`, end));
  return { scope, value, expiresAt: end, ...(requestId && { requestId }) };
}
