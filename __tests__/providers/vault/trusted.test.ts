// What is generated, set up in a strict Vault by each of its forms: it takes this very token, lets it read, and refuses its neighbours.
import type { VaultRequest } from '../../../src/providers/vault/request.ts';
import { documents } from '../../../src/providers/vault/trust.ts';
import { accepts, byCommands, byTerraform, ORIGIN } from '../../administrator/vault.ts';
import { neighboursOf } from '../../literals/neighbours.ts';
import { SITUATIONS } from '../../literals/situations.ts';

const REQUEST: VaultRequest = {
  url: ORIGIN,
  role: 'ci',
  authPath: 'jwt',
  audience: ORIGIN,
  secrets: [{ path: 'secret/data/app', selector: { kind: 'all', keepCase: false } }],
  exportToken: false,
  ignoreNotFound: false,
};
const PLACES = SITUATIONS.map(([name, claims]) => [name, { ...claims, aud: ORIGIN }] as const);
const LET_IN: Readonly<Record<string, readonly string[]>> = {
  'a pull request': ['another workflow'],
  // The subject does not hold it, and this token has none that could be compared.
  'a customised subject': ['an environment'],
};

describe.each(PLACES)('the role for %s', (situation, claims) => {
  const written = documents(REQUEST, claims);

  it.each([byCommands, byTerraform])('takes this token and refuses its neighbours: %p', async (setUp) => {
    const trust = await setUp(written);
    expect(await accepts(trust, claims)).toBe(true);
    const letIn: string[] = [];
    for (const { name, claims: other } of neighboursOf(claims)) if (await accepts(trust, other)) letIn.push(name);
    expect(letIn).toEqual(LET_IN[situation] ?? []);
  });

  it('says of each that it lets in by what it cannot tell it', () => {
    const letIn = neighboursOf(claims).filter(({ name }) => LET_IN[situation]?.includes(name));
    for (const { by } of letIn) expect(written.notes.join('\n')).toMatch(by === 'sub' ? /customised/ : by);
  });
});
