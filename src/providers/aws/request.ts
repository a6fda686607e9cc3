// From AWS's inputs to a checked request.

import { isForClouds } from '../../core/audiences.ts';
import { type Checked, Problems } from '../../core/checked.ts';
import { type Values, wrong } from '../../core/input.ts';
import { spoken } from '../../core/kinds.ts';
import type { Terms } from '../../core/provider.ts';
import { CHAINED_LIMIT, type ChainRequest, readChain } from './chain-request.ts';
import { awsInputs } from './inputs.ts';
import { isStsOf, partitionOf, stsHost } from './partition.ts';
import { LONGEST_POLICY, timeBoxed } from './policy.ts';

/** A checked request for a session: plain data. */
export interface AwsRequest {
  /** The role that takes the identity token. */
  readonly roleArn: string;
  /** Its account. */
  readonly accountId: string;
  /** The roles behind it, the last of which later steps get. */
  readonly chain?: ChainRequest;
  readonly region: string;
  readonly endpoint: string;
  readonly audience: string;
  /** Undefined: the exchange makes one of run, attempt and step. */
  readonly sessionName?: string;
  /** Of the last session, in seconds. */
  readonly duration: number;
  /** The `lifetime` that a chain cuts to an hour, in seconds. */
  readonly cutFrom?: number;
  /** `aws-session-duration` was given: a refusal of it fails the step. A duration from `lifetime` is a ceiling. */
  readonly durationDemanded: boolean;
  readonly policy?: string;
  readonly policyArns: readonly string[];
  /** Seconds after GitHub's `iat` from which everything is denied; for a `lifetime` under STS's minimum. */
  readonly timeBox?: number;
  /** Of the last role. */
  readonly allowedAccountIds: readonly string[];
  /** Write a profile of this name instead of the environment. */
  readonly profile?: string;
}

/** The role that later steps get. */
export function lastRole(request: Pick<AwsRequest, 'roleArn' | 'chain'>): string {
  return request.chain?.roleArns.at(-1) ?? request.roleArn;
}

/** The account of a role's ARN. */
export function accountOf(roleArn: string): string {
  return roleArn.split(':')[4] ?? '';
}

/** Seconds. */
export const SHORTEST_SESSION = 900;

export function checkAws(values: Values<typeof awsInputs>, terms: Terms): Checked<AwsRequest> {
  const problems = new Problems();
  const role = values.roleArn?.value ?? '';
  const region = values.region?.value;
  if (!region)
    problems.add(
      'inputs/missing',
      `aws-region: is required with aws-role-arn. It takes ${awsInputs.region.kind.takes}.`,
    );
  const chain = readChain(values, problems);
  const allowed = values.allowedAccountIds?.value ?? [];
  const accountId = accountOf(chain?.roleArns.at(-1) ?? role);
  if (allowed.length > 0 && !allowed.includes(accountId)) {
    const last = chain ? 'the last role of aws-role-chain' : 'aws-role-arn';
    problems.add('inputs/invalid', `aws-allowed-account-ids: does not list ${accountId}, the account of ${last}.`);
  }
  if (values.profile && terms.keepFresh === 'always')
    problems.add(
      'inputs/invalid',
      'aws-profile: cannot be combined with keep-fresh always. What is kept fresh is not read from a profile; use one of them.',
    );
  checkPartition(role, region, problems);
  checkEndpoint(values, region, problems);
  checkPolicies(values, terms, problems);
  if (problems.list.length > 0 || !region) return { ok: false, problems: problems.list };
  const partition = partitionOf(region);
  return {
    ok: true,
    value: {
      roleArn: role,
      accountId: accountOf(role),
      region,
      endpoint: values.stsEndpoint?.value ?? `https://${stsHost(region, values.fips.value, values.dualStack.value)}`,
      audience: values.audience?.value ?? partition.audience,
      duration: values.sessionDuration?.value ?? nearest(terms, chain !== undefined),
      durationDemanded: values.sessionDuration !== undefined,
      policyArns: values.sessionPolicyArns?.value ?? [],
      allowedAccountIds: allowed,
      ...(chain && { chain }),
      ...(chain && terms.lifetime > CHAINED_LIMIT && !values.sessionDuration && { cutFrom: terms.lifetime }),
      ...(values.profile && { profile: values.profile.value }),
      ...(values.sessionName && { sessionName: values.sessionName.value }),
      ...(values.sessionPolicy && { policy: values.sessionPolicy.value }),
      ...(terms.lifetime < SHORTEST_SESSION && !values.sessionDuration && { timeBox: terms.lifetime }),
    },
  };
}

/** The nearest to `lifetime` that STS gives; what is always kept fresh may be as short as it gives at all. */
function nearest({ lifetime, keepFresh }: Terms, chained: boolean): number {
  if (keepFresh === 'always') return SHORTEST_SESSION;
  return Math.max(SHORTEST_SESSION, chained ? Math.min(CHAINED_LIMIT, lifetime) : lifetime);
}

function checkPartition(role: string, region: string | undefined, problems: Problems): void {
  const partition = role.split(':')[1];
  if (!region || !partition || partitionOf(region).id === partition) return;
  problems.add(
    'inputs/invalid',
    `aws-region: ${region} is in partition ${partitionOf(region).id}, but aws-role-arn is in ${partition}.`,
  );
}

/** A token with the default audience opens every role that trusts it: it goes to AWS alone (INVARIANTS 5). */
function checkEndpoint(values: Values<typeof awsInputs>, region: string | undefined, problems: Problems): void {
  const endpoint = values.stsEndpoint;
  if (!endpoint || !region) return;
  if (values.fips.value || values.dualStack.value) {
    problems.add(
      'inputs/invalid',
      'aws-sts-endpoint: cannot be combined with aws-use-fips-endpoint or aws-use-dualstack-endpoint.',
    );
  }
  const partition = partitionOf(region);
  const audience = values.audience?.value;
  if (isStsOf(new URL(endpoint.value).hostname, partition) || (audience && !isForClouds(audience))) return;
  problems.list.push(
    wrong(
      endpoint.field,
      endpoint.text,
      `which is no STS host of ${partition.id}; give aws-audience a value of its own to use it`,
    ),
  );
}

function checkPolicies(values: Values<typeof awsInputs>, terms: Terms, problems: Problems): void {
  const arns = values.sessionPolicyArns?.value ?? [];
  if (arns.length > 10)
    problems.add('inputs/invalid', `aws-session-policy-arns: got ${arns.length} ARNs. STS takes at most ten.`);
  const boxed = terms.lifetime < SHORTEST_SESSION && !values.sessionDuration;
  const policy = boxed
    ? timeBoxed(values.sessionPolicy?.value, arns.length > 0, 0)
    : (values.sessionPolicy?.value ?? '');
  const size = policy.length + arns.join('').length;
  if (size > LONGEST_POLICY) {
    problems.add(
      'inputs/invalid',
      `aws-session-policy: policy and policy ARNs are ${size} characters together. STS takes at most ${LONGEST_POLICY}.`,
    );
  }
  const duration = values.sessionDuration;
  if (duration && terms.lifetimeGiven && duration.value > terms.lifetime) {
    problems.add(
      'inputs/invalid',
      `aws-session-duration: got "${duration.text}", which is more than the lifetime of ${spoken(terms.lifetime)}.`,
    );
  }
}
