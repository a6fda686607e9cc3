// AWS: the inputs it owns, and from their texts to a checked request.

import { input } from '../../core/input.ts';
import { boolean, duration, httpsUrl, jsonObject, list, matching, text } from '../../core/kinds.ts';

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
