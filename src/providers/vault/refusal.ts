// Vault's answers that hold nothing, as failures.

import { Failure } from '../../core/failure.ts';
import { type Answer, isRecord, jsonBody } from '../../core/http.ts';
import { errorsOf } from './client.ts';
import type { VaultRequest } from './request.ts';
import { placeOf, type SecretRequest } from './secrets.ts';

export function loginRefusal(answer: Answer, request: VaultRequest): Failure {
  const said = errorsOf(answer);
  const half = unfinished(answer, request);
  if (half) return half;
  if (answer.status === 200 || isForeign(answer, AT_LOGIN)) return badAnswer(answer, request);
  const evidence = { host: new URL(request.url).host, status: answer.status, said };
  const sealed = answer.status === 503;
  return new Failure(
    sealed ? 'vault/sealed' : 'vault/login-refused',
    `Vault refused the login: ${said || `status ${answer.status}`}`,
    evidence,
  );
}

export function readRefusal(answer: Answer, secret: SecretRequest, request: VaultRequest): Failure {
  if (isForeign(answer, AT_READ)) return badAnswer(answer, request, `Vault's answer for ${placeOf(secret)}`);
  const said = errorsOf(answer);
  const evidence = { host: new URL(request.url).host, status: answer.status, said };
  const id =
    answer.status === 404 ? 'vault/not-found' : answer.status === 403 ? 'vault/read-refused' : 'vault/read-failed';
  const words = answer.status === 404 ? 'there is no such secret' : said || `status ${answer.status}`;
  return new Failure(id, `Vault did not give ${placeOf(secret)}: ${words}`, evidence);
}

/** Statuses whose advice holds for whoever answered: a redirect, a quota, a server that is not ready; of a read, what is not there as well. */
const AT_LOGIN: ReadonlySet<number> = new Set([307, 412, 429, 503]);
const AT_READ: ReadonlySet<number> = new Set([...AT_LOGIN, 404, 405]);

/** Whether it cannot be Vault's: that answers in JSON, refusals too. `anybodys`: statuses that say enough without. */
function isForeign({ status, body }: Answer, anybodys: ReadonlySet<number>): boolean {
  return !jsonBody(body) && !anybodys.has(status);
}

/** `what`: what it should have been. */
export function badAnswer(answer: Answer, request: VaultRequest, what = 'a Vault login'): Failure {
  return new Failure(
    'vault/bad-answer',
    `The server at vault-url answered with something that is not ${what}`,
    { host: new URL(request.url).host, status: answer.status },
    [
      'Check vault-url, and whether a proxy or a login page answers in its place.',
      'Where something in front of Vault lets nobody through without a header of its own (Cloudflare Access and its like), give it in vault-headers.',
    ],
  );
}

/** A login that Vault accepted, but for which it gives no token yet: it asks for a second factor, or hands out a wrapping (facts: vault 1.2). */
function unfinished(answer: Answer, request: VaultRequest): Failure | undefined {
  const body = answer.status === 200 ? jsonBody(answer.body) : undefined;
  if (!body) return undefined;
  const evidence = { host: new URL(request.url).host, status: answer.status };
  if (isRecord(body.auth) && isRecord(body.auth.mfa_requirement)) {
    return new Failure('vault/login-mfa', 'Vault accepted the login, but asks for a second factor (MFA)', evidence, [
      `Leave the mount auth/${request.authPath}, or the entities of CI jobs, out of the MFA enforcement: no job can answer it.`,
    ]);
  }
  if (!isRecord(body.wrap_info)) return undefined;
  return new Failure('vault/login-wrapped', 'Vault accepted the login, but wrapped its answer', evidence, [
    'Look for what adds X-Vault-Wrap-TTL on the way to Vault (a proxy, an agent), and take it out for logins.',
  ]);
}
