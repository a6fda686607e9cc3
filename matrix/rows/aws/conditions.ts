// AWS: other conditions of the trust policy, and what STS tells no better (facts: aws 2.1, 2.2, 8.4).
import type { Account } from '../../../sandbox/aws/trust.ts';
import { obey, paste, quiet, setInput } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { INPUTS, replaced } from '../../scene.ts';
import {
  account,
  chained,
  conditions,
  denied,
  EMPTY,
  HOST,
  input,
  MAIN,
  right,
  role,
  says,
  subject,
  WITHOUT_TAGS,
} from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    ...denied,
    mistake: 'The trust is for the repository of the reusable workflow',
    source: 'github 2.2',
    scene: {
      ...subject('repo:platform/workflows:ref:refs/heads/main'),
      job: { ...right.job, jobWorkflowRef: 'platform/workflows/.github/workflows/deploy.yml@refs/heads/v1' },
    },
    cause: /reusable workflow of platform\/workflows/,
  },
  {
    ...denied,
    mistake: 'job_workflow_ref is pinned to another ref',
    source: 'aws 8.3',
    scene: {
      ...conditions({
        StringEquals: {
          [`${HOST}:aud`]: 'sts.amazonaws.com',
          [`${HOST}:sub`]: MAIN,
          [`${HOST}:job_workflow_ref`]: 'platform/workflows/.github/workflows/deploy.yml@refs/tags/v2',
        },
      }),
      job: { ...right.job, jobWorkflowRef: 'platform/workflows/.github/workflows/deploy.yml@refs/heads/main' },
    },
    cause: /job_workflow_ref/,
  },
  {
    ...denied,
    mistake: 'A condition on a claim that the token lacks',
    source: 'aws 8.1',
    scene: conditions({
      StringEquals: {
        [`${HOST}:aud`]: 'sts.amazonaws.com',
        [`${HOST}:sub`]: MAIN,
        [`${HOST}:environment`]: 'production',
      },
    }),
    cause: /claim that this token lacks/,
  },
  {
    ...denied,
    mistake: 'The trust names the provider of another account',
    source: 'aws 8.4',
    scene: role({
      trustPolicy: replaced(
        right.trust.aws.accounts['123456789012']?.roles.deploy?.trustPolicy as Readonly<Record<string, unknown>>,
        'iam::123456789012',
        'iam::210987654321',
      ),
    }),
    cause: /another provider/,
  },
  {
    ...denied,
    mistake: 'The trust names the public issuer, the enterprise has its own',
    source: 'github 2.4',
    scene: account(
      ({ oidcProviders = [] }) => ({
        oidcProviders: [...oidcProviders, { url: `https://${HOST}/octo`, clientIds: ['sts.amazonaws.com'] }],
      }),
      { ...right, issuer: `https://${HOST}/octo` },
    ),
    cause: /another provider/,
  },
  {
    ...denied,
    mistake: 'The trust asks for a session name that the step does not send',
    source: 'aws 8.3',
    scene: conditions(
      {
        StringEquals: { [`${HOST}:aud`]: 'sts.amazonaws.com', [`${HOST}:sub`]: MAIN },
        StringLike: { 'sts:RoleSessionName': 'gh-*' },
      },
      input('aws-session-name', 'deploy-session'),
    ),
    cause: /sts:RoleSessionName/,
    fix: paste,
  },
  {
    ...denied,
    mistake: 'The role does not exist, or was deleted',
    source: 'aws 8.4',
    scene: input('aws-role-arn', 'arn:aws:iam::123456789012:role/deplyo'),
    cause: /no role deplyo/,
    fix: obey(/no role (\S+) in account/, (at) => setInput(at, 'aws-role-arn', INPUTS.aws['aws-role-arn'])),
  },
  {
    ...denied,
    mistake: 'The ARN leaves out the path of the role',
    source: 'aws 8.4',
    scene: role({ path: '/ci/' }),
    cause: /path/,
    fix: obey(/no role \S+ in account .*path/, (at) =>
      setInput(at, 'aws-role-arn', 'arn:aws:iam::123456789012:role/ci/deploy'),
    ),
  },
  {
    ...denied,
    mistake: 'The role is in another account that has the provider too',
    source: 'aws 8.4',
    scene: {
      ...input('aws-role-arn', 'arn:aws:iam::210987654321:role/deploy'),
      trust: {
        ...right.trust,
        aws: {
          accounts: {
            ...right.trust.aws.accounts,
            '210987654321': { ...EMPTY, oidcProviders: [{ url: `https://${HOST}`, clientIds: ['sts.amazonaws.com'] }] },
          },
        },
      },
    },
    cause: /no role deploy in account 210987654321/,
    fix: obey(/no role (\S+) in account/, (at) => setInput(at, 'aws-role-arn', INPUTS.aws['aws-role-arn'])),
  },
  {
    ...denied,
    mistake: 'A role named GitHubActions (#953)',
    source: 'aws 8.4',
    played: 'recorded answer',
    scene: {
      ...says(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'),
      inputs: { ...INPUTS.aws, 'aws-role-arn': 'arn:aws:iam::123456789012:role/GitHubActions' },
    },
    cause: /is named GitHubActions/,
    fix: obey(/try another name/, (at) => quiet(setInput(at, 'aws-role-arn', INPUTS.aws['aws-role-arn']))),
  },
  {
    ...denied,
    mistake: 'A control policy of the organisation denies it',
    source: 'aws 8.4',
    scene: account(() => ({
      controlPolicy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 'sts:AssumeRoleWithWebIdentity', Resource: '*' }],
      },
    })),
    cause: /control policy/,
    fix: obey(/control policy/, (at) =>
      account(({ controlPolicy: _, ...kept }) => kept as Account, { ...at, trust: right.trust }),
    ),
  },
  {
    mistake: 'The next role of a chain takes no session tags (#1396)',
    source: 'aws 2.2',
    played: 'trust document',
    scene: chained(WITHOUT_TAGS),
    id: 'aws/hop-tags-refused',
    cause: /session tags may not be passed to it/,
    fix: obey(
      /Let the trust policy of release in account \d+ allow sts:AssumeRole, (sts:TagSession) to deploy/,
      (at) => ({
        ...at,
        trust: right.trust,
      }),
    ),
  },
];
