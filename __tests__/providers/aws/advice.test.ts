import type { Claims } from '../../../src/core/claims.ts';
import { Failure } from '../../../src/core/failure.ts';
import { advise, TRUST_IDS } from '../../../src/providers/aws/advice.ts';
import type { AwsRequest } from '../../../src/providers/aws/request.ts';
import { trust } from '../../../src/providers/aws/trust.ts';
import { staysTame } from '../../literals/advice-law.ts';
import { BRANCH, ENVIRONMENT, IMMUTABLE, PULL_REQUEST, UNTRUSTED } from '../../literals/presented.ts';

const REQUEST: AwsRequest = {
  roleArn: 'arn:aws:iam::123456789012:role/ci/deploy',
  accountId: '123456789012',
  region: 'eu-west-1',
  endpoint: 'https://sts.eu-west-1.amazonaws.com',
  audience: 'sts.amazonaws.com',
  duration: 7200,
  durationDemanded: true,
  policyArns: [],
  allowedAccountIds: [],
};
const DENIED = { code: 'AccessDenied', said: 'Not authorized to perform sts:AssumeRoleWithWebIdentity', status: 403 };

const refused = (evidence: object) => new Failure('aws/refused', 'STS refused the session', evidence);
const advised = (evidence: object, claims: Claims = BRANCH, request = REQUEST) =>
  advise(refused(evidence), request, claims);
const causes = (claims: Claims, request = REQUEST) =>
  advised(DENIED, claims, request).fixes.filter((fix) => fix.startsWith('Possible cause'));

describe("AWS's refusals", () => {
  it.each([
    ['AccessDenied', DENIED.said, 'aws/trust-refused'],
    [
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
      'aws/provider-missing',
    ],
    ['InvalidIdentityToken', 'Incorrect token audience', 'aws/audience-refused'],
    [
      'InvalidIdentityToken',
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
      'aws/keys-unreachable',
    ],
    ['InvalidIdentityToken', 'something new', 'aws/token-refused'],
    ['IDPCommunicationError', '', 'aws/keys-unreachable'],
    ['IDPRejectedClaim', '', 'aws/token-refused'],
    ['ExpiredTokenException', 'Token expired', 'aws/token-expired'],
    ['PackedPolicyTooLarge', '', 'aws/policy-too-large'],
    ['MalformedPolicyDocument', '', 'aws/policy-malformed'],
    ['RegionDisabledException', '', 'aws/region-disabled'],
    [
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      'aws/duration-refused',
    ],
    ['ValidationError', 'Request ARN is invalid', 'aws/arn-refused'],
    ['ValidationError', "1 validation error detected: Value 'x' at 'roleSessionName'", 'aws/request-refused'],
    ['Throttling', 'Rate exceeded', 'aws/throttled'],
    ['ServiceUnavailable', '', 'aws/unavailable'],
  ])('%s "%s" is %s', (code, said, id) => {
    const failure = advised({ code, said, status: 400 });
    expect(failure.id).toBe(id);
    expect(failure.fixes.length).toBeGreaterThan(0);
    expect(failure.evidence).toMatchObject({ code, status: 400 });
  });

  it('keep an id that it does not know, and gain a general fix', () => {
    const failure = advised({ code: 'SomethingNew', status: 400 });
    expect(failure.id).toBe('aws/refused');
    expect(failure.fixes).toHaveLength(1);
  });

  it.each(['aws/unreachable', 'aws/bad-answer', 'aws/wrong-account'])('leave %s as it is', (id) => {
    const failure = new Failure(id, 'm', DENIED, ['its own fix']);
    expect(advise(failure, REQUEST, BRANCH)).toBe(failure);
  });

  it('name the role, the account and how to look', () => {
    const failure = advised(DENIED);
    expect(failure.message).toContain('deploy in account 123456789012');
    expect(failure.fixes[0]).toContain('aws iam get-role --role-name deploy --query');
    expect(failure.fixes[1]).toContain(BRANCH.sub);
  });
});

describe('AccessDenied', () => {
  it.each([
    ['an environment', ENVIRONMENT, 'environment production'],
    ['a pull request', PULL_REQUEST, 'pull request'],
    ['the immutable subject', IMMUTABLE, 'immutable form'],
  ])('is first of all explained by %s', (_, claims, words) => expect(causes(claims)[0]).toContain(words));

  it('numbers all that is possible, the likeliest first', () => {
    const found = causes(BRANCH);
    expect(found.length).toBeGreaterThanOrEqual(6);
    found.forEach((line, i) => {
      expect(line).toMatch(`Possible cause ${i + 1} of ${found.length}: `);
    });
  });

  it.each([
    ['another audience than usual', { audience: 'custom' }, 'another audience'],
    ['a session name of its own', { sessionName: 'nightly' }, 'sts:RoleSessionName'],
    ['a VPC endpoint', { endpoint: 'https://vpce-1.sts.eu-west-1.vpce.amazonaws.com' }, 'VPC endpoint'],
  ])('ranks a cause higher with %s', (_, change, words) => {
    const position = (request: AwsRequest) => causes(BRANCH, request).findIndex((line) => line.includes(words));
    const usual = position(REQUEST);
    expect(position({ ...REQUEST, ...change })).toBeLessThan(usual === -1 ? 99 : usual);
    expect(position({ ...REQUEST, ...change })).toBeGreaterThanOrEqual(0);
  });

  it('ranks the provider first for an issuer of an enterprise', () => {
    const claims = { ...BRANCH, iss: 'https://token.actions.githubusercontent.com/octo' };
    expect(causes(claims)[0]).toContain('oidc-provider/token.actions.githubusercontent.com/octo');
  });

  it('does not speak of a role name that is no trouble', () => {
    expect(causes(BRANCH).join()).not.toContain('GitHubActions');
    const named = { ...REQUEST, roleArn: 'arn:aws:iam::123456789012:role/GitHubActions' };
    expect(causes(BRANCH, named).join()).toContain('is named GitHubActions');
  });

  it('is one that a trust policy mends', () => expect(TRUST_IDS.has(advised(DENIED).id)).toBe(true));
});

describe('keys that AWS could not get', () => {
  const KEYS = { code: 'InvalidIdentityToken', said: "Couldn't retrieve verification key from your identity provider" };

  it('pass by themselves with github.com', () => expect(advised(KEYS).fixes[0]).toContain('Run the job again'));

  it('are to be published with a server of ones own', () => {
    const claims = { ...BRANCH, iss: 'https://github.example.com/_services/token' };
    expect(advised(KEYS, claims).fixes.join()).toContain('reachable from the internet');
  });
});

it('holds no command and no token, whatever was planted', () => {
  staysTame({ advise, trust, TRUST_IDS }, REQUEST, [
    { id: 'aws/refused', ...DENIED },
    { id: 'aws/refused', code: 'InvalidIdentityToken', said: 'No OpenIDConnect provider found' },
    { id: 'aws/refused', code: 'IDPCommunicationError' },
    { id: 'aws/refused', code: 'SomethingNew' },
  ]);
});

describe('a refused hop', () => {
  const chain = {
    roleArns: ['arn:aws:iam::210987654321:role/gate', 'arn:aws:iam::333333333333:role/prod'],
    tags: [{ key: 'team', value: 'a' }],
    transitiveTagKeys: ['team'],
    sourceIdentity: 'octocat',
  };
  const CHAINED: AwsRequest = { ...REQUEST, chain };
  const not = (action: string) =>
    `User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: ${action} on resource: x`;

  it.each([
    ['AccessDenied', not('sts:AssumeRole'), 'aws/hop-refused'],
    ['AccessDenied', not('sts:TagSession'), 'aws/hop-tags-refused'],
    ['AccessDenied', not('sts:SetSourceIdentity'), 'aws/hop-identity-refused'],
    ['InvalidParameterValue', 'Duplicate tag keys found.', 'aws/hop-tags-invalid'],
    ['SignatureDoesNotMatch', 'Signature expired', 'aws/hop-unsigned'],
    ['InvalidClientTokenId', 'The security token included in the request is invalid.', 'aws/hop-unsigned'],
    ['ExpiredToken', 'The security token included in the request is expired', 'aws/hop-unsigned'],
    ['PackedPolicyTooLarge', 'Packed size of session tags consumes 133% of allotted space.', 'aws/policy-too-large'],
    ['PackedPolicyTooLarge', 'Packed policy consumes 133% of allotted space', 'aws/policy-too-large'],
    ['MalformedPolicyDocument', '', 'aws/policy-malformed'],
    [
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      'aws/duration-refused',
    ],
    ['ValidationError', 'Request ARN is invalid', 'aws/arn-refused'],
    ['RegionDisabledException', '', 'aws/region-disabled'],
    ['Throttling', 'Rate exceeded', 'aws/throttled'],
  ])('%s "%s" is %s', (code, said, id) => {
    const failure = advised({ code, said, status: 400, hop: 2 }, BRANCH, CHAINED);
    expect(failure.id).toBe(id);
    expect(failure.fixes.length).toBeGreaterThan(0);
  });

  it.each([
    [1, 'hop 1 of 2', 'gate in account 210987654321', 'deploy in account 123456789012'],
    [2, 'hop 2 of 2', 'prod in account 333333333333', 'gate in account 210987654321'],
  ])('%i is named with its role, the role before it, and what must be allowed', (hop, which, role, by) => {
    const failure = advised({ code: 'AccessDenied', said: not('sts:AssumeRole'), hop }, BRANCH, CHAINED);
    expect(failure.message).toContain(which);
    expect(failure.message).toContain(role);
    expect(failure.fixes[0]).toBe(
      `Let the trust policy of ${role} allow sts:AssumeRole, sts:TagSession, sts:SetSourceIdentity to ${by}.`,
    );
    expect(TRUST_IDS.has(failure.id)).toBe(true);
  });

  it.each([
    ['because no identity-based policy allows the sts:AssumeRole action', 'has no permission'],
    ['with an explicit deny in a service control policy', 'a control policy of the organisation'],
    ['because no permissions boundary allows the sts:AssumeRole action', 'a permissions boundary'],
    ['', 'does not name'],
  ])('is first of all explained by what STS adds: %s', (added, words) => {
    const said = `${not('sts:AssumeRole')} ${added}`;
    expect(advised({ code: 'AccessDenied', said, hop: 1 }, BRANCH, CHAINED).fixes[1]).toContain(words);
  });

  it('is told of its own role where the rule is one of all roles', () => {
    expect(advised({ code: 'RegionDisabledException', hop: 2 }, BRANCH, CHAINED).message).toContain('333333333333');
  });

  it('keeps an id that it does not know, and gains a general fix', () => {
    const failure = advised({ code: 'SomethingNew', hop: 1 }, BRANCH, CHAINED);
    expect(failure.id).toBe('aws/refused');
    expect(failure.fixes).toHaveLength(1);
  });

  it.each(UNTRUSTED)('allows nobody anything for %s', (_, claims) => {
    const failure = advised({ code: 'AccessDenied', said: not('sts:AssumeRole'), hop: 1 }, claims, CHAINED);
    expect(failure.fixes.join()).not.toMatch(/Let the trust policy/);
  });

  it('holds no command and no token, whatever was planted', () => {
    const long = `arn:aws:iam::210987654321:role/${'p'.repeat(400)}/gate`;
    const planted = { ...CHAINED, chain: { ...chain, roleArns: [long, long] } };
    const denied = { id: 'aws/refused', code: 'AccessDenied', hop: 1 };
    staysTame({ advise, trust, TRUST_IDS }, planted, [denied, { ...denied, hop: 2, said: 'sts:TagSession' }]);
  });
});
