// Entra's answers that hold no token, as failures.

import { Failure } from '../../core/failure.ts';
import { type Answer, isRecord, jsonBody, text } from '../../core/http.ts';
import type { AzureRequest } from './request.ts';

/** The numbers behind AADSTS: `error_codes` of Entra's answer, or, without them, the one that its words begin with. */
export function codesOf(answer: Answer): number[] {
  const body = jsonBody(answer.body);
  const codes = Array.isArray(body?.error_codes) ? body.error_codes.filter((code) => typeof code === 'number') : [];
  if (codes.length > 0) return codes;
  const [, named] = /^AADSTS(\d{1,9})\b/.exec(text(body, 'error_description') ?? '') ?? [];
  return named === undefined ? [] : [Number(named)];
}

/** Matches one of these codes as a whole: 700213 is not 7002138. */
export const aadsts = (...codes: readonly number[]) => new RegExp(`^AADSTS(${codes.join('|')})$`);

/** Refusals that lag behind a correct trust (CONTRACT, "Failures"): one more try, after two seconds, with a fresh token. */
export const LAGGING: readonly number[] = [70021, 700211, 700212, 700213, 70025, 700016];
export const LAG_MS = 2_000;
/** The assertion was too old: one more try with a fresh token. */
export const STALE = 700024;

/** Whether it may pass while a credential, or the application, reaches all of Entra: what `propagation-wait` repeats. */
export function lags({ id, evidence }: Failure): boolean {
  return id === 'azure/refused' && aadsts(...LAGGING).test(evidence.code ?? '');
}

export function refusal(answer: Answer, request: AzureRequest): Failure {
  const body = jsonBody(answer.body);
  if (!body || !isRecord(body) || !text(body, 'error')) return badAnswer(answer, request);
  const [code] = codesOf(answer);
  const said = (text(body, 'error_description') ?? '').split(/\r?\n| Trace ID:/)[0] ?? '';
  const requestId = text(body, 'trace_id');
  const evidence = {
    host: new URL(request.authority).host,
    status: answer.status,
    code: code ? `AADSTS${code}` : (text(body, 'error') ?? ''),
    said,
    ...(requestId && { requestId }),
  };
  return new Failure('azure/refused', `Entra refused the token: ${evidence.code}`, evidence);
}

/** Nothing of Entra's own: it is down, or somebody answers in its place. */
export function badAnswer({ status }: Answer, request: AzureRequest): Failure {
  const evidence = { host: new URL(request.authority).host, status };
  if (status >= 500 || status === 429)
    return new Failure('azure/unavailable', `Entra answered ${status} without saying why`, evidence, [
      'Run the job again, and look at https://status.azure.com if this repeats; or for a proxy that answers in its place.',
    ]);
  return new Failure('azure/bad-answer', 'Entra answered with something that is not a token', evidence, [
    'Something between the runner and Entra answers in its place, or Entra is down: look for a proxy or a login page, and at https://status.azure.com.',
  ]);
}
