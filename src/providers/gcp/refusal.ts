// Google's answers that hold no token, as failures.

import { Failure } from '../../core/failure.ts';
import { type Answer, isRecord, jsonBody, text } from '../../core/http.ts';

/** Whether it may pass while a provider or a binding reaches all of Google (facts: gcp 2): minutes, both for STS and for IAM. */
export function lags({ id, evidence }: Failure): boolean {
  if (id === 'gcp/refused') return evidence.code === 'invalid_target';
  return evidence.code === 'PERMISSION_DENIED' && /^Permission 'iam\.serviceAccounts\./.test(evidence.said ?? '');
}

export function stsRefusal(host: string, answer: Answer): Failure {
  return oauthRefusal('gcp/refused', "Google's STS refused the identity token", host, answer);
}

export function delegationRefusal(host: string, answer: Answer, subject: string): Failure {
  return oauthRefusal('gcp/delegation-refused', `Google refused an access token of ${subject}`, host, answer);
}

/** `what`: what was asked for, and of whom. */
export function iamRefusal(answer: Answer, host: string, what: string): Failure {
  const error = jsonBody(answer.body)?.error;
  const status = isRecord(error) ? text(error, 'status') : undefined;
  if (!isRecord(error) || !status) return badAnswer(host, answer);
  const evidence = { host, status: answer.status, code: status, said: text(error, 'message') ?? '' };
  return new Failure('gcp/impersonation-refused', `Google refused ${what}: ${status}`, evidence);
}

export function badAnswer(host: string, answer: Answer): Failure {
  return new Failure(
    'gcp/bad-answer',
    `${host} answered with something that is not a token`,
    { host, status: answer.status },
    [
      'Something between the runner and Google answers in its place, or Google is down: look for a proxy or a login page, and at https://status.cloud.google.com.',
    ],
  );
}

/** The shape of OAuth's endpoints (RFC 6749, 5.2). */
function oauthRefusal(id: string, message: string, host: string, answer: Answer): Failure {
  const body = jsonBody(answer.body);
  const code = text(body, 'error');
  if (!code) return badAnswer(host, answer);
  const evidence = { host, status: answer.status, code, said: text(body, 'error_description') ?? '' };
  return new Failure(id, `${message}: ${code}`, evidence);
}
