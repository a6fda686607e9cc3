// STS's answers that hold no session, as failures.

import { type Evidence, Failure } from '../../core/failure.ts';
import type { Answer } from '../../core/http.ts';
import { errorOf, type StsError } from './error.ts';
import type { AwsRequest } from './request.ts';

/** `hop`: which hop of a chain was asked, from 1; undefined: the role that takes the identity token. */
export function refusal(answer: Answer, request: AwsRequest, hop?: number): Failure {
  const error: StsError = errorOf(answer.body);
  if (!error.code) return answer.status < 400 ? badAnswer(answer, request, hop) : unavailable(answer, request, hop);
  const evidence = {
    ...placeOf(answer, request, hop),
    code: error.code,
    said: error.message,
    ...(error.requestId && { requestId: error.requestId }),
  };
  return new Failure('aws/refused', `STS refused the session: ${error.code}`, evidence);
}

export function badAnswer(answer: Answer, request: AwsRequest, hop?: number): Failure {
  return new Failure(
    'aws/bad-answer',
    'STS answered with something that is not a session',
    placeOf(answer, request, hop),
    ['Something between the runner and AWS answers in its place: look for a proxy or a login page.'],
  );
}

function unavailable(answer: Answer, request: AwsRequest, hop?: number): Failure {
  return new Failure(
    'aws/unavailable',
    `STS answered ${answer.status} without saying why`,
    placeOf(answer, request, hop),
    ['Look at the proxy, if there is one, and at https://health.aws.amazon.com.'],
  );
}

function placeOf(answer: Answer, request: AwsRequest, hop: number | undefined): Evidence {
  return {
    host: new URL(request.endpoint).host,
    status: answer.status,
    ...(hop !== undefined && { hop }),
  };
}
