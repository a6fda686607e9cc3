// Vault's answers that hold nothing, as failures.

import { Failure } from '../../core/failure.ts';
import { type Answer, jsonBody } from '../../core/http.ts';
import { errorsOf } from './client.ts';
import type { VaultRequest } from './request.ts';
import { placeOf, type SecretRequest } from './secrets.ts';

export function loginRefusal(answer: Answer, request: VaultRequest): Failure {
  const said = errorsOf(answer);
  if (answer.status === 200 || (!said && !jsonBody(answer.body))) return badAnswer(answer, request);
  const evidence = { host: new URL(request.url).host, status: answer.status, said };
  const sealed = answer.status === 503;
  return new Failure(
    sealed ? 'vault/sealed' : 'vault/login-refused',
    `Vault refused the login: ${said || `status ${answer.status}`}`,
    evidence,
  );
}

export function readRefusal(answer: Answer, secret: SecretRequest, request: VaultRequest): Failure {
  const said = errorsOf(answer);
  const evidence = { host: new URL(request.url).host, status: answer.status, said };
  const id =
    answer.status === 404 ? 'vault/not-found' : answer.status === 403 ? 'vault/read-refused' : 'vault/read-failed';
  const words = answer.status === 404 ? 'there is no such secret' : said || `status ${answer.status}`;
  return new Failure(id, `Vault did not give ${placeOf(secret)}: ${words}`, evidence);
}

export function badAnswer(answer: Answer, request: VaultRequest): Failure {
  return new Failure(
    'vault/bad-answer',
    'The server at vault-url answered with something that is not a Vault login',
    { host: new URL(request.url).host, status: answer.status },
    [
      'Check vault-url, and whether a proxy or a login page answers in its place. A wrapped login, or one that asks for MFA, cannot be used.',
      'Where something in front of Vault lets nobody through without a header of its own (Cloudflare Access and its like), give it in vault-headers.',
    ],
  );
}
