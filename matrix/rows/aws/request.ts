// AWS: what was asked for (facts: aws 2.1, 2.2, 8.4).
import { randomBytes } from 'node:crypto';
import { obey, quiet, setInput } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { INPUTS } from '../../scene.ts';
import { input, policy, role, says } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'aws-session-duration is above the role’s maximum',
    source: 'aws 2.2',
    played: 'inputs',
    scene: role({ maxSessionDuration: 3600 }, setInput(input('aws-session-duration', '7200'), 'lifetime', '2h')),
    id: 'aws/duration-refused',
    cause: /no session of 2h/,
    fix: obey(/Lower (aws-session-duration)/, (at, name) => setInput(at, name ?? '', '3600')),
  },
  {
    mistake: 'The session policy is too large once packed',
    source: 'aws 2.1',
    played: 'inputs',
    scene: input('aws-session-policy', policy(randomBytes(900).toString('hex'))),
    id: 'aws/policy-too-large',
    cause: /too large once STS has packed it/,
    fix: obey(/Shorten (aws-session-policy)/, (at, name) => setInput(at, name ?? '', policy('x'))),
  },
  {
    mistake: 'The session policy is JSON, but no policy',
    source: 'aws 2.1',
    played: 'inputs',
    scene: input(
      'aws-session-policy',
      '{"Version":"2012-10-17","Statement":[{"Effect":"Permit","Action":"s3:*","Resource":"*"}]}',
    ),
    id: 'aws/policy-malformed',
    cause: /does not understand the session policy/,
    fix: obey(/Check (aws-session-policy) with/, (at, name) => setInput(at, name ?? '', policy('x'))),
  },
  {
    mistake: 'STS is not active in the region',
    source: 'aws 2.1',
    played: 'recorded answer',
    scene: says(
      403,
      'RegionDisabledException',
      'STS is not activated in this region for account:123456789012. Your account administrator can activate STS in this region using the IAM Console.',
    ),
    id: 'aws/region-disabled',
    cause: /STS is not active in eu-west-1/,
    fix: obey(/Activate STS for (\S+)/, quiet),
  },
  {
    mistake: 'Too many calls at a time',
    source: 'aws 2.1',
    played: 'recorded answer',
    scene: says(400, 'Throttling', 'Rate exceeded'),
    id: 'aws/throttled',
    cause: /throttled/,
    fix: obey(/Start fewer jobs/, quiet),
  },
  {
    mistake: 'STS has a failure of its own',
    source: 'aws 2.1',
    played: 'recorded answer',
    scene: says(503, 'ServiceUnavailable', ''),
    id: 'aws/unavailable',
    cause: /a failure of its own/,
    fix: obey(/run the job again/, quiet),
  },
  {
    mistake: 'There is no such region',
    source: 'aws 1.4',
    played: 'inputs',
    scene: input('aws-region', 'eu-west-11'),
    id: 'aws/unreachable',
    cause: /Check aws-region first: eu-west-11/,
    fix: obey(/Check (aws-region) first/, (at, name) => setInput(at, name ?? '', 'eu-west-1')),
  },
  {
    mistake: 'An explicit deny that AWS names',
    source: 'aws 8.4',
    played: 'recorded answer',
    scene: says(
      403,
      'AccessDenied',
      'User: anonymous is not authorized to perform: sts:AssumeRoleWithWebIdentity on resource: arn:aws:iam::123456789012:role/deploy with an explicit deny in a service control policy',
    ),
    id: 'aws/explicitly-denied',
    cause: /whatever the role's trust says: service control policy/,
    fix: obey(/Ask who administers that policy/, quiet),
  },
  {
    mistake: 'The ARN is no role’s',
    source: 'aws 2.2',
    played: 'inputs',
    scene: input('aws-role-arn', 'arn:aws:iam::123456789012:instance-profile/deploy'),
    id: 'inputs/invalid',
    cause: /aws-role-arn: got/,
    fix: obey(/(aws-role-arn): got/, (at, name) => setInput(at, name ?? '', INPUTS.aws['aws-role-arn'])),
  },
  {
    mistake: 'Region and role are in different partitions',
    source: 'aws 1.4',
    played: 'inputs',
    scene: input('aws-region', 'cn-north-1'),
    id: 'inputs/invalid',
    cause: /is in partition aws-cn, but aws-role-arn is in aws/,
    fix: obey(/(aws-region): \S+ is in partition/, (at, name) => setInput(at, name ?? '', 'eu-west-1')),
  },
];
