// Role chaining: from the first role on, each session signs the call for the next role (facts: aws 2.2, 9).
import type { Keep } from '../../core/grant.ts';
import type { Answer } from '../../core/http.ts';
import type { ExchangePorts } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import type { ChainRequest } from './chain-request.ts';
import { assumeRole, type RoleCall } from './client.ts';
import { signingRegion } from './partition.ts';
import { refusal } from './refusal.ts';
import { type AwsRequest, SHORTEST_SESSION } from './request.ts';
import { POLICY } from './retries.ts';
import { received, type Session } from './session.ts';

/** What is already there when the chain begins. */
export interface ChainStart {
  readonly session: Session;
  /** The answer that brought it: it carries the time of STS. */
  readonly answer: Answer;
  /** Every session of the chain has the name of the first. */
  readonly sessionName: string;
  /** Session policy of the last role, time box included. */
  readonly policy?: string;
  /** From when on that policy denies everything. */
  readonly deniedAt?: number;
}

type Chained = AwsRequest & { readonly chain: ChainRequest };

/** Follows the chain. Resolves with all sessions, the one that later steps get last. Throws what the first refused hop throws. */
export async function follow(
  start: ChainStart,
  request: Chained,
  ports: ExchangePorts,
  keep: Keep,
): Promise<readonly Session[]> {
  const { chain } = request;
  const sessions = [start.session];
  const offset = clockOffset(start.answer, ports.clock.now());
  for (const [i, roleArn] of chain.roleArns.entries()) {
    ports.budget.check();
    const call = { ...hopCall(i, start, request), clockOffset: offset };
    const by = sessions.at(-1) as Session;
    const { session, answer } = await reached('aws', 'STS', () => assumeRole(call, by, ports.patient(POLICY)));
    if (!session) throw refusal(answer, request, i + 1);
    const boxed = i === chain.roleArns.length - 1 && start.deniedAt !== undefined && { deniedAt: start.deniedAt };
    sessions.push(received(session, answer, { request, roleArn, hop: i + 1, ...boxed }, keep));
  }
  return sessions;
}

/** External id: every hop. Tags and source identity: the first one. Policies and duration: the last one (CONTRACT, AWS). */
function hopCall(i: number, start: ChainStart, request: Chained): RoleCall {
  const { chain } = request;
  const last = i === chain.roleArns.length - 1;
  const first = i === 0;
  return {
    endpoint: request.endpoint,
    region: signingRegion(new URL(request.endpoint).hostname, request.region),
    roleArn: chain.roleArns[i] ?? '',
    sessionName: start.sessionName,
    duration: last ? request.duration : SHORTEST_SESSION,
    policyArns: last ? request.policyArns : [],
    tags: first ? chain.tags : [],
    transitiveTagKeys: first ? chain.transitiveTagKeys : [],
    ...(last && start.policy !== undefined && { policy: start.policy }),
    ...(chain.externalId !== undefined && { externalId: chain.externalId }),
    ...(first && chain.sourceIdentity !== undefined && { sourceIdentity: chain.sourceIdentity }),
  };
}

/** A signature may be minutes old at most. */
const HARMLESS_MS = 60_000;

/** By how much the runner's clock is behind STS's, in milliseconds: a signature carries the time, and the runner's may be wrong. */
function clockOffset(answer: Answer, now: number): number {
  const theirs = Date.parse(answer.headers.date ?? '');
  const offset = Number.isNaN(theirs) ? 0 : theirs - now;
  return Math.abs(offset) < HARMLESS_MS ? 0 : offset;
}
