import type { Claims } from '../../../src/core/claims.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { AwsRequest } from '../../../src/providers/aws/request.ts';
import { trust } from '../../../src/providers/aws/trust.ts';
import { pasted } from '../../literals/pasted.ts';
import { BRANCH, IMMUTABLE, PULL_REQUEST, UNTRUSTED } from '../../literals/presented.ts';

const REQUEST: AwsRequest = {
  roleArn: 'arn:aws:iam::123456789012:role/ci/deploy',
  accountId: '123456789012',
  region: 'eu-west-1',
  endpoint: 'https://sts.eu-west-1.amazonaws.com',
  audience: 'sts.amazonaws.com',
  duration: 3600,
  durationDemanded: false,
  policyArns: [],
  allowedAccountIds: [],
};
const HOST = 'token.actions.githubusercontent.com';

/** The JSON document among the lines. */
function policyOf(lines: readonly string[]) {
  return JSON.parse(lines.slice(lines.indexOf('{'), lines.indexOf('}') + 1).join('\n'));
}
function conditionOf(claims: Claims, request = REQUEST) {
  return policyOf(trust(request, claims)).Statement[0].Condition;
}

describe('the trust policy', () => {
  it('accepts this token by equality and no other', () => {
    expect(policyOf(trust(REQUEST, BRANCH))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${HOST}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${HOST}:aud`]: 'sts.amazonaws.com',
              [`${HOST}:sub`]: BRANCH.sub,
              [`${HOST}:repository_id`]: '456789',
              [`${HOST}:job_workflow_ref`]: BRANCH.job_workflow_ref,
            },
          },
        },
      ],
    });
  });

  it.each([
    ['an immutable subject, which holds it', IMMUTABLE, REQUEST, ['aud', 'sub', 'job_workflow_ref']],
    [
      'an issuer for which STS knows sub and aud alone',
      { ...BRANCH, iss: 'https://github.example.com/_services/token' },
      REQUEST,
    ],
    [
      'another partition',
      BRANCH,
      { ...REQUEST, roleArn: 'arn:aws-cn:iam::123456789012:role/deploy', region: 'cn-north-1' },
    ],
    ['a token without it', { iss: BRANCH.iss, sub: BRANCH.sub, aud: BRANCH.aud }, REQUEST],
  ])('leaves the repository id out for %s', (_, claims: Claims, request, keys = ['aud', 'sub']) => {
    const { StringEquals } = conditionOf(claims, request);
    expect(Object.keys(StringEquals).map((key) => key.split(':').at(-1))).toEqual(keys);
  });

  it.each([
    ['https://token.actions.githubusercontent.com/octo', `${HOST}/octo`],
    ['https://token.actions.corp.ghe.com', 'token.actions.corp.ghe.com'],
    ['https://github.example.com/_services/token', 'github.example.com/_services/token'],
  ])('names the provider of the issuer %s', (iss, host) => {
    const [statement] = policyOf(trust(REQUEST, { ...BRANCH, iss })).Statement;
    expect(statement.Principal.Federated).toBe(`arn:aws:iam::123456789012:oidc-provider/${host}`);
    expect(statement.Condition.StringEquals[`${host}:sub`]).toBe(BRANCH.sub);
  });

  it('stays in the partition of the role', () => {
    const request = { ...REQUEST, roleArn: 'arn:aws-us-gov:iam::123456789012:role/deploy' };
    expect(policyOf(trust(request, BRANCH)).Statement[0].Principal.Federated).toMatch(/^arn:aws-us-gov:iam::/);
  });

  it('says what the trust of a pull request lets in', () => {
    expect(trust(REQUEST, PULL_REQUEST).join()).toContain('every pull request');
  });
});

describe('the commands', () => {
  it('can be pasted', () => {
    const commands = trust(REQUEST, BRANCH).filter((line) => line.startsWith('aws '));
    expect(commands.map((line) => pasted('aws', [line]))).toEqual([
      ['iam', 'create-open-id-connect-provider', '--url', BRANCH.iss, '--client-id-list', 'sts.amazonaws.com'],
      [
        'iam',
        'add-client-id-to-open-id-connect-provider',
        '--open-id-connect-provider-arn',
        `arn:aws:iam::123456789012:oidc-provider/${HOST}`,
        '--client-id',
        'sts.amazonaws.com',
      ],
    ]);
  });
});

it.each(UNTRUSTED)('is not written for %s: one line says why', (_, claims) => {
  expect(trust(REQUEST, claims)).toEqual([expect.stringMatching(/^No trust is written for /)]);
});

describe('the two sides of a hop', () => {
  const GATE = 'arn:aws:iam::210987654321:role/ci/gate';
  const PROD = 'arn:aws:iam::333333333333:role/prod';
  const chain = {
    roleArns: [GATE, PROD],
    tags: [{ key: 'team', value: 'a' }],
    transitiveTagKeys: [],
    sourceIdentity: 'octocat',
    externalId: 'octo:1/x+',
  };
  const sides = (hop: number, claims: Claims = BRANCH, request: AwsRequest = { ...REQUEST, chain }) =>
    trust(request, claims, new Failure('aws/hop-refused', 'm', { hop }));

  it.each([
    [1, REQUEST.roleArn, GATE, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']],
    [2, GATE, PROD, ['sts:AssumeRole', 'sts:SetSourceIdentity']],
  ])('%i: the role trusts the one before by its name, which may do no more than that', (hop, by, role, actions) => {
    const lines = sides(hop);
    expect(policyOf(lines).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: by },
        Action: actions,
        Condition: { StringEquals: { 'sts:ExternalId': 'octo:1/x+' } },
      },
    ]);
    expect(policyOf(lines.slice(lines.indexOf('}') + 1)).Statement).toEqual([
      { Effect: 'Allow', Action: actions, Resource: role },
    ]);
  });

  it('hold no condition where no external id was given', () => {
    const { externalId: _, ...bare } = chain;
    expect(policyOf(sides(1, BRANCH, { ...REQUEST, chain: bare })).Statement[0]).not.toHaveProperty('Condition');
  });

  it('all follow the first role, where nothing has failed yet; where that one has, it stands alone', () => {
    const request = { ...REQUEST, chain };
    const heads = (lines: readonly string[]) => lines.filter((line) => /^(Trust policy|Permissions) of /.test(line));
    expect(heads(trust(request, BRANCH))).toHaveLength(5);
    expect(heads(trust(request, BRANCH, new Failure('aws/trust-refused', 'm')))).toHaveLength(1);
  });

  it.each(UNTRUSTED)('are not written for %s', (_, claims) => {
    expect(trust({ ...REQUEST, chain }, claims)).toEqual([expect.stringMatching(/^No trust is written for /)]);
    expect(sides(1, claims)).toEqual([expect.stringMatching(/^No trust is written for /)]);
  });
});
