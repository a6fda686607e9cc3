import { defaultAwsTrust } from '../../../sandbox/aws/trust.ts';
import { postForm } from '../test-issuer.ts';
import {
  type Fields,
  incompressible,
  type Keys,
  keysOf,
  outcome,
  RELEASE,
  read,
  type Signing,
  STS,
  sign,
  startAws,
  statements,
  withRoles,
} from './account.ts';

const IDENTITY = { Action: 'GetCallerIdentity' };
const MISMATCH =
  '403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const UNKNOWN = '403 InvalidClientTokenId: The security token included in the request is invalid.';
const REGION = 'Credential should be scoped to a valid region. ';
const SERVICE = "Credential should be scoped to correct service: 'sts'. ";
const QUARTER = 15 * 60_000;

describe('GetCallerIdentity', () => {
  it('says who a session is', async () => {
    const aws = startAws();
    const { status, body } = await aws.signed(await aws.session(), IDENTITY);
    expect(status).toBe(200);
    expect(read(body, 'Arn')).toBe('arn:aws:sts::123456789012:assumed-role/deploy/gh-1');
    expect(read(body, 'UserId')).toBe('AROADEPLOYOCTOREPO001:gh-1');
    expect(read(body, 'Account')).toBe('123456789012');
  });

  it('answers even where a policy denies everything', async () => {
    const aws = startAws();
    const Policy = JSON.stringify(statements({ Effect: 'Deny', Action: '*', Resource: '*' }));
    expect(outcome(await aws.signed(await aws.session({ Policy }), IDENTITY))).toBe('200');
  });

  it('refuses an unsigned call', async () => {
    const answer = await startAws().answer(postForm(STS, { ...IDENTITY, Version: '2011-06-15' }));
    expect(outcome(answer)).toBe('403 MissingAuthenticationToken: Request is missing Authentication Token');
  });

  it('refuses an expired session', async () => {
    const aws = startAws();
    const keys = await aws.session({ DurationSeconds: '900' });
    aws.clock.advance(900_000);
    expect(outcome(await aws.signed(keys, IDENTITY))).toBe(
      '403 ExpiredToken: The security token included in the request is expired',
    );
  });
});

describe('signatures', () => {
  const other = (keys: Keys, more: Partial<Keys>): Keys => ({ ...keys, ...more });

  it.each<[string, (keys: Keys) => Keys, string]>([
    ['another secret', (keys) => other(keys, { secretKey: 'x'.repeat(40) }), MISMATCH],
    ['a secret with a space at its end', (keys) => other(keys, { secretKey: `${keys.secretKey} ` }), MISMATCH],
    ['an unknown key', (keys) => other(keys, { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' }), UNKNOWN],
    ['another token', (keys) => other(keys, { token: `${keys.token.slice(0, -1)}x` }), UNKNOWN],
    ['an empty token', (keys) => other(keys, { token: '' }), UNKNOWN],
  ])('%s', async (_what, change, expected) => {
    const aws = startAws();
    expect(outcome(await aws.signed(change(await aws.session()), IDENTITY))).toBe(expected);
  });

  it.each<[string, Partial<Signing>, string]>([
    ['no token', { withoutToken: true }, UNKNOWN],
    ['another region', { region: 'us-east-1' }, `403 SignatureDoesNotMatch: ${REGION}`],
    ['another service', { service: 'iam' }, `403 SignatureDoesNotMatch: ${SERVICE}`],
    ['both', { region: 'us-east-1', service: 'iam' }, `403 SignatureDoesNotMatch: ${REGION}${SERVICE}`],
    [
      'another terminator',
      { terminator: 'aws4' },
      "403 SignatureDoesNotMatch: Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'. ",
    ],
    [
      'host not signed',
      { signedHeaders: ['content-type', 'x-amz-date'] },
      "403 SignatureDoesNotMatch: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    ],
    ['another body than was signed', { tamper: ({ body }) => ({ body: `${body}&x=1` }) }, MISMATCH],
    ['another path', { tamper: () => ({ path: '/x' }) }, MISMATCH],
    ['a query', { tamper: () => ({ path: '/?a=b' }) }, MISMATCH],
    [
      'another method that was signed',
      { tamper: ({ headers }) => ({ headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } }) },
      MISMATCH,
    ],
    [
      'another host',
      { tamper: ({ headers }) => ({ headers: { ...headers, host: 'sts.us-east-1.amazonaws.com' } }) },
      MISMATCH,
    ],
    [
      'a signature of another length',
      { tamper: ({ headers }) => ({ headers: { ...headers, authorization: `${headers.authorization}0` } }) },
      MISMATCH,
    ],
    [
      'no date',
      { tamper: ({ headers }) => ({ headers: without(headers, 'x-amz-date') }) },
      "400 IncompleteSignature: Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    ],
    [
      'a date of another form',
      { tamper: ({ headers }) => ({ headers: { ...headers, 'x-amz-date': '2026-11-25' } }) },
      "400 IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '2026-11-25'. See http://en.wikipedia.org/wiki/ISO_8601",
    ],
    [
      'another algorithm',
      {
        tamper: ({ headers }) => ({
          headers: { ...headers, authorization: headers.authorization?.replace('SHA256', 'SHA1') ?? '' },
        }),
      },
      "400 IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'.",
    ],
    [
      'a bearer token',
      { tamper: ({ headers }) => ({ headers: { ...headers, authorization: 'Bearer x' } }) },
      "400 IncompleteSignature: Unsupported AWS 'algorithm': 'Bearer'.",
    ],
    [
      'half a header',
      {
        tamper: ({ headers }) => ({
          headers: { ...headers, authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request' },
        }),
      },
      "400 IncompleteSignature: Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.",
    ],
  ])('%s', async (_what, signing, expected) => {
    const aws = startAws();
    expect(outcome(await aws.signed(await aws.session(), IDENTITY, signing))).toBe(expected);
  });

  it.each<[string, number, RegExp]>([
    ['just in time', -QUARTER + 2000, /^200$/],
    [
      'too old',
      -QUARTER - 2000,
      /^403 SignatureDoesNotMatch: Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)$/,
    ],
    ['not too early', QUARTER - 2000, /^200$/],
    [
      'too early',
      QUARTER + 2000,
      /^403 SignatureDoesNotMatch: Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 15 min\.\)$/,
    ],
  ])('%s', async (_what, shift, expected) => {
    const aws = startAws();
    const keys = await aws.session();
    expect(outcome(await aws.signed(keys, IDENTITY, { now: aws.clock.now() + shift }))).toMatch(expected);
  });

  it('of another day than its date', async () => {
    const aws = startAws();
    expect(outcome(await aws.signed(await aws.session(), IDENTITY, { day: '20200101' }))).toContain(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
    );
  });
});

function without(headers: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

describe('AssumeRole', () => {
  const CALLER = 'arn:aws:sts::123456789012:assumed-role/deploy/gh-1';
  const refused = (action: string, arn = RELEASE) =>
    `403 AccessDenied: User: ${CALLER} is not authorized to perform: ${action} on resource: ${arn}`;
  const hop: Fields = { Action: 'AssumeRole', RoleArn: RELEASE, RoleSessionName: 'hop' };
  const tag = (i: number, Key: string, Value: string): Fields => ({
    [`Tags.member.${i}.Key`]: Key,
    [`Tags.member.${i}.Value`]: Value,
  });
  const assume = async (fields: Fields = {}, aws = startAws()) =>
    aws.signed(await aws.session(), { ...hop, ...fields });

  it('gives a session of the other role, which can be used', async () => {
    const aws = startAws();
    const answer = await assume({}, aws);
    expect(read(answer.body, 'Arn')).toBe('arn:aws:sts::123456789012:assumed-role/release/hop');
    const identity = await aws.signed(keysOf(answer), IDENTITY);
    expect(read(identity.body, 'UserId')).toBe('AROARELEASEOCTOREPO02:hop');
    expect(aws.ledger.living('aws').map(({ scope }) => scope)).toEqual([
      'arn:aws:iam::123456789012:role/deploy',
      RELEASE,
    ]);
  });

  it.each<[string, Fields, string]>([
    ['an hour', { DurationSeconds: '3600' }, '200'],
    [
      'more than an hour',
      { DurationSeconds: '3601' },
      '400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    ],
    ['a role that does not exist', { RoleArn: `${RELEASE}-x` }, refused('sts:AssumeRole', `${RELEASE}-x`)],
    [
      'a role that does not trust the caller',
      { RoleArn: 'arn:aws:iam::123456789012:role/deploy' },
      refused('sts:AssumeRole', 'arn:aws:iam::123456789012:role/deploy'),
    ],
    [
      'a role of another account',
      { RoleArn: 'arn:aws:iam::999999999999:role/release' },
      refused('sts:AssumeRole', 'arn:aws:iam::999999999999:role/release'),
    ],
    ['no ARN', { RoleArn: 'y'.repeat(20) }, `400 ValidationError: ${'y'.repeat(20)} is invalid`],
    ['an external id', { ExternalId: 'a:/b@c' }, '200'],
    [
      'an external id of one character',
      { ExternalId: 'a' },
      "400 ValidationError: 1 validation error detected: Value 'a' at 'externalId' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    ['tags', { ...tag(1, 'team', 'a b'), ...tag(2, 'run', '') }, '200'],
    [
      'one tag twice',
      { ...tag(1, 'team', 'a'), ...tag(2, 'Team', 'b') },
      '400 InvalidParameterValue: Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      'a tag with a character that none may have',
      tag(1, 'team', 'a#b'),
      "400 ValidationError: 1 validation error detected: Value 'a#b' at 'tags.1.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*",
    ],
    [
      'a tag without a value',
      { 'Tags.member.1.Key': 'team' },
      "400 ValidationError: 1 validation error detected: Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null",
    ],
    [
      "a tag of AWS's own",
      tag(1, 'aws:team', 'a'),
      '400 InvalidParameterValue: System tags cannot be added/updated by requester',
    ],
    ['a transitive key that is a tag', { ...tag(1, 'team', 'a'), 'TransitiveTagKeys.member.1': 'TEAM' }, '200'],
    [
      'a transitive key that is none',
      { ...tag(1, 'team', 'a'), 'TransitiveTagKeys.member.1': 'run' },
      '400 InvalidParameterValue: The specified transitive tag key must be included in the requested tags.',
    ],
    ['a source identity', { SourceIdentity: 'octocat' }, '200'],
    [
      'a source identity with a space',
      { SourceIdentity: 'octo cat' },
      "400 ValidationError: 1 validation error detected: Value 'octo cat' at 'sourceIdentity' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
  ])('%s', async (_what, fields, expected) => {
    expect(outcome(await assume(fields))).toBe(expected);
  });

  it('more tags than their packed size has room for', async () => {
    const tags = Array.from({ length: 10 }, (_, i) =>
      tag(i + 1, `key-${i}`, incompressible(2000).slice(i * 200, i * 200 + 200)),
    );
    expect(outcome(await assume(Object.assign({}, ...tags)))).toMatch(
      /^400 PackedPolicyTooLarge: Packed size of session tags consumes \d+% of allotted space\.$/,
    );
  });

  const trusting = (AWS: string, extra: Record<string, unknown> = {}) =>
    statements({ Effect: 'Allow', Principal: { AWS }, Action: ['sts:AssumeRole'], ...extra });

  it.each<[string, ReturnType<typeof trusting>, Fields, string]>([
    ['the account, and the caller is permitted', trusting('arn:aws:iam::123456789012:root'), {}, '200'],
    ['the account by its id', trusting('123456789012'), {}, '200'],
    ['the session itself', trusting(CALLER), {}, '200'],
    ['another session of the role', trusting(`${CALLER}x`), {}, refused('sts:AssumeRole')],
    ['everybody', trusting('*'), {}, '200'],
    ['another account', trusting('999999999999'), {}, refused('sts:AssumeRole')],
    [
      'an external id that is given',
      trusting('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } }),
      { ExternalId: 'x1' },
      '200',
    ],
    [
      'an external id that is not given',
      trusting('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } }),
      {},
      refused('sts:AssumeRole'),
    ],
    [
      'another external id',
      trusting('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } }),
      { ExternalId: 'X1' },
      refused('sts:AssumeRole'),
    ],
    [
      'the role of the caller',
      trusting('*', { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/dep*' } } }),
      {},
      '200',
    ],
    ['no tags', trusting('*'), tag(1, 'team', 'a'), refused('sts:TagSession')],
    ['no source identity', trusting('*'), { SourceIdentity: 'octo' }, refused('sts:SetSourceIdentity')],
    [
      'one value of a tag',
      trusting('*', { Action: 'sts:*', Condition: { StringEquals: { 'aws:RequestTag/team': 'a' } } }),
      tag(1, 'team', 'a'),
      '200',
    ],
    [
      'another value of a tag',
      trusting('*', { Action: 'sts:*', Condition: { StringEquals: { 'aws:RequestTag/team': 'a' } } }),
      tag(1, 'team', 'b'),
      refused('sts:AssumeRole'),
    ],
    [
      'only some keys',
      trusting('*', { Action: 'sts:*', Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } } }),
      tag(1, 'run', 'b'),
      refused('sts:AssumeRole'),
    ],
  ])('to a role that trusts %s', async (_what, trustPolicy, fields, expected) => {
    const aws = startAws(withRoles({ release: { id: 'AROARELEASEOCTOREPO02', trustPolicy } }));
    expect(outcome(await assume(fields, aws))).toBe(expected);
  });

  it('the account alone is not enough for a caller without permission; its own name is', async () => {
    const [deploy] = [defaultAwsTrust.accounts['123456789012']?.roles.deploy];
    if (deploy === undefined) throw new Error('no role');
    const caller = { ...deploy, permissions: [] };
    const trusts = (AWS: string) =>
      startAws(withRoles({ deploy: caller, release: { id: 'AROARELEASEOCTOREPO02', trustPolicy: trusting(AWS) } }));
    expect(outcome(await assume({}, trusts('123456789012')))).toBe(refused('sts:AssumeRole'));
    expect(outcome(await assume({}, trusts('arn:aws:iam::123456789012:role/deploy')))).toBe('200');
  });

  it('a session policy that does not allow it is in the way', async () => {
    const aws = startAws();
    const Policy = JSON.stringify(statements({ Effect: 'Allow', Action: 's3:*', Resource: '*' }));
    expect(outcome(await aws.signed(await aws.session({ Policy }), hop))).toBe(refused('sts:AssumeRole'));
  });

  it('a chain keeps transitive tags and the source identity, and lets neither be changed', async () => {
    const anyone = {
      id: 'AROARELEASEOCTOREPO02',
      trustPolicy: trusting('*', { Action: 'sts:*' }),
      permissions: statements({ Effect: 'Allow', Action: 'sts:*', Resource: '*' }),
    };
    const aws = startAws(withRoles({ release: anyone }));
    const first = keysOf(
      await assume(
        { ...tag(1, 'team', 'a'), ...tag(2, 'run', '1'), 'TransitiveTagKeys.member.1': 'team', SourceIdentity: 'octo' },
        aws,
      ),
    );
    expect(outcome(await aws.signed(first, { ...hop, ...tag(1, 'Team', 'b') }))).toBe(
      "400 InvalidParameterValue: One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
    expect(outcome(await aws.signed(first, { ...hop, SourceIdentity: 'other' }))).toContain(
      'The source identity is already set for this assume role session',
    );
    const second = await aws.signed(first, { ...hop, ...tag(1, 'run', '2') });
    expect(read(second.body, 'SourceIdentity')).toBe('octo');
  });

  it('asks for a signature', async () => {
    expect(outcome(await startAws().answer(postForm(STS, { ...hop, Version: '2011-06-15' })))).toContain(
      'MissingAuthenticationToken',
    );
  });
});

describe('ListBuckets', () => {
  const DENIED =
    '403 AccessDenied: User: arn:aws:sts::123456789012:assumed-role/deploy/gh-1 is not authorized to perform: s3:ListAllMyBuckets';
  const deny = (Condition?: Record<string, unknown>) => ({
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    ...(Condition && { Condition }),
  });
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
  const inlined = (...all: Record<string, unknown>[]) => ({ Policy: JSON.stringify(statements(...all)) });
  const READ_ONLY = { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' };

  it('lists what the account has', async () => {
    const aws = startAws();
    const { status, body } = await aws.listBuckets(await aws.session());
    expect(status).toBe(200);
    expect(body).toContain('<Name>octo-artifacts</Name>');
  });

  it.each<[string, Fields, string]>([
    ['a session policy that allows', inlined(allow), '200'],
    [
      'one that allows something else',
      inlined({ ...allow, Action: 'ec2:*' }),
      `${DENIED} because no session policy allows the s3:ListAllMyBuckets action`,
    ],
    ['one that denies', inlined(allow, deny()), `${DENIED} with an explicit deny in a session policy`],
    [
      'only a Deny that does not hold',
      inlined(deny({ Bool: { 'aws:SecureTransport': 'false' } })),
      `${DENIED} because no session policy allows the s3:ListAllMyBuckets action`,
    ],
    ['a managed one that allows', READ_ONLY, '200'],
    [
      'a managed one that allows beside an inline Deny that does not hold',
      { ...READ_ONLY, ...inlined(deny({ Bool: { 'aws:SecureTransport': 'false' } })) },
      '200',
    ],
    [
      'a managed one that allows beside an inline Deny',
      { ...READ_ONLY, ...inlined(deny()) },
      `${DENIED} with an explicit deny in a session policy`,
    ],
    [
      'a managed one that allows something else',
      { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' },
      `${DENIED} because no session policy allows the s3:ListAllMyBuckets action`,
    ],
  ])('with %s', async (_what, fields, expected) => {
    const aws = startAws();
    expect(outcome(await aws.listBuckets(await aws.session(fields)))).toBe(expected);
  });

  it('is denied from the end of a time box on, though the session lives', async () => {
    const aws = startAws();
    const until = new Date(aws.clock.now() + 300_000).toISOString();
    const keys = await aws.session(inlined(allow, deny({ DateGreaterThan: { 'aws:CurrentTime': until } })));
    expect(outcome(await aws.listBuckets(keys))).toBe('200');
    aws.clock.advance(301_000);
    expect(outcome(await aws.listBuckets(keys))).toBe(`${DENIED} with an explicit deny in a session policy`);
    expect(outcome(await aws.signed(keys, IDENTITY))).toBe('200');
  });

  it('is denied to one session by its user id, and to older ones by their time', async () => {
    const aws = startAws();
    const [one, two] = [await aws.session(), await aws.session({ RoleSessionName: 'gh-2' })];
    const deploy = defaultAwsTrust.accounts['123456789012']?.roles.deploy;
    if (deploy === undefined) throw new Error('no role');
    aws.setTrust(
      withRoles({
        deploy: {
          ...deploy,
          permissions: statements(allow, deny({ StringEquals: { 'aws:userid': 'AROADEPLOYOCTOREPO001:gh-1' } })),
        },
      }),
    );
    expect(outcome(await aws.listBuckets(one))).toBe(`${DENIED} with an explicit deny in an identity-based policy`);
    expect(outcome(await aws.listBuckets(two))).toBe('200');
    const T = new Date(aws.clock.now() + 30_000).toISOString();
    aws.setTrust(
      withRoles({
        deploy: { ...deploy, permissions: statements(allow, deny({ DateLessThan: { 'aws:TokenIssueTime': T } })) },
      }),
    );
    expect(outcome(await aws.listBuckets(two))).toContain('with an explicit deny in an identity-based policy');
  });

  it.each<[string, Partial<Signing>, string]>([
    [
      'another day',
      { day: '20200101' },
      expect.stringMatching(
        /^400 AuthorizationHeaderMalformed: .*Invalid credential date "20200101"/,
      ) as unknown as string,
    ],
    [
      'another terminator',
      { terminator: 'aws4' },
      '400 AuthorizationHeaderMalformed: The authorization header is malformed; incorrect terminal "aws4".',
    ],
    [
      'another service',
      {
        service: 's3-object-lambda',
        tamper: ({ headers }) => ({ headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }),
      },
      '400 AuthorizationHeaderMalformed: The authorization header is malformed; incorrect service "s3-object-lambda". This endpoint belongs to "s3".',
    ],
    [
      'another region',
      { region: 'us-east-1' },
      "400 AuthorizationHeaderMalformed: The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
    ],
    [
      'no token',
      { withoutToken: true },
      '403 InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.',
    ],
    [
      'a token that is not signed',
      { signedHeaders: ['host', 'x-amz-date', 'x-amz-content-sha256'] },
      '403 AccessDenied: There were headers present in the request which were not signed',
    ],
    [
      'another query',
      { tamper: () => ({ path: '/?x-id=Other' }) },
      '403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ],
    [
      'another body',
      { tamper: () => ({ body: 'x' }) },
      "400 XAmzContentSHA256Mismatch: The provided 'x-amz-content-sha256' header does not match what was computed.",
    ],
    ['no signature', { tamper: () => ({ headers: {} }) }, '403 AccessDenied: Access Denied'],
    [
      'a bucket',
      { tamper: () => ({ url: new URL('https://s3.eu-west-1.amazonaws.com/octo') }) },
      '404 NoSuchBucket: The specified bucket does not exist',
    ],
  ])('refuses %s', async (_what, signing, expected) => {
    const aws = startAws();
    expect(outcome(await aws.listBuckets(await aws.session(), signing))).toEqual(expected);
  });

  it('refuses a session that has expired, and a clock that is off', async () => {
    const aws = startAws();
    const keys = await aws.session({ DurationSeconds: '900' });
    expect(outcome(await aws.listBuckets(keys, { now: aws.clock.now() - 16 * 60_000 }))).toContain(
      '403 RequestTimeTooSkewed',
    );
    aws.clock.advance(900_000);
    expect(outcome(await aws.listBuckets(keys))).toBe('400 ExpiredToken: The provided token has expired.');
  });
});

it('a signature for one host does not open another', async () => {
  const aws = startAws();
  const keys = await aws.session();
  const call = sign(postForm(STS, { ...IDENTITY, Version: '2011-06-15' }), keys, { now: aws.clock.now() });
  const elsewhere = { ...call, host: 'sts.eu-central-1.amazonaws.com' };
  expect(outcome(await aws.answer(elsewhere))).toBe(`403 SignatureDoesNotMatch: ${REGION}`);
});
