// STS's answers that hold no session, as failures.

import { Failure } from '../../core/failure.ts';
import type { Answer } from '../../core/http.ts';
import { errorOf, type StsError } from './error.ts';
import type { AwsRequest } from './request.ts';

export function refusal(answer: Answer, request: AwsRequest): Failure {
  const error: StsError = errorOf(answer.body);
  if (!error.code) return answer.status < 400 ? badAnswer(answer, request) : unavailable(answer, request);
  const evidence = {
    host: new URL(request.endpoint).host,
    status: answer.status,
    code: error.code,
    said: error.message,
    ...(error.requestId && { requestId: error.requestId }),
  };
  return new Failure('aws/refused', `STS refused the session: ${error.code}`, evidence);
}

export function badAnswer(answer: Answer, request: AwsRequest): Failure {
  return new Failure(
    'aws/bad-answer',
    'STS answered with something that is not a session',
    { host: new URL(request.endpoint).host, status: answer.status },
    ['Something between the runner and AWS answers in its place: look for a proxy or a login page.'],
  );
}

function unavailable(answer: Answer, request: AwsRequest): Failure {
  return new Failure(
    'aws/unavailable',
    `STS answered ${answer.status} without saying why`,
    { host: new URL(request.endpoint).host, status: answer.status },
    ['Look at the proxy, if there is one, and at https://health.aws.amazon.com.'],
  );
}
