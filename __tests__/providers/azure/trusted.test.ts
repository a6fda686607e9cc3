// What is generated, set up in a strict directory by each of its forms: it takes this very token, and refuses what Entra can tell from it.
import type { AzureTrust } from '../../../sandbox/azure/trust.ts';
import type { Claims } from '../../../src/core/claims.ts';
import type { AzureRequest } from '../../../src/providers/azure/request.ts';
import { documents } from '../../../src/providers/azure/trust.ts';
import * as administrator from '../../administrator/azure.ts';
import { neighboursOf } from '../../literals/neighbours.ts';
import { BRANCH } from '../../literals/presented.ts';
import { SITUATIONS } from '../../literals/situations.ts';

const AUDIENCE = 'api://AzureADTokenExchange';
const REQUEST: AzureRequest = {
  clientId: '11111111-1111-4111-8111-111111111111',
  tenantId: '22222222-2222-4222-8222-222222222222',
  cloud: 'public',
  authority: 'https://login.microsoftonline.com',
  audience: AUDIENCE,
  scopes: ['https://management.azure.com/.default'],
  consumers: ['sdk'],
};
const PLACES = SITUATIONS.map(([name, claims]) => [name, { ...claims, aud: AUDIENCE }] as const);

/** What has the same subject, issuer and audience. */
const NAME = 'a repository that took the name';
const WORKFLOW = 'another workflow';
const ANYWHERE = ['the environment from another branch', 'the environment from a pull request'];
const LET_IN: Readonly<Record<string, readonly string[]>> = {
  'an environment': [NAME, ...ANYWHERE, WORKFLOW],
  'an immutable subject': [WORKFLOW],
  'an environment, immutable': [...ANYWHERE, WORKFLOW],
  'a customised subject': ['another repository', NAME, 'another branch', 'an environment', 'a pull request', WORKFLOW],
  'a reusable workflow in an environment': [NAME, ...ANYWHERE, WORKFLOW],
  'GHE.com': [NAME, ...ANYWHERE, WORKFLOW],
  'GitHub Enterprise Server': [NAME, ...ANYWHERE, WORKFLOW],
};

const { accepts } = administrator;

async function letIn(trust: AzureTrust, claims: Claims): Promise<string[]> {
  const found: string[] = [];
  for (const { name, claims: other } of neighboursOf(claims)) if (await accepts(trust, other)) found.push(name);
  return found;
}

const { byCommand, byIdentityCommand, byIdentityTerraform, byPortal, byTerraform } = administrator;
const FORMS = [byPortal, byCommand, byIdentityCommand, byTerraform, byIdentityTerraform];

describe.each(PLACES)('the credential for %s', (situation, claims) => {
  const written = documents(REQUEST, claims);
  const expected = LET_IN[situation] ?? [NAME, WORKFLOW];

  it.each(FORMS)('takes this token and refuses its neighbours: %p', async (setUp) => {
    const trust = await setUp(written);
    expect(await accepts(trust, claims)).toBe(true);
    expect(await letIn(trust, claims)).toEqual(expected);
  });

  it('says of each that it lets in by what it cannot tell it', () => {
    const notes = written.notes.join('\n');
    for (const { by } of neighboursOf(claims).filter(({ name }) => expected.includes(name))) {
      expect(notes).toMatch(by === 'sub' ? /customised/ : by);
    }
  });
});

const REUSED = PLACES.filter(([name]) => /reusable/.test(name));

describe.each(REUSED)('the flexible credential for %s', (situation, claims) => {
  const written = documents(REQUEST, claims);
  const expected = (LET_IN[situation] ?? [NAME, WORKFLOW]).filter((name) => name !== WORKFLOW);

  it.each([administrator.byGraph, administrator.byFlexibleTerraform])('holds the workflow too: %p', async (setUp) => {
    const trust = await setUp(written);
    expect(await accepts(trust, claims)).toBe(true);
    expect(await letIn(trust, claims)).toEqual(expected);
  });
});

it.each([
  ['a job in its own workflow', BRANCH, REQUEST],
  ['an issuer that flexible credentials do not know', { ...REUSED[0]?.[1], iss: `${BRANCH.iss}/octo` }, REQUEST],
  ['another cloud', REUSED[0]?.[1] ?? {}, { ...REQUEST, cloud: 'china' as const }],
])('%s has no flexible credential', (_, claims: Claims, request: AzureRequest) => {
  const written = documents(request, { ...claims, aud: AUDIENCE });
  expect(written.refused).toBeUndefined();
  expect(written.snippets.flatMap((s) => s.lines).join('\n')).not.toContain('claims[');
});

it('an application that is still to be made is named by the variable that its making sets', () => {
  const written = documents(
    { ...REQUEST, clientId: '00000000-0000-0000-0000-000000000000' },
    { ...BRANCH, aud: AUDIENCE },
  );
  const lines = written.snippets.flatMap((s) => (s.language === 'sh' ? s.lines : []));
  expect(lines.filter((line) => line.startsWith('APP_ID=$(az ad app create '))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('"$APP_ID"')).length).toBeGreaterThan(2);
});
