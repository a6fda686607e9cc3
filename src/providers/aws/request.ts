// From AWS's inputs to a checked request.

import { type Checked, Problems } from '../../core/checked.ts';
import { type Values, wrong } from '../../core/input.ts';
import { spoken } from '../../core/kinds.ts';
import type { Terms } from '../../core/provider.ts';
import { awsInputs } from './inputs.ts';
import { isStsOf, partitionOf, stsHost } from './partition.ts';
import { LONGEST_POLICY, timeBoxed } from './policy.ts';

/** A checked request for a session: plain data. */
export interface AwsRequest {
  readonly roleArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly endpoint: string;
  readonly audience: string;
  /** Undefined: the exchange makes one of run, attempt and step. */
  readonly sessionName?: string;
  /** Seconds. */
  readonly duration: number;
  /** `aws-session-duration` was given: a refusal of it fails the step. A duration from `lifetime` is a ceiling. */
  readonly durationDemanded: boolean;
  readonly policy?: string;
  readonly policyArns: readonly string[];
  /** Seconds after GitHub's `iat` from which everything is denied; for a `lifetime` under STS's minimum. */
  readonly timeBox?: number;
  readonly allowedAccountIds: readonly string[];
}

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
  const accountId = role.split(':')[4] ?? '';
  const allowed = values.allowedAccountIds?.value ?? [];
  if (allowed.length > 0 && !allowed.includes(accountId)) {
    problems.add('inputs/invalid', `aws-allowed-account-ids: does not list ${accountId}, the account of aws-role-arn.`);
  }
  checkPartition(role, region, problems);
  checkEndpoint(values, region, problems);
  checkPolicies(values, terms, problems);
  if (problems.list.length > 0 || !region) return { ok: false, problems: problems.list };
  const partition = partitionOf(region);
  return {
    ok: true,
    value: {
      roleArn: role,
      accountId,
      region,
      endpoint: values.stsEndpoint?.value ?? `https://${stsHost(region, values.fips.value, values.dualStack.value)}`,
      audience: values.audience?.value ?? partition.audience,
      duration: values.sessionDuration?.value ?? usualDuration(terms),
      durationDemanded: values.sessionDuration !== undefined,
      policyArns: values.sessionPolicyArns?.value ?? [],
      allowedAccountIds: allowed,
      ...(values.sessionName && { sessionName: values.sessionName.value }),
      ...(values.sessionPolicy && { policy: values.sessionPolicy.value }),
      ...(terms.lifetime < SHORTEST_SESSION && !values.sessionDuration && { timeBox: terms.lifetime }),
    },
  };
}

/** What is kept fresh may be as short as STS gives it. */
function usualDuration({ keepFresh, lifetime }: Terms): number {
  return keepFresh === 'always' ? SHORTEST_SESSION : Math.max(SHORTEST_SESSION, lifetime);
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
  if (isStsOf(new URL(endpoint.value).hostname, partition) || (audience && !/^sts\.amazonaws\.com/.test(audience)))
    return;
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
