import { callTo, FORM, mint, postForm, strangerKey } from '../test-issuer.ts';
import { DEPLOY, type Fields, incompressible, outcome, read, STS, startAws, statements, withRoles } from './account.ts';

const DENIED = '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity';
const NO_PROVIDER = (issuer: string) =>
  `400 InvalidIdentityToken: No OpenIDConnect provider found in your account for ${issuer}`;
const NO_KEY =
  "400 InvalidIdentityToken: Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements";
const NOT_VALIDATED =
  '400 InvalidIdentityToken: The web identity token that was passed could not be validated by AWS. Get a new identity token from the identity provider and then retry the request.';
const GITHUB = 'https://token.actions.githubusercontent.com';
const violation = (text: string) => `400 ValidationError: 1 validation error detected: ${text}`;

describe('a right request', () => {
  it('is answered with a session that STS, S3 and the ledger know', async () => {
    const aws = startAws();
    const { status, headers, body } = await aws.federate({ DurationSeconds: '900' });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'text/xml', 'x-amzn-requestid': read(body, 'RequestId') });
    expect(body).toContain('<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">');
    expect(read(body, 'SubjectFromWebIdentityToken')).toBe('repo:octo-org/octo-repo:ref:refs/heads/main');
    expect(read(body, 'Audience')).toBe('sts.amazonaws.com');
    expect(read(body, 'Provider')).toBe('arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com');
    expect(read(body, 'Arn')).toBe('arn:aws:sts::123456789012:assumed-role/deploy/gh-1');
    expect(read(body, 'AssumedRoleId')).toMatch(/^AROA[A-Z0-9]{17}:gh-1$/);
    expect(read(body, 'AccessKeyId')).toMatch(/^ASIA[A-Z0-9]{16}$/);
    expect(read(body, 'SecretAccessKey')).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(read(body, 'Expiration')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Math.round((Date.parse(read(body, 'Expiration')) - aws.clock.now()) / 1000)).toBeGreaterThan(897);
    expect(body).not.toContain('PackedPolicySize');
    expect(aws.ledger.living('aws')).toMatchObject([
      {
        kind: 'session',
        holder: 'arn:aws:sts::123456789012:assumed-role/deploy/gh-1',
        revocable: false,
        secrets: [read(body, 'SecretAccessKey'), read(body, 'SessionToken')],
      },
    ]);
    aws.clock.advance(901_000);
    expect(aws.ledger.living('aws')).toEqual([]);
  });

  it.each<[string, Fields]>([
    ['the longest session of the role', { DurationSeconds: '43200' }],
    ['a duration with a sign and a zero', { DurationSeconds: '+0900' }],
    ['the shortest name', { RoleSessionName: 'ab' }],
    ['the longest name', { RoleSessionName: 'a'.repeat(64) }],
    ['every character that a name may have', { RoleSessionName: 'aZ09_+=,.@-' }],
    ['an unknown parameter', { Unknown: 'x' }],
    ['a managed session policy', { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    [
      'an inline session policy',
      { Policy: JSON.stringify(statements({ Effect: 'Allow', Action: '*', Resource: '*' })) },
    ],
  ])('%s', async (_what, fields) => {
    expect(outcome(await startAws().federate(fields))).toBe('200');
  });
});

describe('tokens', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['another branch', { sub: 'repo:octo-org/octo-repo:ref:refs/heads/dev' }, DENIED],
    ['an environment in place of a branch', { sub: 'repo:octo-org/octo-repo:environment:production' }, DENIED],
    ['a pull request', { sub: 'repo:octo-org/octo-repo:pull_request' }, DENIED],
    [
      'the immutable subject where the classic one is trusted',
      { sub: 'repo:octo-org@583231/octo-repo@1296269:ref:refs/heads/main' },
      DENIED,
    ],
    ['another case', { sub: 'repo:Octo-Org/octo-repo:ref:refs/heads/main' }, DENIED],
    ['a wildcard as a subject', { sub: 'repo:octo-org/octo-repo:*' }, DENIED],
    ['another audience', { aud: 'https://github.com/octo-org' }, '400 InvalidIdentityToken: Incorrect token audience'],
    [
      'an audience that only begins so',
      { aud: 'sts.amazonaws.com.evil' },
      '400 InvalidIdentityToken: Incorrect token audience',
    ],
    [
      'an issuer that the account does not know',
      { iss: 'https://token.actions.example.ghe.com' },
      NO_PROVIDER('https://token.actions.example.ghe.com'),
    ],
    ['an issuer below the known one', { iss: `${GITHUB}/octo` }, NO_PROVIDER(`${GITHUB}/octo`)],
    ['no subject', { sub: undefined }, '400 InvalidIdentityToken: Missing a required claim: sub'],
    ['no audience', { aud: undefined }, '400 InvalidIdentityToken: Missing a required claim: aud'],
    ['no end', { exp: undefined }, '400 InvalidIdentityToken: Missing a required claim: exp'],
  ])('%s', async (_what, claims, expected) => {
    const aws = startAws();
    expect(outcome(await aws.federate({ WebIdentityToken: aws.token(claims) }))).toBe(expected);
    expect(aws.ledger.all('aws')).toEqual([]);
  });

  it('one of several audiences is enough', async () => {
    const aws = startAws();
    const token = aws.token({ aud: ['other', 'sts.amazonaws.com'] });
    expect(outcome(await aws.federate({ WebIdentityToken: token }))).toBe('200');
  });

  it('an expired token is told apart', async () => {
    const aws = startAws();
    const token = aws.token();
    aws.clock.advance(300_000);
    expect(outcome(await aws.federate({ WebIdentityToken: token }))).toMatch(
      /^400 ExpiredTokenException: Token expired: current date\/time \d+ must be before the expiration date\/time \d+$/,
    );
  });

  it.each<[string, (aws: ReturnType<typeof startAws>) => string, string]>([
    ['a token that is not valid yet', (aws) => aws.token({ nbf: aws.clock.seconds() + 60 }), NOT_VALIDATED],
    ['another key', (aws) => mint(aws.clock, { aud: 'sts.amazonaws.com' }, { key: strangerKey }), NOT_VALIDATED],
    [
      'a key that the issuer does not publish',
      (aws) => mint(aws.clock, { aud: 'sts.amazonaws.com' }, { header: { kid: 'nobody' } }),
      NO_KEY,
    ],
    [
      'no algorithm',
      (aws) => mint(aws.clock, { aud: 'sts.amazonaws.com' }, { header: { alg: 'none' } }),
      NOT_VALIDATED,
    ],
    [
      'a symmetric algorithm',
      (aws) => mint(aws.clock, { aud: 'sts.amazonaws.com' }, { header: { alg: 'HS256' } }),
      NOT_VALIDATED,
    ],
    [
      'a payload of another token',
      (aws) => swapped(aws.token({ sub: 'repo:octo-org/evil:ref:refs/heads/main' }), aws.token()),
      NOT_VALIDATED,
    ],
    ['no signature', (aws) => `${aws.token().split('.').slice(0, 2).join('.')}.`, NOT_VALIDATED],
    [
      'two parts',
      (aws) => aws.token().split('.').slice(0, 2).join('.'),
      '400 InvalidIdentityToken: The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    ],
    [
      'no JWT',
      () => 'gho_abcdefghijkl',
      '400 InvalidIdentityToken: The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    ],
  ])('%s', async (_what, token, expected) => {
    const aws = startAws();
    expect(outcome(await aws.federate({ WebIdentityToken: token(aws) }))).toBe(expected);
  });
});

/** The header and signature of `token` around the payload of `other`. */
function swapped(other: string, token: string): string {
  const [header, , signature] = token.split('.');
  return [header, other.split('.')[1], signature].join('.');
}

describe('parameters', () => {
  it.each<[string, Fields, string]>([
    [
      'no role',
      { RoleArn: undefined },
      violation("Value null at 'roleArn' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'no name',
      { RoleSessionName: undefined },
      violation("Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'no token',
      { WebIdentityToken: undefined },
      violation("Value null at 'webIdentityToken' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'a short role',
      { RoleArn: 'deploy' },
      violation(
        "Value 'deploy' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
      ),
    ],
    ['no ARN', { RoleArn: 'x'.repeat(20) }, `400 ValidationError: ${'x'.repeat(20)} is invalid`],
    [
      'the ARN of a user',
      { RoleArn: 'arn:aws:iam::123456789012:user/deploy' },
      '400 ValidationError: Request ARN is invalid',
    ],
    [
      'an account of eleven digits',
      { RoleArn: 'arn:aws:iam::12345678901:role/deploy' },
      '400 ValidationError: Request ARN is invalid',
    ],
    [
      'a name of one character',
      { RoleSessionName: 'a' },
      violation(
        "Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
      ),
    ],
    [
      'a name of 65',
      { RoleSessionName: 'a'.repeat(65) },
      violation(
        `Value '${'a'.repeat(65)}' at 'roleSessionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
      ),
    ],
    [
      'a name with a slash',
      { RoleSessionName: 'gh/1' },
      violation(
        "Value 'gh/1' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
      ),
    ],
    [
      'a name with a space',
      { RoleSessionName: 'gh 1' },
      violation(
        "Value 'gh 1' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
      ),
    ],
    [
      '899 seconds',
      { DurationSeconds: '899' },
      violation(
        "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
      ),
    ],
    [
      '43201 seconds',
      { DurationSeconds: '43201' },
      violation(
        "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
      ),
    ],
    ['seconds in words', { DurationSeconds: '1h' }, '400 MalformedInput: '],
    ['seconds with a fraction', { DurationSeconds: '900.0' }, '400 MalformedInput: '],
    ['seconds beyond 32 bits', { DurationSeconds: '2147483648' }, '400 MalformedInput: '],
    ['no seconds', { DurationSeconds: '' }, '400 MalformedInput: missing value for decimal type'],
    [
      'an OAuth provider',
      { ProviderId: 'www.amazon.com' },
      '400 ValidationError: ProviderId is only for OAuth 2.0 access tokens of www.amazon.com and graph.facebook.com.',
    ],
    [
      'a long policy',
      { Policy: ' '.repeat(2049) },
      violation(
        `Value '${' '.repeat(2049)}' at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048`,
      ),
    ],
  ])('%s', async (_what, fields, expected) => {
    expect(outcome(await startAws().federate(fields))).toBe(expected);
  });

  it('names everything that is wrong at once', async () => {
    const answer = outcome(
      await startAws().federate({ RoleArn: undefined, RoleSessionName: '/', DurationSeconds: '1' }),
    );
    expect(answer).toContain('4 validation errors detected: ');
    expect(answer.split('; ')).toHaveLength(4);
  });

  it('does not repeat a token that is too long', async () => {
    const answer = outcome(await startAws().federate({ WebIdentityToken: 'x'.repeat(20_001) }));
    expect(answer).toBe(
      violation(
        "Value at 'webIdentityToken' failed to satisfy constraint: Member must have length less than or equal to 20000",
      ),
    );
  });

  it('refuses more than ten policies', async () => {
    const arns = Array.from({ length: 11 }, (_, i) => [
      `PolicyArns.member.${i + 1}.arn`,
      'arn:aws:iam::aws:policy/ReadOnlyAccess',
    ]);
    expect(outcome(await startAws().federate(Object.fromEntries(arns)))).toContain(
      'Member must have length less than or equal to 10',
    );
  });
});

describe('roles', () => {
  const other = (fields: Fields, trust = withRoles({})) => startAws(trust).federate(fields);

  it.each<[string, Fields, string]>([
    ['one that does not exist', { RoleArn: 'arn:aws:iam::123456789012:role/nobody' }, DENIED],
    ['one in another case', { RoleArn: 'arn:aws:iam::123456789012:role/Deploy' }, DENIED],
    ['one with a path that it does not have', { RoleArn: 'arn:aws:iam::123456789012:role/ci/deploy' }, DENIED],
    ['one named like a property of every object', { RoleArn: 'arn:aws:iam::123456789012:role/constructor' }, DENIED],
    ['one that trusts only sessions', { RoleArn: 'arn:aws:iam::123456789012:role/release' }, DENIED],
    [
      'one of an account that does not exist',
      { RoleArn: 'arn:aws:iam::999999999999:role/deploy' },
      NO_PROVIDER(GITHUB),
    ],
    ['one of another partition', { RoleArn: 'arn:aws-cn:iam::123456789012:role/deploy' }, NO_PROVIDER(GITHUB)],
  ])('%s', async (_what, fields, expected) => {
    expect(outcome(await other(fields))).toBe(expected);
  });

  it('one with a path is found by it, and its sessions are named without', async () => {
    const trustPolicy = trustOf({
      StringEquals: { 'token.actions.githubusercontent.com:sub': 'repo:octo-org/octo-repo:ref:refs/heads/main' },
    });
    const trust = withRoles({ build: { id: 'AROABUILDOCTOREPO0001', path: '/ci/', trustPolicy } });
    const answer = await startAws(trust).federate({ RoleArn: 'arn:aws:iam::123456789012:role/ci/build' });
    expect(read(answer.body, 'Arn')).toBe('arn:aws:sts::123456789012:assumed-role/build/gh-1');
    expect(outcome(await startAws(trust).federate({ RoleArn: 'arn:aws:iam::123456789012:role/build' }))).toBe(DENIED);
  });

  it('gives no session longer than the role allows', async () => {
    const trust = withRoles({ build: { id: 'AROABUILDOCTOREPO0001', trustPolicy: trustOf({}) } });
    const ask = (DurationSeconds: string) =>
      startAws(trust).federate({ RoleArn: 'arn:aws:iam::123456789012:role/build', DurationSeconds });
    expect(outcome(await ask('3600'))).toBe('200');
    expect(outcome(await ask('3601'))).toBe(
      '400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  });
});

function trustOf(Condition: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return statements({
    Effect: 'Allow',
    Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition,
    ...more,
  });
}

describe('trust', () => {
  const key = (name: string) => `token.actions.githubusercontent.com:${name}`;
  const ALLOWED = '200';

  it.each<[string, ReturnType<typeof trustOf>, string]>([
    [
      'ids of repository and owner',
      trustOf({ StringEquals: { [key('repository_id')]: '1296269', [key('repository_owner_id')]: '583231' } }),
      ALLOWED,
    ],
    ['another repository id', trustOf({ StringEquals: { [key('repository_id')]: '1' } }), DENIED],
    [
      'the workflow that holds the job',
      trustOf({
        StringEquals: { [key('job_workflow_ref')]: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main' },
      }),
      ALLOWED,
    ],
    [
      'one of two subjects',
      trustOf({
        StringEquals: { [key('sub')]: ['repo:o/r:pull_request', 'repo:octo-org/octo-repo:ref:refs/heads/main'] },
      }),
      ALLOWED,
    ],
    ['a wildcard where none works', trustOf({ StringEquals: { [key('sub')]: 'repo:octo-org/octo-repo:*' } }), DENIED],
    ['a wildcard where one works', trustOf({ StringLike: { [key('sub')]: 'repo:octo-org/octo-repo:*' } }), ALLOWED],
    [
      'a key in another case',
      trustOf({
        StringEquals: { 'TOKEN.actions.githubusercontent.com:SUB': 'repo:octo-org/octo-repo:ref:refs/heads/main' },
      }),
      ALLOWED,
    ],
    ['a claim that is no condition key', trustOf({ StringEquals: { [key('run_id')]: '1' } }), DENIED],
    ['a misspelt key', trustOf({ StringEquals: { [key('subject')]: 'x' } }), DENIED],
    [
      'the popular mistake: ForAllValues of a key that is not there',
      trustOf({ 'ForAllValues:StringEquals': { [key('subject')]: 'x' } }),
      ALLOWED,
    ],
    [
      'an audience of the role that the token does not have',
      trustOf({ StringEquals: { [key('aud')]: 'other' } }),
      DENIED,
    ],
    ['a session name', trustOf({ StringLike: { 'sts:RoleSessionName': 'gh-*' } }), ALLOWED],
    ['another session name', trustOf({ StringLike: { 'sts:RoleSessionName': 'ci-*' } }), DENIED],
    ['no condition', trustOf({}), ALLOWED],
    [
      'another provider',
      trustOf({}, { Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/gitlab.com' } }),
      DENIED,
    ],
    ['a wildcard of actions', trustOf({}, { Action: 'sts:AssumeRoleWith*' }), ALLOWED],
    ['an action in another case', trustOf({}, { Action: 'STS:assumerolewithwebidentity' }), ALLOWED],
    ['another action', trustOf({}, { Action: 'sts:AssumeRole' }), DENIED],
    ['a document that IAM would not have stored', trustOf({}, { Effect: 'allow' }), DENIED],
    ['the time', trustOf({ DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }), DENIED],
  ])('%s', async (_what, trustPolicy, expected) => {
    const aws = startAws(withRoles({ deploy: { id: 'AROADEPLOYOCTOREPO001', trustPolicy } }));
    expect(outcome(await aws.federate())).toBe(expected);
  });

  it('a Deny wins over an Allow', async () => {
    const [federated] = ['arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com'];
    const rule = { Principal: { Federated: federated }, Action: 'sts:AssumeRoleWithWebIdentity' };
    const trustPolicy = statements(
      { ...rule, Effect: 'Allow' },
      { ...rule, Effect: 'Deny', Condition: { StringEquals: { [key('ref')]: 'refs/heads/main' } } },
    );
    expect(outcome(await startAws(withRoles({ deploy: { id: 'A', trustPolicy } })).federate())).toBe(DENIED);
  });

  it('is read at each request', async () => {
    const aws = startAws();
    expect(outcome(await aws.federate())).toBe('200');
    aws.setTrust({ accounts: {} });
    expect(outcome(await aws.federate())).toBe(NO_PROVIDER(GITHUB));
  });
});

describe('session policies', () => {
  const allow = { Effect: 'Allow', Action: 's3:*', Resource: '*' };

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'This policy contains invalid Json'],
    ['a list', '[]', 'This policy contains invalid Json'],
    [
      'an unknown version',
      { Version: '2020-01-01', Statement: [allow] },
      'Policy document must be version 2012-10-17 or greater.',
    ],
    ['no statement', { Version: '2012-10-17', Statement: [] }, 'Syntax errors in policy.'],
    ['a principal', statements({ ...allow, Principal: '*' }), 'Policy document should not specify a principal.'],
    ['an effect in lower case', statements({ ...allow, Effect: 'allow' }), 'Invalid effect: allow'],
    ['no action', statements({ Effect: 'Allow', Resource: '*' }), 'Missing required field Action'],
    ['no resource', statements({ Effect: 'Allow', Action: '*' }), 'Missing required field Resource'],
    [
      'an action without its service',
      statements({ ...allow, Action: 'ListBuckets' }),
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [
      'a resource that is no ARN',
      statements({ ...allow, Resource: 'bucket' }),
      'Resource bucket must be in ARN format or "*".',
    ],
    [
      'an unknown operator',
      statements({ ...allow, Condition: { StringIs: { a: 'b' } } }),
      'Invalid Condition type : StringIs.',
    ],
    ['an unknown field', statements({ ...allow, Conditions: {} }), 'Syntax errors in policy.'],
    [
      'one id for two statements',
      statements({ ...allow, Sid: 'a' }, { ...allow, Sid: 'a' }),
      'Statement IDs (SID) in a single policy must be unique.',
    ],
  ])('%s', async (_what, policy, message) => {
    const Policy = typeof policy === 'string' ? policy : JSON.stringify(policy);
    expect(outcome(await startAws().federate({ Policy }))).toBe(`400 MalformedPolicyDocument: ${message}`);
  });

  it('says how much of the packed size they take', async () => {
    const answer = await startAws().federate({ Policy: JSON.stringify(statements(allow)) });
    expect(Number(read(answer.body, 'PackedPolicySize'))).toBeGreaterThan(0);
  });

  it('refuses what is too large when packed, though its text is not', async () => {
    const noise = incompressible(1800);
    const answer = outcome(await startAws().federate({ Policy: JSON.stringify(statements({ ...allow, Sid: noise })) }));
    expect(answer).toMatch(
      /^400 PackedPolicyTooLarge: Packed policy consumes \d{3}% of allotted space, please use smaller policy\.$/,
    );
  });

  it('refuses an ARN that names no policy', async () => {
    const arn = 'arn:aws:iam::123456789012:policy/none';
    expect(outcome(await startAws().federate({ 'PolicyArns.member.1.arn': arn }))).toBe(
      `400 ValidationError: Policy ${arn} does not exist or is not attachable.`,
    );
  });
});

describe('the protocol', () => {
  const fields = { Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15' };
  const FAULT = 'http://webservices.amazon.com/AWSFault/2005-15-09';

  it.each<[string, Fields, string]>([
    [
      'an unknown action',
      { Action: 'RevokeSession' },
      '400 InvalidAction: Could not find operation RevokeSession for version 2011-06-15',
    ],
    [
      'an action in another case',
      { Action: 'assumerolewithwebidentity' },
      '400 InvalidAction: Could not find operation assumerolewithwebidentity for version 2011-06-15',
    ],
    [
      'no version',
      { Version: undefined },
      '400 InvalidAction: Could not find operation AssumeRoleWithWebIdentity for version NO_VERSION_SPECIFIED',
    ],
    [
      'another version',
      { Version: '2010-05-08' },
      '400 InvalidAction: Could not find operation AssumeRoleWithWebIdentity for version 2010-05-08',
    ],
  ])('%s', async (_what, more, expected) => {
    const answer = await startAws().answer(postForm(STS, { ...fields, ...more }));
    expect(outcome(answer)).toBe(expected);
    expect(answer.body).toContain(FAULT);
  });

  it.each([
    ['no action', postForm(STS, { Version: '2011-06-15' })],
    ['no form', { ...postForm(STS, fields), headers: {} }],
    ['JSON', { ...postForm(STS, fields), headers: { 'content-type': 'application/json' } }],
    ['GET of nothing', callTo(STS)],
  ])('%s leads to the product page, as on the real host', async (_what, call) => {
    const answer = await startAws().answer(call);
    expect(answer).toMatchObject({ status: 302, headers: { location: 'https://aws.amazon.com/iam' } });
  });

  it('takes no token in a URL', async () => {
    const query = new URLSearchParams({ ...fields, RoleArn: DEPLOY, RoleSessionName: 'gh-1', WebIdentityToken: 'x' });
    expect((await startAws().answer(callTo(`${STS}?${query}`))).status).toBe(405);
  });

  it('takes the first of parameters that are repeated', async () => {
    const aws = startAws();
    const call = postForm(STS, { ...fields, RoleArn: DEPLOY, RoleSessionName: 'gh-1', WebIdentityToken: aws.token() });
    const answer = await aws.answer({ ...call, body: `${call.body}&RoleArn=nothing`, headers: FORM });
    expect(outcome(answer)).toBe('200');
  });
});
