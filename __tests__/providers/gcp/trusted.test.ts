// What is generated, set up in a strict project by each of its forms: it takes this very token, and refuses its neighbours.
import type { Claims } from '../../../src/core/claims.ts';
import type { GcpRequest } from '../../../src/providers/gcp/request.ts';
import { documents } from '../../../src/providers/gcp/trust.ts';
import {
  ACCOUNT,
  accepts,
  byCommands,
  byConsole,
  byRepository,
  byTerraform,
  PROVIDER,
} from '../../administrator/gcp.ts';
import { neighboursOf } from '../../literals/neighbours.ts';
import { BRANCH } from '../../literals/presented.ts';
import { SITUATIONS } from '../../literals/situations.ts';

const REQUEST: GcpRequest = {
  provider: PROVIDER,
  serviceAccount: ACCOUNT,
  projectId: 'octo-project',
  audience: `https://iam.googleapis.com/${PROVIDER}`,
  universe: 'googleapis.com',
  delegates: [],
  accessToken: false,
  tokenUndelivered: false,
  scopes: ['https://www.googleapis.com/auth/cloud-platform'],
  tokenLifetime: 3600,
  credentialsFile: true,
};
const LONG: Claims = {
  ...BRANCH,
  sub: `repo:octo-org/octo-repo:environment:${'x'.repeat(100)}`,
  environment: 'x'.repeat(100),
};
const addressed = (claims: Claims): Claims => ({ ...claims, aud: REQUEST.audience });
const PLACES: readonly (readonly [string, Claims])[] = [
  ...SITUATIONS.map(([name, claims]) => [name, addressed(claims)] as const),
  ['a long subject', addressed(LONG)],
  ['an audience of its own', { ...BRANCH, aud: 'https://octo.example/gcp' }],
];

/** The workflow file of a pull request is at another ref each time. */
const LET_IN: Readonly<Record<string, readonly string[]>> = {
  'a pull request': ['another workflow'],
  // The subject does not hold it, and this token has none that could be compared.
  'a customised subject': ['an environment'],
};

describe.each(PLACES)('the trust for %s', (situation, claims) => {
  const written = documents(REQUEST, claims);

  it.each([byConsole, byCommands, byRepository, byTerraform])(
    'takes this token and refuses its neighbours: %p',
    async (setUp) => {
      const trust = await setUp(written);
      expect(await accepts(trust, claims)).toBe(true);
      const letIn: string[] = [];
      for (const { name, claims: other } of neighboursOf(claims)) if (await accepts(trust, other)) letIn.push(name);
      expect(letIn).toEqual(LET_IN[situation] ?? []);
    },
  );

  it('says of each that it lets in by what it cannot tell it', () => {
    const letIn = neighboursOf(claims).filter(({ name }) => LET_IN[situation]?.includes(name));
    for (const { by } of letIn) expect(written.notes.join('\n')).toMatch(by === 'sub' ? /customised/ : by);
  });
});
