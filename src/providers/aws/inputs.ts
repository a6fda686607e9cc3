// AWS: the inputs it owns, and from their texts to a checked request.
import { type Checked, Problems } from '../../core/checked.ts';
import { input, type Values, wrong } from '../../core/input.ts';
import { boolean, duration, httpsUrl, jsonObject, list, matching, spoken, text } from '../../core/kinds.ts';
import type { Terms } from '../../core/provider.ts';
import { isStsOf, partitionOf, stsHost } from './partition.ts';
import { timeBoxed } from './policy.ts';

const roleArn = matching(
  /arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}/,
  'the ARN of an IAM role, such as arn:aws:iam::123456789012:role/deploy',
);
const policyArn = matching(/arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,576}/, 'the ARN of an IAM policy');

export const awsInputs = {
  roleArn: input({
    name: 'aws-role-arn',
    kind: roleArn,
    description: "The role to assume with the job's identity token. Asks for AWS.",
  }),
  region: input({
    name: 'aws-region',
    kind: matching(/[a-z]{2,4}(-[a-z]+)+-\d{1,2}/, 'an AWS region, such as eu-west-1'),
    description: 'Region of the STS endpoint, exported for later steps. Required with `aws-role-arn`.',
  }),
  audience: input({
    name: 'aws-audience',
    kind: matching(/[\w./:+=,@-]{1,255}/, 'an audience'),
    description: "Audience of the identity token; default `sts.amazonaws.com`, or the partition's.",
  }),
  sessionName: input({
    name: 'aws-session-name',
    kind: matching(/[\w+=,.@-]{2,64}/, '2 to 64 characters out of A-Z a-z 0-9 _ + = , . @ -'),
    description: 'Name of the session in CloudTrail; default unique to run, attempt and step.',
  }),
  sessionDuration: input({
    name: 'aws-session-duration',
    kind: duration(900, 43_200),
    description: 'How long the session is to live, 15m to 12h; a demand. Default from `lifetime`.',
  }),
  sessionPolicy: input({
    name: 'aws-session-policy',
    kind: jsonObject,
    description: 'A session policy (JSON) that narrows what the session may do.',
  }),
  sessionPolicyArns: input({
    name: 'aws-session-policy-arns',
    kind: list(policyArn),
    description: 'ARNs of managed policies that narrow what the session may do; at most ten.',
  }),
  roleChain: input({
    name: 'aws-role-chain',
    kind: list(roleArn),
    description: 'Roles assumed one after another from the first.',
    notYet: {},
  }),
  externalId: input({
    name: 'aws-external-id',
    kind: text,
    description: 'External id for every chained hop.',
    notYet: {},
  }),
  sessionTags: input({
    name: 'aws-session-tags',
    kind: text,
    description: 'Session tags of the first chained hop.',
    notYet: {},
  }),
  transitiveTagKeys: input({
    name: 'aws-transitive-tag-keys',
    kind: text,
    description: 'Keys of the session tags that further hops keep.',
    notYet: {},
  }),
  sourceIdentity: input({
    name: 'aws-source-identity',
    kind: text,
    description: 'Source identity, set on the first chained hop.',
    notYet: {},
  }),
  allowedAccountIds: input({
    name: 'aws-allowed-account-ids',
    kind: list(matching(/\d{12}/, 'an account id of 12 digits')),
    description: 'Accounts that the last role may be in; checked before anything is exported.',
  }),
  profile: input({
    name: 'aws-profile',
    kind: text,
    description: 'Write a named profile instead of the environment.',
    notYet: {},
  }),
  stsEndpoint: input({
    name: 'aws-sts-endpoint',
    kind: httpsUrl,
    description: 'Another STS endpoint, such as an interface endpoint (VPC).',
  }),
  fips: input({
    name: 'aws-use-fips-endpoint',
    kind: boolean,
    default: 'false',
    description: 'Use the FIPS endpoint of STS.',
  }),
  dualStack: input({
    name: 'aws-use-dualstack-endpoint',
    kind: boolean,
    default: 'false',
    description: 'Use the dual-stack (IPv6) endpoint of STS.',
  }),
} as const;

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
  readonly policy?: string;
  readonly policyArns: readonly string[];
  /** Seconds after GitHub's `iat` from which everything is denied; for a `lifetime` under STS's minimum. */
  readonly timeBox?: number;
  readonly allowedAccountIds: readonly string[];
}

const SHORTEST_SESSION = 900;
/** STS refuses more characters of policy and ARNs together (facts: aws 1.1). */
const LONGEST_POLICY = 2048;

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
      duration: values.sessionDuration?.value ?? Math.max(SHORTEST_SESSION, terms.lifetime),
      policyArns: values.sessionPolicyArns?.value ?? [],
      allowedAccountIds: allowed,
      ...(values.sessionName && { sessionName: values.sessionName.value }),
      ...(values.sessionPolicy && { policy: values.sessionPolicy.value }),
      ...(terms.lifetime < SHORTEST_SESSION && !values.sessionDuration && { timeBox: terms.lifetime }),
    },
  };
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
