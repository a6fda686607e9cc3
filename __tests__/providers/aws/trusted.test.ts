// What is generated, set up in a strict account by each of its forms: it takes this very token, and refuses its neighbours.
import type { AwsTrust } from '../../../sandbox/aws/trust.ts';
import type { AwsRequest } from '../../../src/providers/aws/request.ts';
import { documents } from '../../../src/providers/aws/trust.ts';
import { ACCOUNT, accepts, byCommands, byConsole, byTerraform, fromNothing, ROLE } from '../../administrator/aws.ts';
import { neighboursOf } from '../../literals/neighbours.ts';
import { SITUATIONS } from '../../literals/situations.ts';

const REQUEST: AwsRequest = {
  roleArn: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`,
  accountId: ACCOUNT,
  region: 'eu-west-1',
  endpoint: 'https://sts.eu-west-1.amazonaws.com',
  audience: 'sts.amazonaws.com',
  duration: 3600,
  durationDemanded: false,
  policyArns: [],
  allowedAccountIds: [],
};

/** Neighbours that the policy lets in: what this issuer's tokens cannot be told by, or what differs in each run anyway. */
const LET_IN: Readonly<Record<string, readonly string[]>> = {
  'a pull request': ['another workflow'],
  // The subject does not hold it, and this token has none that could be compared.
  'a customised subject': ['an environment'],
  'GitHub Enterprise Server': [
    'a repository that took the name',
    'the environment from another branch',
    'the environment from a pull request',
    'another workflow',
  ],
};

const FORMS: readonly (readonly [string, (d: ReturnType<typeof documents>) => AwsTrust | Promise<AwsTrust>])[] = [
  ['the console', byConsole],
  ['commands', byCommands],
  ['from nothing', fromNothing],
  ['Terraform', byTerraform],
];

describe.each(SITUATIONS)('the trust for %s', (situation, claims) => {
  const written = documents(REQUEST, claims);

  it.each(FORMS)('takes this token and refuses its neighbours: by %s', async (_, setUp) => {
    const trust = await setUp(written);
    expect(await accepts(trust, claims)).toBe(true);
    const neighbours = neighboursOf(claims);
    expect(neighbours.length).toBeGreaterThan(3);
    const letIn: string[] = [];
    for (const neighbour of neighbours) if (await accepts(trust, neighbour.claims)) letIn.push(neighbour.name);
    expect(letIn).toEqual(LET_IN[situation] ?? []);
  });

  it('says of each that it lets in by what it cannot tell it', () => {
    const letIn = neighboursOf(claims).filter(({ name }) => LET_IN[situation]?.includes(name));
    for (const { by } of letIn) expect(written.notes.join('\n')).toMatch(by === 'sub' ? /customised/ : by);
  });
});
