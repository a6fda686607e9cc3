// AWS: the inputs it owns, and from their texts to a checked request.

import { input } from '../../core/input.ts';
import { boolean, duration, httpsUrl, jsonObject, list, matching } from '../../core/kinds.ts';
import { BETWEEN_ARNS, policyArn, roleArn, tagKey, tags } from './kinds.ts';

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
    description:
      'How long the session is to live, 15m to 12h, behind a chain at most 1h; a demand. Default from `lifetime`.',
  }),
  sessionPolicy: input({
    name: 'aws-session-policy',
    kind: jsonObject,
    description: 'A session policy (JSON) that narrows what the session, the last one of a chain, may do.',
  }),
  sessionPolicyArns: input({
    name: 'aws-session-policy-arns',
    kind: list(policyArn, BETWEEN_ARNS),
    description: 'ARNs of managed policies that narrow what the session may do; at most ten.',
  }),
  roleChain: input({
    name: 'aws-role-chain',
    kind: list(roleArn, BETWEEN_ARNS),
    description:
      'Roles assumed one after another from `aws-role-arn`. Later steps get the last one alone, for an hour at most.',
  }),
  externalId: input({
    name: 'aws-external-id',
    kind: matching(/[\w+=,.@:/-]{2,1224}/, '2 to 1224 characters out of A-Z a-z 0-9 _ + = , . @ : / -'),
    description:
      'External id for every hop of `aws-role-chain`. AWS does not treat it as a secret, and neither does this action.',
  }),
  sessionTags: input({
    name: 'aws-session-tags',
    kind: tags,
    description: 'Session tags, set on the first hop of `aws-role-chain`.',
  }),
  transitiveTagKeys: input({
    name: 'aws-transitive-tag-keys',
    kind: list(tagKey),
    description: 'Keys out of `aws-session-tags` that further hops keep.',
  }),
  sourceIdentity: input({
    name: 'aws-source-identity',
    kind: matching(/[\w+=,.@-]{2,64}/, '2 to 64 characters out of A-Z a-z 0-9 _ + = , . @ -'),
    description: 'Source identity, set on the first hop of `aws-role-chain`; it stays for the whole chain.',
  }),
  allowedAccountIds: input({
    name: 'aws-allowed-account-ids',
    kind: list(matching(/\d{12}/, 'an account id of 12 digits')),
    description: 'Accounts that the last role may be in; checked before anything is exported.',
  }),
  profile: input({
    name: 'aws-profile',
    kind: matching(/[A-Za-z0-9][\w.@+-]{0,63}/, 'a profile name of up to 64 characters out of A-Z a-z 0-9 _ . @ + -'),
    description:
      'Write the session as this profile, into copies of the configuration and credentials files that tools read, and point later steps at it, instead of exporting keys and region.',
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
