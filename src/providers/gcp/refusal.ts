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

/** Nothing of Google's own: it is down, or somebody answers in its place. */
export function badAnswer(host: string, { status }: Answer): Failure {
  const evidence = { host, status };
  if (status >= 500 || status === 429)
    return new Failure('gcp/unavailable', `${host} answered ${status} without saying why`, evidence, [
      'Run the job again, and look at https://status.cloud.google.com if this repeats; or for a proxy that answers in its place.',
    ]);
  return new Failure('gcp/bad-answer', `${host} answered with something that is not a token`, evidence, [
    'Something between the runner and Google answers in its place, or Google is down: look for a proxy or a login page, and at https://status.cloud.google.com.',
  ]);
}

/** The shape of OAuth's endpoints (RFC 6749, 5.2); what Google's front end answers for them has the shape of its APIs. */
function oauthRefusal(id: string, message: string, host: string, answer: Answer): Failure {
  const body = jsonBody(answer.body);
  const api = isRecord(body?.error) ? body.error : undefined;
  const code = text(body, 'error') ?? text(api, 'status');
  if (!code) return badAnswer(host, answer);
  const said = (api ? text(api, 'message') : text(body, 'error_description')) ?? '';
  return new Failure(id, `${message}: ${code}`, { host, status: answer.status, code, said });
}
