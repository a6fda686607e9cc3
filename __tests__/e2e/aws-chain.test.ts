// A chain of roles, through three accounts: what each hop is asked, what later steps get, and what a refused hop says.
import { defaultTrust } from '../../sandbox/default-trust.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type Changes, chained, EXTERNAL_ID, GATE, noise, PROD } from './aws-accounts.ts';
import { AWS, calm, cleanUp, type Played, play } from './scenario.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => {
  world.trust.aws = chained();
});
afterEach(() => {
  cleanUp();
  calm(world);
  Object.assign(world.trust, defaultTrust());
});
afterAll(() => world.stop());

const CHAIN = { ...AWS, 'aws-role-chain': `${GATE}\n${PROD}`, 'aws-external-id': EXTERNAL_ID };
const TAGGED = {
  'aws-session-tags': 'team=platform\nrun=42',
  'aws-transitive-tag-keys': 'team',
  'aws-source-identity': 'octocat',
};
const POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

/** What STS was asked, in order. */
function calls(): Record<string, string>[] {
  return world.traffic
    .filter((t) => t.service === 'aws')
    .map((t) => ({
      ...Object.fromEntries(new URLSearchParams(t.call.body)),
      host: t.call.host,
      signer: /Credential=([A-Z0-9]+)\//.exec(t.call.headers.authorization ?? '')?.[1] ?? '',
    }));
}

function issued(since: number) {
  return world.ledger.all('aws').slice(since);
}

function errors({ main }: Played): string[] {
  return main.annotations.filter((a) => a.level === 'error').map((a) => a.message);
}

describe('a chain', () => {
  it('ends in the last role: each hop is signed by the one before, and only the last session is seen by later steps', async () => {
    const before = world.ledger.all('aws').length;
    const { result, main, later, log } = await play(world, {
      with: { ...CHAIN, ...TAGGED, 'output-credentials': 'aws' },
    });
    expect(result.result).toBe('success');
    const [first, second, third] = issued(before);
    expect(calls().map(({ Action, RoleArn, signer }) => [Action, RoleArn, signer])).toEqual([
      ['AssumeRoleWithWebIdentity', AWS['aws-role-arn'], ''],
      ['AssumeRole', GATE, first?.id],
      ['AssumeRole', PROD, second?.id],
    ]);
    expect(later.AWS_ACCESS_KEY_ID).toBe(third?.id);
    expect(main.outputs).toMatchObject({
      'aws-account-id': '333333333333',
      'aws-role-arn': PROD,
      'aws-session-arn': third?.holder,
      'aws-access-key-id': third?.id,
    });
    // Of the hops before, nothing but their names.
    const seen = JSON.stringify([later, main.outputs, log]);
    for (const secret of [first, second].flatMap((hop) => hop?.secrets ?? [])) expect(seen).not.toContain(secret);
    for (const secret of [first, second, third].flatMap((hop) => hop?.secrets ?? []))
      expect(result.masks).toContain(secret);
    expect(log).toContain(`AWS session of an earlier hop (${first?.holder})`);
  });

  it('asks each hop for what is its own: external id every one, tags and identity the first, duration and policies the last', async () => {
    await play(world, {
      with: {
        ...CHAIN,
        ...TAGGED,
        'aws-session-policy': POLICY,
        'aws-session-policy-arns': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
        'aws-session-duration': '30m',
        'aws-session-name': 'mine',
      },
    });
    const [first, second, third] = calls();
    const narrowed = ['Policy', 'PolicyArns.member.1.arn'];
    const marked = ['ExternalId', 'Tags.member.1.Key', 'TransitiveTagKeys.member.1', 'SourceIdentity'];
    for (const name of [...narrowed, ...marked]) expect(first).not.toHaveProperty([name]);
    for (const name of narrowed) expect(second).not.toHaveProperty([name]);
    for (const name of marked.slice(1)) expect(third).not.toHaveProperty([name]);
    expect(first).toMatchObject({ DurationSeconds: '900', RoleSessionName: 'mine' });
    expect(second).toMatchObject({
      DurationSeconds: '900',
      RoleSessionName: 'mine',
      ExternalId: EXTERNAL_ID,
      SourceIdentity: 'octocat',
      'Tags.member.1.Key': 'team',
      'Tags.member.1.Value': 'platform',
      'Tags.member.2.Key': 'run',
      'TransitiveTagKeys.member.1': 'team',
    });
    expect(third).toMatchObject({
      DurationSeconds: '1800',
      RoleSessionName: 'mine',
      ExternalId: EXTERNAL_ID,
      Policy: POLICY,
      'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    });
  });

  it("is cut to an hour, and says so; the time box of a short lifetime is the last hop's", async () => {
    const long = await play(world, { with: { ...CHAIN, lifetime: '6h', 'keep-fresh': 'never' } });
    expect(calls().map((call) => call.DurationSeconds)).toEqual(['900', '900', '3600']);
    expect(long.log).toContain('live 1h at most: it ends before the lifetime of 6h');
    calm(world);
    const short = await play(world, { with: { ...CHAIN, lifetime: '5m' } });
    expect(calls().map((call) => [call.DurationSeconds, /DateGreaterThan/.test(call.Policy ?? '')])).toEqual([
      ['900', false],
      ['900', false],
      ['900', true],
    ]);
    const ended = short.post?.log.filter((line) => line.startsWith('AWS session arn:'));
    expect(ended?.map((line) => line.replace(/^.*: not revoked; it ends at \S+/, ''))).toEqual([
      '',
      '',
      ' (its time box denies everything from then on)',
    ]);
    expect(JSON.parse(short.main.outputs.report ?? '').credentials.map((c: { ending: string }) => c.ending)).toEqual([
      'expires',
      'expires',
      'denied after',
    ]);
  });

  it('repeats a hop that STS throttles or that is reset, and no refused one', async () => {
    world.faults.push(
      { kind: 'reset', operation: 'AssumeRole' },
      { kind: 'status', operation: 'AssumeRole', reply: { status: 503, body: 'Service Unavailable' } },
    );
    const { result } = await play(world, { with: CHAIN });
    expect(result.result).toBe('success');
    expect(calls().map(({ RoleArn }) => RoleArn)).toEqual([AWS['aws-role-arn'], GATE, GATE, GATE, PROD]);
  });

  it('through the global endpoint is signed for its region', async () => {
    const { result } = await play(world, { with: { ...CHAIN, 'aws-sts-endpoint': 'https://sts.amazonaws.com' } });
    expect(result.result).toBe('success');
    expect(calls().map(({ host }) => host)).toEqual(Array(3).fill('sts.amazonaws.com'));
  });

  it("is signed by STS's clock, whatever the runner's says", async () => {
    world.clock.advance(3 * 3_600_000);
    const { result } = await play(world, { with: CHAIN });
    expect(result.result).toBe('success');
  });

  it('heeds the account of the last role alone', async () => {
    const { result } = await play(world, { with: { ...CHAIN, 'aws-allowed-account-ids': '333333333333' } });
    expect(result.result).toBe('success');
    calm(world);
    const other = await play(world, { with: { ...CHAIN, 'aws-allowed-account-ids': '123456789012\n210987654321' } });
    expect(errors(other)).toEqual([expect.stringMatching(/aws-allowed-account-ids: does not list 333333333333/)]);
    expect(world.traffic).toEqual([]);
  });

  it('masks every account with mask-identifiers', async () => {
    const { log } = await play(world, { with: { ...CHAIN, 'mask-identifiers': 'true' } });
    const ours = log.split('\n').filter((line) => /assumed-role|Plan|assume /.test(line));
    expect(ours.join('\n')).not.toMatch(/123456789012|210987654321|333333333333/);
  });
});

/** Trusts and inputs under which a hop is refused, and the advice. */
const REFUSALS: readonly (readonly [
  name: string,
  row: {
    readonly trust?: Changes;
    readonly inputs?: Record<string, string>;
    readonly id: string;
    /** How many calls STS gets. */
    readonly calls: number;
    readonly says: string | RegExp;
  },
])[] = [
  [
    'the first hop has a trust policy for another role',
    {
      trust: { gate: { Principal: { AWS: 'arn:aws:iam::123456789012:role/other' } } },
      id: 'aws/hop-refused',
      calls: 2,
      says: '"AWS": "arn:aws:iam::123456789012:role/deploy"',
    },
  ],
  [
    'the last hop has a trust policy for another role',
    {
      trust: { prod: { Principal: { AWS: 'arn:aws:iam::123456789012:role/deploy' } } },
      id: 'aws/hop-refused',
      calls: 3,
      says: `"AWS": "${GATE}"`,
    },
  ],
  [
    'another external id',
    { inputs: { 'aws-external-id': 'other' }, id: 'aws/hop-refused', calls: 2, says: '"sts:ExternalId": "other"' },
  ],
  [
    'no external id',
    { inputs: { 'aws-external-id': '' }, id: 'aws/hop-refused', calls: 2, says: 'give it in aws-external-id' },
  ],
  [
    'no such role',
    {
      inputs: { 'aws-role-chain': `${GATE}x` },
      id: 'aws/hop-refused',
      calls: 2,
      says: 'There is no role gatex in account 210987654321',
    },
  ],
  [
    'the role before has no permission',
    {
      trust: { deployMay: { Resource: 'arn:aws:iam::210987654321:role/other' } },
      id: 'aws/hop-refused',
      calls: 2,
      says: `"Resource": "${GATE}"`,
    },
  ],
  [
    'tags that the trust does not allow',
    {
      trust: { gate: { Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] } },
      inputs: TAGGED,
      id: 'aws/hop-tags-refused',
      calls: 2,
      says: '"sts:TagSession"',
    },
  ],
  [
    'a transitive tag that the second hop does not allow',
    {
      trust: { prod: { Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] } },
      inputs: TAGGED,
      id: 'aws/hop-tags-refused',
      calls: 3,
      says: 'without aws-transitive-tag-keys',
    },
  ],
  [
    'a source identity that the trust does not allow',
    {
      trust: { gate: { Action: ['sts:AssumeRole', 'sts:TagSession'] } },
      inputs: TAGGED,
      id: 'aws/hop-identity-refused',
      calls: 2,
      says: '"sts:SetSourceIdentity"',
    },
  ],
  [
    'a source identity that the role before may not pass on',
    {
      trust: { gateMay: { Action: ['sts:AssumeRole', 'sts:TagSession'] } },
      inputs: TAGGED,
      id: 'aws/hop-identity-refused',
      calls: 3,
      says: 'along the whole chain',
    },
  ],
  [
    'a tag that may only have another value',
    {
      trust: {
        gate: {
          Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID, 'aws:RequestTag/team': 'other' } },
        },
      },
      inputs: TAGGED,
      id: 'aws/hop-refused',
      calls: 2,
      says: 'hop 1 of 2',
    },
  ],
  [
    'tags that are too large once packed',
    {
      inputs: { 'aws-session-tags': Array.from({ length: 20 }, (_, i) => `key${i}=${noise(200, i)}`).join('\n') },
      id: 'aws/policy-too-large',
      calls: 2,
      says: 'Shorten aws-session-tags (20 tags)',
    },
  ],
  [
    'a session policy that is none, at the last hop',
    {
      inputs: { 'aws-session-policy': '{"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]}' },
      id: 'aws/policy-malformed',
      calls: 3,
      says: 'validate-policy',
    },
  ],
  [
    'a managed policy that the last account does not have',
    {
      inputs: { 'aws-session-policy-arns': 'arn:aws:iam::123456789012:policy/Mine' },
      id: 'aws/request-refused',
      calls: 3,
      says: 'does not exist or is not attachable',
    },
  ],
];

describe.each(REFUSALS)('a hop that is refused: %s', (_, row) => {
  it('is asked once, explained, and leaves nothing', async () => {
    world.trust.aws = chained(row.trust);
    const played = await play(world, { with: { ...CHAIN, ...row.inputs } });
    const { main, post, later, log } = played;
    expect(errors(played)).toEqual([expect.stringMatching(new RegExp(`^\\[${row.id}\\] `))]);
    expect(calls()).toHaveLength(row.calls);
    if (typeof row.says === 'string') expect(log).toContain(row.says);
    else expect(log).toMatch(row.says);
    expect(main.exported).toEqual({});
    expect(main.outputs).toEqual({ federated: 'false' });
    expect(Object.keys(later).filter((name) => /^AWS_(?!ENDPOINT|CA)/.test(name))).toEqual([]);
    // The sessions on the way cannot be revoked, and it is said which they are.
    expect(log).toMatch(/AWS session arn:aws:sts::123456789012:assumed-role\/deploy\/\S+: not revoked; it ends at 2/);
    expect(post?.conclusion).toBe('success');
  });
});

it('the first role is refused: no hop is asked', async () => {
  const played = await play(world, { with: { ...CHAIN, 'aws-role-arn': 'arn:aws:iam::123456789012:role/unknown' } });
  expect(errors(played)).toEqual([expect.stringMatching(/^\[aws\/trust-refused\] /)]);
  expect(calls()).toHaveLength(1);
  expect(played.log).not.toContain('not revoked');
});
