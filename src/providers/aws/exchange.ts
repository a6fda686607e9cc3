// AWS: the identity token for a session, and from there along a chain of roles; what STS's answers mean.

import { issuedAt } from '../../core/claims.ts';
import { Failure } from '../../core/failure.ts';
import type { Grant, Keep } from '../../core/grant.ts';
import type { Answer } from '../../core/http.ts';
import type { ExchangePorts, Identities, Identity, Job } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import { follow } from './chain.ts';
import { assumeRoleWithWebIdentity, type SessionCall } from './client.ts';
import { errorOf } from './error.ts';
import { granted } from './grant.ts';
import { timeBoxed } from './policy.ts';
import { refusal } from './refusal.ts';
import { type AwsRequest, SHORTEST_SESSION } from './request.ts';
import { POLICY } from './retries.ts';
import { received } from './session.ts';

export { rehearse } from './rehearsal.ts';

export async function exchange(
  request: AwsRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const name = request.sessionName ?? sessionName(ports.job, ports.random.hex(4));
  let identity = identities.get('exchange');
  let outcome = await assume(request, name, identity, ports);
  if (!outcome.session && errorOf(outcome.answer.body).code === 'ExpiredTokenException') {
    identity = await identities.renew('exchange');
    outcome = await assume(request, name, identity, ports);
  }
  if (!outcome.session && tooLong(outcome.answer, request)) {
    outcome = await assume({ ...request, duration: SURE_DURATION }, name, identity, ports);
  }
  const { session: given, answer } = outcome;
  if (!given) throw refusal(answer, request);
  const { chain, roleArn } = request;
  const deniedAt = boxEnd(request, identity);
  const boxed = deniedAt !== undefined && { deniedAt };
  const session = received(given, answer, { request, roleArn, ...(!chain && boxed) }, keep);
  if (!chain) return granted(request, [session], await ports.keeper?.());
  const policy = sessionPolicy(request, deniedAt);
  const start = { session, answer, sessionName: name, ...(policy !== undefined && { policy }), ...boxed };
  return granted(request, await follow(start, { ...request, chain }, ports, keep), await ports.keeper?.());
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

function assume(request: AwsRequest, name: string, identity: Identity, ports: ExchangePorts) {
  const call = firstCall(request, name, identity);
  return reached('aws', 'STS', () => assumeRoleWithWebIdentity(call, identity.token, ports.patient(POLICY)));
}

/** Before a chain the session only signs the next call: it lives as short as STS lets it, and the policies are the last one's. */
function firstCall(request: AwsRequest, name: string, identity: Identity): SessionCall {
  const { endpoint, region, roleArn } = request;
  const call = { endpoint, region, roleArn, sessionName: name };
  if (request.chain) return { ...call, duration: SHORTEST_SESSION, policyArns: [] };
  const policy = sessionPolicy(request, boxEnd(request, identity));
  return {
    ...call,
    duration: request.duration,
    policyArns: request.policyArns,
    ...(policy !== undefined && { policy }),
  };
}

function sessionPolicy({ policy, policyArns }: AwsRequest, deniedAt: number | undefined): string | undefined {
  return deniedAt === undefined ? policy : timeBoxed(policy, policyArns.length > 0, deniedAt);
}

/** T of the time box, in milliseconds; undefined: there is none. It is counted on GitHub's clock, since the runner's may be wrong. */
function boxEnd({ timeBox }: AwsRequest, identity: Identity): number | undefined {
  if (timeBox === undefined) return undefined;
  const start = issuedAt(identity.claims);
  if (start !== undefined) return start + timeBox * 1000;
  throw new Failure(
    'identity/bad-answer',
    'The identity token does not say when it was issued, so the session cannot be boxed in time',
  );
}

/** `gh-<run>-<attempt>-<nonce>`: unique, so that one session can be told from all others in CloudTrail and in `aws:userid`. */
export function sessionName(job: Job, nonce: string): string {
  return `gh-${job.runId ?? '0'}-${job.runAttempt ?? '1'}-${nonce}`.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
}
