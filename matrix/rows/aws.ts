// AWS: mistakes in the trust policy, the provider, the role, the request (facts: aws 2.1, 2.2, 8.4).
import { randomBytes } from 'node:crypto';
import { stsError } from '../../sandbox/aws/refusal.ts';
import type { Account, Role } from '../../sandbox/aws/trust.ts';
import { both, obey, paste, quiet, setInput } from '../follow.ts';
import type { Row } from '../row.ts';
import { INPUTS, type Recorded, replaced, type Scene, scene } from '../scene.ts';

const HOST = 'token.actions.githubusercontent.com';
const MAIN = 'repo:octo-org/octo-repo:ref:refs/heads/main';
const GHES = 'https://github.example.com/_services/token';
const OLD = { iat: Math.floor(Date.now() / 1000) - 7200, exp: Math.floor(Date.now() / 1000) - 6900 };

const right = scene(INPUTS.aws);

function account(change: (account: Account) => Partial<Account>, base: Scene = right): Scene {
  const accounts = Object.entries(base.trust.aws.accounts).map(([id, one]) => [id, { ...one, ...change(one) }]);
  return { ...base, trust: { ...base.trust, aws: { accounts: Object.fromEntries(accounts) } } };
}
function role(change: Partial<Role>, base: Scene = right): Scene {
  return account(({ roles }) => ({ roles: { ...roles, deploy: { ...(roles.deploy as Role), ...change } } }), base);
}
/** A trust policy of one statement with these conditions. */
function conditions(block: object, base: Scene = right): Scene {
  const statement = {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${HOST}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: block,
  };
  return role({ trustPolicy: { Version: '2012-10-17', Statement: [statement] } }, base);
}
function subject(sub: string, base: Scene = right): Scene {
  return conditions({ StringEquals: { [`${HOST}:aud`]: 'sts.amazonaws.com', [`${HOST}:sub`]: sub } }, base);
}
function job(change: Partial<Scene['job']>): Scene {
  return { ...right, job: { ...right.job, ...change } };
}
function says(status: number, code: string, message: string): Scene {
  const answer: Recorded = {
    service: 'aws',
    operation: 'AssumeRoleWithWebIdentity',
    answer: stsError(status, code, message),
  };
  return { ...right, recorded: [answer] };
}
function input(name: string, value: string): Scene {
  return setInput(right, name, value);
}

const denied = { id: 'aws/trust-refused', played: 'trust document', fix: paste } as const;
const EMPTY = { ...right.trust.aws.accounts['123456789012'], oidcProviders: [], roles: {} } as Account;

export const ROWS: readonly Row[] = [
  {
    ...denied,
    mistake: 'The trust is for a branch, the job names an environment',
    source: 'aws 8.4',
    scene: job({ environment: 'production' }),
    cause: /names the environment production/,
  },
  {
    ...denied,
    mistake: 'The trust is for an environment, the job names none',
    source: 'aws 8.4',
    scene: subject('repo:octo-org/octo-repo:environment:production'),
    cause: /names no environment/,
  },
  {
    ...denied,
    mistake: 'The trust is for another branch',
    source: 'aws 8.4',
    scene: subject('repo:octo-org/octo-repo:ref:refs/heads/release'),
    cause: /runs on the branch main/,
  },
  {
    ...denied,
    mistake: 'The trust is for a branch, the job runs for a tag',
    source: 'aws 8.4',
    scene: job({ ref: 'refs/tags/v1' }),
    cause: /runs for the tag v1/,
  },
  {
    ...denied,
    mistake: 'The trust is for a branch, the job runs for a pull request',
    source: 'aws 8.4',
    scene: { ...right, event: pullRequest() },
    cause: /runs for a pull request/,
  },
  {
    ...denied,
    mistake: 'The trust has the classic subject, the token the immutable one',
    source: 'aws 8.2',
    scene: job({ immutableSubject: true }),
    cause: /immutable form/,
  },
  {
    ...denied,
    mistake: 'The trust has the immutable subject, the token the classic one',
    source: 'aws 8.2',
    scene: subject('repo:octo-org@583231/octo-repo@1296269:ref:refs/heads/main'),
    cause: /immutable form/,
  },
  {
    ...denied,
    mistake: 'Owner or repository in other upper and lower case (#318)',
    source: 'aws 8.4',
    scene: subject(MAIN.replace('octo-org', 'Octo-Org')),
    cause: /[Uu]pper and lower case/,
  },
  {
    ...denied,
    mistake: 'The trust says repo:github.com/OWNER/REPO (#721)',
    source: 'aws 8.4',
    scene: subject(MAIN.replace('octo-org', 'github.com/octo-org')),
    cause: /github\.com/,
  },
  {
    ...denied,
    mistake: 'A * under StringEquals',
    source: 'aws 8.4',
    scene: subject('repo:octo-org/octo-repo:*'),
    cause: /\* in the subject under StringEquals/,
  },
  {
    ...denied,
    mistake: 'The condition on aud asks for another audience',
    source: 'aws 8.4',
    scene: conditions({ StringEquals: { [`${HOST}:aud`]: 'https://github.com/octo-org', [`${HOST}:sub`]: MAIN } }),
    cause: /another audience/,
  },
  {
    ...denied,
    mistake: 'The repository was renamed (and so got the immutable subject)',
    source: 'github 2.2',
    scene: job({ repository: 'renamed', immutableSubject: true }),
    cause: /immutable form.*renamed|renamed.*immutable form/,
  },
  {
    ...denied,
    mistake: 'An organisation’s own subject template',
    source: 'github 2.3',
    scene: job({ subjectKeys: ['repository_owner', 'runner_environment'] }),
    cause: /template/,
  },
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
    mistake: 'The account has no provider',
    source: 'aws 2.2',
    played: 'trust document',
    scene: account(() => ({ oidcProviders: [] })),
    id: 'aws/provider-missing',
    cause: /has no OIDC provider for the issuer/,
    fix: paste,
  },
  {
    mistake: 'The provider was made with another issuer (GHES, an enterprise’s own)',
    source: 'aws 2.2',
    played: 'trust document',
    scene: replacedTrust(`https://${HOST}"`, `https://${HOST}/octo"`),
    id: 'aws/provider-missing',
    cause: /has no OIDC provider for the issuer/,
    fix: paste,
  },
  {
    mistake: 'Wrong account in the ARN',
    source: 'aws 2.2',
    played: 'inputs',
    scene: {
      ...input('aws-role-arn', 'arn:aws:iam::210987654321:role/deploy'),
      trust: { ...right.trust, aws: { accounts: { ...right.trust.aws.accounts, '210987654321': EMPTY } } },
    },
    id: 'aws/provider-missing',
    cause: /210987654321/,
    fix: obey(/Check that 210987654321, the account in (aws-role-arn)/, (at, name) =>
      setInput(at, name ?? '', INPUTS.aws['aws-role-arn']),
    ),
  },
  {
    mistake: 'The provider does not list the audience',
    source: 'aws 2.2',
    played: 'trust document',
    scene: account(() => ({ oidcProviders: [{ url: `https://${HOST}`, clientIds: ['https://github.com/octo-org'] }] })),
    id: 'aws/audience-refused',
    cause: /does not list the audience sts\.amazonaws\.com/,
    fix: paste,
  },
  {
    mistake: 'aws-audience is one that the provider does not list',
    source: 'aws 2.2',
    played: 'inputs',
    scene: input('aws-audience', 'sts.example.com'),
    id: 'aws/audience-refused',
    cause: /does not list the audience sts\.example\.com/,
    fix: both(paste),
  },
  {
    mistake: 'The issuer cannot be reached by AWS (GHES behind a firewall)',
    source: 'aws 2.2',
    played: 'trust document',
    scene: account(() => ({ oidcProviders: [{ url: GHES, clientIds: ['sts.amazonaws.com'] }] }), {
      ...right,
      claims: { iss: GHES },
    }),
    id: 'aws/keys-unreachable',
    cause: /could not get the keys of the issuer https:\/\/github\.example\.com/,
    fix: 'Whoever runs the server must make it public',
  },
  {
    mistake: 'AWS is throttled by GitHub’s keys, in a large matrix',
    source: 'aws 2.2',
    played: 'recorded answer',
    scene: says(
      400,
      'InvalidIdentityToken',
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    ),
    id: 'aws/keys-unreachable',
    cause: /could not get the keys/,
    fix: obey(/Run the job again/, quiet),
  },
  {
    mistake: 'AWS could not talk to the issuer',
    source: 'aws 2.1',
    played: 'recorded answer',
    scene: says(400, 'IDPCommunicationError', 'Could not reach the identity provider'),
    id: 'aws/keys-unreachable',
    cause: /could not reach the issuer/,
    fix: obey(/Run the job again/, quiet),
  },
  {
    mistake: 'The token is too old (clock of the GHES server)',
    source: 'aws 2.1',
    played: 'token',
    scene: { ...right, claims: OLD },
    id: 'aws/token-expired',
    cause: /too old/,
    fix: obey(/check the clock of the server/, ({ claims: _, ...at }) => at),
  },
  {
    mistake: 'The provider rejects a claim',
    source: 'aws 2.1',
    played: 'recorded answer',
    scene: says(403, 'IDPRejectedClaim', 'The identity provider reported that authentication failed.'),
    id: 'aws/token-refused',
    cause: /could not accept the identity token/,
    fix: "STS's own words are all there is",
  },
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

function pullRequest(): Scene['event'] {
  const repo = { full_name: 'octo-org/octo-repo' };
  return {
    name: 'pull_request',
    payload: { pull_request: { number: 7, head: { ref: 'x', repo }, base: { ref: 'main', repo } } },
  };
}
function policy(resource: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${resource}/*` }],
  });
}
function replacedTrust(from: string, to: string): Scene {
  return { ...right, trust: { ...right.trust, aws: replaced(right.trust.aws, from, to) } };
}
