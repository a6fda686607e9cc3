// Chains of roles, as strict as AWS is: what passes on from hop to hop must be allowed at each, and across accounts by both sides.
import type { AwsTrust, PolicyDocument } from '../../../sandbox/aws/trust.ts';
import { type Fields, type Keys, keysOf, outcome, startAws, statements, withRoles } from './account.ts';

const DEPLOY = 'arn:aws:iam::123456789012:role/deploy';
const GATE = 'arn:aws:iam::210987654321:role/gate';
const PROD = 'arn:aws:iam::333333333333:role/prod';
const ALL = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
const ASSUME = 'sts:AssumeRole';

interface Sides {
  /** What the trust of each role allows, to whom, and under which condition. */
  readonly gate?: Fields | Record<string, unknown>;
  readonly prod?: Record<string, unknown>;
  /** What the permissions of each role allow. */
  readonly deployMay?: readonly string[];
  readonly gateMay?: readonly string[];
}

/** deploy → gate → prod, each in an account of its own; allowed everything that is not said otherwise. */
function chain({ gate, prod, deployMay = ALL, gateMay = ALL }: Sides = {}): AwsTrust {
  const trust = (AWS: string, change: Record<string, unknown> = {}): PolicyDocument =>
    statements({ Effect: 'Allow', Principal: { AWS }, Action: ALL, ...change });
  const may = (Action: readonly string[]) =>
    Action.length === 0 ? [] : [statements({ Effect: 'Allow', Action, Resource: '*' })];
  const base = withRoles({}).accounts['123456789012'];
  const deploy = base?.roles.deploy;
  if (!base || !deploy) throw new Error('the demo has no role deploy');
  return {
    accounts: {
      '123456789012': { ...base, roles: { deploy: { ...deploy, permissions: may(deployMay) } } },
      '210987654321': {
        roles: { gate: { id: 'AROAGATEOCTOREPO00001', trustPolicy: trust(DEPLOY, gate), permissions: may(gateMay) } },
      },
      '333333333333': { roles: { prod: { id: 'AROAPRODOCTOREPO00002', trustPolicy: trust(GATE, prod) } } },
    },
  };
}

const tagged: Fields = { 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'a' };
const kept: Fields = { ...tagged, 'TransitiveTagKeys.member.1': 'team' };
const named: Fields = { SourceIdentity: 'octo' };

/** Both hops, with these fields at the first and these at the second; the outcome of the one that failed, or of the last. */
async function outcomes(sides: Sides, first: Fields = {}, second: Fields = {}): Promise<string> {
  const aws = startAws(chain(sides));
  const hop = async (keys: Keys, RoleArn: string, fields: Fields) =>
    aws.signed(keys, { Action: 'AssumeRole', RoleArn, RoleSessionName: 'gh-1', ...fields });
  const gate = await hop(await aws.session(), GATE, first);
  if (gate.status !== 200) return `1: ${outcome(gate)}`;
  return `2: ${outcome(await hop(keysOf(gate), PROD, second))}`;
}

const refused = (number: 1 | 2, action: string) => {
  const [caller, role] =
    number === 1 ? ['123456789012:assumed-role/deploy', GATE] : ['210987654321:assumed-role/gate', PROD];
  return `${number}: 403 AccessDenied: User: arn:aws:sts::${caller}/gh-1 is not authorized to perform: ${action} on resource: ${role}`;
};

it.each<[string, Sides, Fields, Fields, string]>([
  ['everything is allowed', {}, { ...kept, ...named }, {}, '2: 200'],
  [
    'the role before has no permission, though the other account trusts it by name',
    { deployMay: [] },
    {},
    {},
    refused(1, ASSUME),
  ],
  ['the second role before has none', { gateMay: [] }, {}, {}, refused(2, ASSUME)],
  [
    'the trust names the first role, not the one that asks',
    { prod: { Principal: { AWS: DEPLOY } } },
    {},
    {},
    refused(2, ASSUME),
  ],
  ['the trust names the account', { gate: { Principal: { AWS: 'arn:aws:iam::123456789012:root' } } }, {}, {}, '2: 200'],
  ['tags are not allowed by the trust', { gate: { Action: [ASSUME] } }, tagged, {}, refused(1, 'sts:TagSession')],
  ['tags are not allowed by the permission', { deployMay: [ASSUME] }, tagged, {}, refused(1, 'sts:TagSession')],
  ['tags that are not transitive need nothing further on', { prod: { Action: [ASSUME] } }, tagged, {}, '2: 200'],
  [
    'transitive tags need the trust of the next hop too',
    { prod: { Action: [ASSUME] } },
    kept,
    {},
    refused(2, 'sts:TagSession'),
  ],
  ['and the permission of the role before it', { gateMay: [ASSUME] }, kept, {}, refused(2, 'sts:TagSession')],
  [
    'a source identity is not allowed by the trust',
    { gate: { Action: [ASSUME] } },
    named,
    {},
    refused(1, 'sts:SetSourceIdentity'),
  ],
  [
    'a source identity stays, and needs the next trust',
    { prod: { Action: [ASSUME] } },
    named,
    {},
    refused(2, 'sts:SetSourceIdentity'),
  ],
  ['and the next permission', { gateMay: [ASSUME] }, named, {}, refused(2, 'sts:SetSourceIdentity')],
  [
    'a condition on the tag of the session before',
    { prod: { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } } },
    tagged,
    {},
    '2: 200',
  ],
  [
    'a condition on its source identity',
    { prod: { Condition: { StringEquals: { 'aws:SourceIdentity': 'octo' } } } },
    named,
    {},
    '2: 200',
  ],
  [
    'a condition on which tags are transitive',
    { gate: { Condition: { 'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': ['run'] } } } },
    kept,
    {},
    refused(1, ASSUME),
  ],
  [
    'an external id that the first hop has and the second lacks',
    { prod: { Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } } },
    { ExternalId: 'x1' },
    {},
    refused(2, ASSUME),
  ],
  [
    'a session name that the trust does not admit',
    { gate: { Condition: { StringLike: { 'sts:RoleSessionName': 'ci-*' } } } },
    {},
    {},
    refused(1, ASSUME),
  ],
  [
    'more than an hour, at the second hop too',
    {},
    {},
    { DurationSeconds: '7200' },
    '2: 400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  ],
  [
    'less than a quarter of one',
    {},
    { DurationSeconds: '899' },
    {},
    "1: 400 ValidationError: 1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  ],
])('%s', async (_, sides, first, second, expected) => {
  expect(await outcomes(sides, first, second)).toBe(expected);
});

it('a session that has expired signs for no further hop', async () => {
  const aws = startAws(chain());
  const keys = await aws.session({ DurationSeconds: '900' });
  aws.clock.advance(901_000);
  const hop = { Action: 'AssumeRole', RoleArn: GATE, RoleSessionName: 'gh-1' };
  expect(outcome(await aws.signed(keys, hop))).toBe(
    '403 ExpiredToken: The security token included in the request is expired',
  );
});
