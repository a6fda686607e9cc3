// AWS: one call to STS, and what its answers mean.

import { issuedAt } from '../../core/claims.ts';
import { Failure } from '../../core/failure.ts';
import type { Grant, Keep } from '../../core/grant.ts';
import type { Answer } from '../../core/http.ts';
import type { ExchangePorts, Identities, Identity, Job } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import { type RetryPolicy, SAFE } from '../../core/retry.ts';
import { assumeRoleWithWebIdentity } from './client.ts';
import { errorOf } from './error.ts';
import { granted } from './grant.ts';
import { timeBoxed } from './policy.ts';
import { refusal } from './refusal.ts';
import type { AwsRequest } from './request.ts';

/** STS's own codes that pass by themselves (facts: aws 2.1); AccessDenied is not among them. */
const POLICY: RetryPolicy = {
  ...SAFE,
  transient(answer) {
    const { code, message } = errorOf(answer.body);
    if (code === 'InvalidIdentityToken') return /retrieve verification key/.test(message);
    return code === 'IDPCommunicationError' || code === 'Throttling' || code === 'ThrottlingException';
  },
};

export async function exchange(
  request: AwsRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const first = identities.get('exchange');
  let identity = first;
  let outcome = await assume(request, identity, ports);
  if (!outcome.session && errorOf(outcome.answer.body).code === 'ExpiredTokenException') {
    identity = await identities.renew('exchange');
    outcome = await assume(request, identity, ports);
  }
  if (!outcome.session && tooLong(outcome.answer, request)) {
    outcome = await assume({ ...request, duration: SURE_DURATION }, identity, ports);
  }
  if (!outcome.session) throw refusal(outcome.answer, request);
  return granted(request, outcome.session, outcome.answer, identity, keep, await ports.keeper?.());
}

/** Every role's maximum is an hour or more. */
const SURE_DURATION = 3600;

/** `lifetime` is a ceiling: a role whose maximum is below it gives what it surely can. */
function tooLong(answer: Answer, request: AwsRequest): boolean {
  return (
    !request.durationDemanded &&
    request.duration > SURE_DURATION &&
    /MaxSessionDuration/.test(errorOf(answer.body).message)
  );
}

function assume(request: AwsRequest, identity: Identity, ports: ExchangePorts) {
  const policy = sessionPolicy(request, identity);
  const call = {
    endpoint: request.endpoint,
    region: request.region,
    roleArn: request.roleArn,
    sessionName: request.sessionName ?? sessionName(ports.job, ports.random.hex(4)),
    duration: request.duration,
    policyArns: request.policyArns,
    ...(policy !== undefined && { policy }),
  };
  return reached('aws', 'STS', () => assumeRoleWithWebIdentity(call, identity.token, ports.patient(POLICY)));
}

/** T is counted on GitHub's clock, since the runner's may be wrong. */
function sessionPolicy(request: AwsRequest, identity: Identity): string | undefined {
  if (request.timeBox === undefined) return request.policy;
  const start = issuedAt(identity.claims);
  if (start === undefined) {
    throw new Failure(
      'identity/bad-answer',
      'The identity token does not say when it was issued, so the session cannot be boxed in time',
    );
  }
  return timeBoxed(request.policy, request.policyArns.length > 0, start + request.timeBox * 1000);
}

/** `gh-<run>-<attempt>-<nonce>`: unique, so that one session can be told from all others in CloudTrail and in `aws:userid`. */
export function sessionName(job: Job, nonce: string): string {
  return `gh-${job.runId ?? '0'}-${job.runAttempt ?? '1'}-${nonce}`.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
}
