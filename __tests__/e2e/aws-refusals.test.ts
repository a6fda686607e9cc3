// How STS comes to refuse the identity token's own role: by the trust documents that users write, by what was asked for, and by itself.

import { stsError } from '../../sandbox/aws/refusal.ts';
import { type AwsTrust, defaultAwsTrust } from '../../sandbox/aws/trust.ts';
import type { World } from '../../sandbox/world.ts';
import { noise } from './aws-accounts.ts';
import { HURRY } from './hurry.ts';
import { AWS, type Played, play, useWorld } from './scenario.ts';

let world: World;
useWorld((started) => {
  world = started;
});

const ACCOUNT = '123456789012';
const ISSUER = 'token.actions.githubusercontent.com';
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
const SUBJECT = 'repo:octo-org/octo-repo:ref:refs/heads/main';
const EQUAL = { [`${ISSUER}:aud`]: 'sts.amazonaws.com', [`${ISSUER}:sub`]: SUBJECT };

type Fields = Readonly<Record<string, unknown>>;

const statement = (change: Fields = {}) => ({
  Effect: 'Allow',
  Principal: { Federated: PROVIDER },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: EQUAL },
  ...change,
});

/** The demo's account, with other statements in the trust policy of `deploy`, or other fields of role and account. */
function trusting(statements: readonly Fields[] = [statement()], role: Fields = {}, account: Fields = {}): AwsTrust {
  const home = defaultAwsTrust.accounts[ACCOUNT];
  const deploy = home?.roles.deploy;
  if (!home || !deploy) throw new Error('the demo has no role deploy');
  const changed = { ...deploy, trustPolicy: { Version: '2012-10-17', Statement: statements }, ...role };
  return { accounts: { [ACCOUNT]: { ...home, roles: { deploy: changed }, ...account } } };
}
const conditions = (Condition: Fields) => trusting([statement({ Condition })]);
const equals = (more: Fields) => conditions({ StringEquals: { ...EQUAL, ...more } });

interface Row {
  readonly trust?: AwsTrust;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly id: string;
  readonly says: string;
}

/** Short enough as it stands, and too long once STS has packed it. */
const PACKS_BADLY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::bucket/${noise(1800)}` }],
});

const BY_TRUST: readonly (readonly [string, Row])[] = [
  [
    'another branch',
    { trust: equals({ [`${ISSUER}:sub`]: `${SUBJECT}2` }), id: 'aws/trust-refused', says: `"${SUBJECT}"` },
  ],
  [
    'the subject in another case',
    { trust: equals({ [`${ISSUER}:sub`]: SUBJECT.toUpperCase() }), id: 'aws/trust-refused', says: SUBJECT },
  ],
  [
    'an environment',
    {
      trust: equals({ [`${ISSUER}:sub`]: 'repo:octo-org/octo-repo:environment:production' }),
      id: 'aws/trust-refused',
      says: 'environment',
    },
  ],
  [
    'the immutable form of the subject',
    {
      trust: equals({ [`${ISSUER}:sub`]: 'repo:octo-org@583231/octo-repo@1296269:ref:refs/heads/main' }),
      id: 'aws/trust-refused',
      says: SUBJECT,
    },
  ],
  [
    'a pattern where equality is asked for',
    {
      trust: equals({ [`${ISSUER}:sub`]: 'repo:octo-org/*' }),
      id: 'aws/trust-refused',
      says: 'A * in the subject under StringEquals',
    },
  ],
  [
    'another audience than the token has',
    {
      trust: equals({ [`${ISSUER}:aud`]: 'sts.eu-west-1.amazonaws.com' }),
      id: 'aws/trust-refused',
      says: 'its condition on aud must be sts.amazonaws.com',
    },
  ],
  [
    "another repository's id",
    { trust: equals({ [`${ISSUER}:repository_id`]: '1' }), id: 'aws/trust-refused', says: 'repository_id' },
  ],
  [
    'another workflow',
    {
      trust: equals({ [`${ISSUER}:job_workflow_ref`]: 'octo-org/workflows/.github/workflows/x.yml@refs/heads/main' }),
      id: 'aws/trust-refused',
      says: 'job_workflow_ref',
    },
  ],
  [
    'a claim that STS does not know',
    {
      trust: equals({ [`${ISSUER}:event_name`]: 'push' }),
      id: 'aws/trust-refused',
      says: 'a claim that this token lacks',
    },
  ],
  [
    'a session name of its own',
    {
      trust: conditions({ StringEquals: EQUAL, StringLike: { 'sts:RoleSessionName': 'nightly-*' } }),
      id: 'aws/trust-refused',
      says: 'sts:RoleSessionName',
    },
  ],
  [
    'an explicit Deny beside the Allow',
    {
      trust: trusting([
        statement(),
        statement({ Effect: 'Deny', Condition: { StringLike: { [`${ISSUER}:sub`]: 'repo:octo-org/*' } } }),
      ]),
      id: 'aws/trust-refused',
      says: 'does not accept this token',
    },
  ],
  [
    "another account's provider",
    {
      trust: trusting([statement({ Principal: { Federated: PROVIDER.replace(ACCOUNT, '210987654321') } })]),
      id: 'aws/trust-refused',
      says: 'The trust policy names another provider',
    },
  ],
  [
    'the provider of an enterprise',
    {
      trust: trusting([statement({ Principal: { Federated: `${PROVIDER}/octo` } })]),
      id: 'aws/trust-refused',
      says: `oidc-provider/${ISSUER}`,
    },
  ],
  [
    'a service in place of the provider',
    {
      trust: trusting([
        statement({ Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole', Condition: {} }),
      ]),
      id: 'aws/trust-refused',
      says: 'get-role --role-name deploy',
    },
  ],
  [
    'another action',
    {
      trust: trusting([statement({ Action: 'sts:AssumeRole' })]),
      id: 'aws/trust-refused',
      says: 'sts:AssumeRoleWithWebIdentity',
    },
  ],
  ['nothing that can be read', { trust: trusting([{ Effect: 'Maybe' }]), id: 'aws/trust-refused', says: 'get-role' }],
  [
    'it under a path that was left out',
    { trust: trusting([statement()], { path: '/ci/' }), id: 'aws/trust-refused', says: 'There is no role deploy' },
  ],
];

const BY_REQUEST: readonly (readonly [string, Row])[] = [
  [
    'no such role',
    {
      inputs: { 'aws-role-arn': `arn:aws:iam::${ACCOUNT}:role/unknown` },
      id: 'aws/trust-refused',
      says: 'There is no role unknown',
    },
  ],
  [
    'no such account',
    {
      inputs: { 'aws-role-arn': 'arn:aws:iam::999999999999:role/deploy' },
      id: 'aws/provider-missing',
      says: '999999999999',
    },
  ],
  [
    'an account without a provider',
    {
      trust: trusting(undefined, {}, { oidcProviders: [] }),
      id: 'aws/provider-missing',
      says: 'create-open-id-connect-provider',
    },
  ],
  [
    "an account with an enterprise's provider alone",
    {
      trust: trusting(
        undefined,
        {},
        { oidcProviders: [{ url: `https://${ISSUER}/octo`, clientIds: ['sts.amazonaws.com'] }] },
      ),
      id: 'aws/provider-missing',
      says: `https://${ISSUER}`,
    },
  ],
  [
    'a provider that does not list the audience',
    {
      trust: trusting(undefined, {}, { oidcProviders: [{ url: `https://${ISSUER}`, clientIds: ['other'] }] }),
      id: 'aws/audience-refused',
      says: 'add-client-id-to-open-id-connect-provider',
    },
  ],
  [
    'an audience that no provider lists',
    { inputs: { 'aws-audience': 'octo' }, id: 'aws/audience-refused', says: 'Add octo to the provider' },
  ],
  [
    "a duration above the role's",
    {
      trust: trusting(undefined, { maxSessionDuration: 3600 }),
      inputs: { 'aws-session-duration': '2h' },
      id: 'aws/duration-refused',
      says: 'MaxSessionDuration',
    },
  ],
  [
    'a session policy that is none',
    {
      inputs: { 'aws-session-policy': '{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}' },
      id: 'aws/policy-malformed',
      says: 'validate-policy',
    },
  ],
  [
    'a session policy with a principal',
    {
      inputs: {
        'aws-session-policy':
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
      },
      id: 'aws/policy-malformed',
      says: 'should not specify a principal',
    },
  ],
  [
    'a session policy that packs badly',
    { inputs: { 'aws-session-policy': PACKS_BADLY }, id: 'aws/policy-too-large', says: '% of allotted space' },
  ],
  [
    "a managed policy of another account's",
    {
      inputs: { 'aws-session-policy-arns': 'arn:aws:iam::210987654321:policy/Mine' },
      id: 'aws/request-refused',
      says: 'does not exist or is not attachable',
    },
  ],
];

function errors({ main }: Played): string[] {
  return main.annotations.filter((a) => a.level === 'error').map((a) => a.message);
}
function asked(): string[] {
  return world.traffic.filter((t) => t.service === 'aws').map((t) => t.operation);
}

/** Told with its id and advice; nothing exported, nothing issued, nothing left. */
function expectRefused(played: Played, { id, says }: Row, since: number): void {
  const { main, post, later, log } = played;
  expect(errors(played)).toEqual([expect.stringMatching(new RegExp(`^\\[${id}\\] `))]);
  expect(log).toContain(says);
  expect([main.exported, main.outputs]).toEqual([{}, { federated: 'false' }]);
  expect(Object.keys(later).filter((name) => /^AWS_(?!ENDPOINT|CA)/.test(name))).toEqual([]);
  expect(world.ledger.all('aws').slice(since)).toEqual([]);
  expect([post?.conclusion, post?.annotations]).toEqual(['success', []]);
}

describe.each([
  ['a trust policy for', BY_TRUST],
  ['a request with', BY_REQUEST],
])('%s', (_, rows) => {
  it.each(rows)('%s: refused once', async (_name, row) => {
    if (row.trust) world.trust.aws = row.trust;
    const since = world.ledger.all('aws').length;
    const played = await play(world, { with: { ...AWS, ...row.inputs } });
    expect(asked()).toEqual(['AssumeRoleWithWebIdentity']);
    expectRefused(played, row, since);
  });
});

const KEYS =
  "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements";

describe('STS', () => {
  it.each<[string, Parameters<typeof stsError>, number, Row]>([
    [
      'is not active in the region',
      [403, 'RegionDisabledException', 'STS is not activated in this region'],
      1,
      { id: 'aws/region-disabled', says: 'Activate STS for eu-west-1' },
    ],
    ['rejects a claim', [403, 'IDPRejectedClaim', 'no'], 1, { id: 'aws/token-refused', says: 'Their words: no' }],
    [
      'finds the token too old, and the one minted anew too',
      [400, 'ExpiredTokenException', 'Token expired'],
      2,
      { id: 'aws/token-expired', says: 'five minutes' },
    ],
    ['says what nobody has heard of', [400, 'SomethingNew', 'x'], 1, { id: 'aws/refused', says: 'SomethingNew' }],
    [
      'cannot get the keys',
      [400, 'InvalidIdentityToken', KEYS],
      5,
      { id: 'aws/keys-unreachable', says: 'max-parallel' },
    ],
    [
      'cannot reach the issuer',
      [400, 'IDPCommunicationError', 'x'],
      5,
      { id: 'aws/keys-unreachable', says: 'could not reach the issuer' },
    ],
    ['throttles', [400, 'Throttling', 'Rate exceeded'], 5, { id: 'aws/throttled', says: 'Rate exceeded' }],
    [
      'has a failure of its own',
      [500, 'InternalFailure', 'x'],
      5,
      { id: 'aws/unavailable', says: 'health.aws.amazon.com' },
    ],
  ])('%s: asked as often as the rule says', async (_, [status, code, message], tries, row) => {
    const reply = stsError(status, code, message);
    world.faults.push({ kind: 'status', operation: 'AssumeRoleWithWebIdentity', times: 9, reply });
    const since = world.ledger.all('aws').length;
    const played = await play(world, { with: AWS, machine: HURRY });
    expect(asked()).toHaveLength(tries);
    expectRefused(played, row, since);
  });

  it('gives less than the lifetime where the role gives no more, without a demand', async () => {
    world.trust.aws = trusting(undefined, { maxSessionDuration: 7200 });
    const { result, main } = await play(world, { with: { ...AWS, lifetime: '6h' } });
    expect(result.result).toBe('success');
    expect(asked()).toHaveLength(2);
    expect(Date.parse(main.outputs['aws-expires-at'] ?? '') - world.clock.now()).toBeLessThan(3_700_000);
  });
});

/** One region of each partition that the sandbox plays, and its suffixes. */
describe.each([
  ['aws', 'ap-southeast-2', 'amazonaws.com', 'api.aws', 'sts.amazonaws.com'],
  ['aws-cn', 'cn-north-1', 'amazonaws.com.cn', 'api.amazonwebservices.com.cn', 'sts.amazonaws.com.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'amazonaws.com', 'api.aws', 'sts.amazonaws.com'],
  ['aws-eusc', 'eusc-de-east-1', 'amazonaws.eu', 'api.amazonwebservices.eu', 'sts.amazonaws.com'],
  ['aws-iso', 'us-iso-east-1', 'c2s.ic.gov', 'api.aws.ic.gov', 'sts.amazonaws.com'],
  ['aws-iso-b', 'us-isob-east-1', 'sc2s.sgov.gov', 'api.aws.scloud', 'sts.amazonaws.com'],
] as const)('partition %s', (partition, region, suffix, dual, audience) => {
  const within = (text: string) => text.replaceAll('arn:aws:', `arn:${partition}:`);
  const inputs = { 'aws-role-arn': within(AWS['aws-role-arn']), 'aws-region': region };
  const document = JSON.parse(
    within(JSON.stringify(defaultAwsTrust)).replaceAll('"sts.amazonaws.com"', `"${audience}"`),
  );

  beforeEach(() => {
    const { [ACCOUNT]: account } = document.accounts;
    world.trust.aws = { accounts: { [ACCOUNT]: { ...account, partition } } };
  });

  it.each([
    ['the standard endpoint', {}, `sts.${region}.${suffix}`],
    [
      'FIPS',
      { 'aws-use-fips-endpoint': 'true' },
      `${partition === 'aws-us-gov' ? 'sts' : 'sts-fips'}.${region}.${suffix}`,
    ],
    ['dual stack', { 'aws-use-dualstack-endpoint': 'true' }, `sts.${region}.${dual}`],
    ['both', { 'aws-use-fips-endpoint': 'true', 'aws-use-dualstack-endpoint': 'true' }, `sts-fips.${region}.${dual}`],
    [
      'an interface endpoint',
      { 'aws-sts-endpoint': `https://vpce-0a1b2c3d4e5f60718-abcdefgh.sts.${region}.vpce.${suffix}` },
      `vpce-0a1b2c3d4e5f60718-abcdefgh.sts.${region}.vpce.${suffix}`,
    ],
  ])('by %s, with a chain', async (_, more, host) => {
    const chain = within('arn:aws:iam::123456789012:role/release');
    const { result, main } = await play(world, { with: { ...inputs, ...more, 'aws-role-chain': chain } });
    expect(result.result).toBe('success');
    const hosts = world.traffic.filter((t) => t.service === 'aws').map((t) => t.call.host);
    expect(hosts).toEqual([host, host]);
    expect(main.outputs['aws-session-arn']).toMatch(
      new RegExp(`^arn:${partition}:sts::${ACCOUNT}:assumed-role/release/`),
    );
    expect(main.exported.AWS_REGION).toBe(region);
  });
});

it('an account of another partition is none to this one', async () => {
  const cn = 'arn:aws-cn:iam::123456789012:role/deploy';
  const since = world.ledger.all('aws').length;
  const played = await play(world, { with: { 'aws-role-arn': cn, 'aws-region': 'cn-north-1' } });
  expectRefused(played, { id: 'aws/provider-missing', says: 'sts.amazonaws.com.cn' }, since);
});
