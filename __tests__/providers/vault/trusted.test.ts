// What is generated, set up in a strict Vault by each of its forms: it takes this very token, lets it read, and refuses its neighbours.
import { vaultService } from '../../../sandbox/vault/service.ts';
import type { VaultTrust } from '../../../sandbox/vault/trust.ts';
import type { Claims } from '../../../src/core/claims.ts';
import type { VaultRequest } from '../../../src/providers/vault/request.ts';
import { documents } from '../../../src/providers/vault/trust.ts';
import { byCommands, byTerraform, ORIGIN } from '../../administrator/vault.ts';
import { neighboursOf } from '../../literals/neighbours.ts';
import { SITUATIONS } from '../../literals/situations.ts';
import { callTo, issuer, mint, newContext } from '../../sandbox/test-issuer.ts';

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

/** Login and read. */
async function accepts(trust: VaultTrust, claims: Claims): Promise<boolean> {
  const context = newContext();
  const service = vaultService({ ...context, issuer: { ...issuer, url: String(claims.iss) }, trust: () => trust });
  const jwt = mint(context.clock, claims);
  const body = JSON.stringify({ jwt, role: 'ci' });
  const headers = { 'content-type': 'application/json', 'x-vault-request': 'true' };
  const login = await service.answer(callTo(`${ORIGIN}/v1/auth/jwt/login`, { method: 'POST', headers, body }));
  if (login.status !== 200) return false;
  const token = JSON.parse(login.body ?? '').auth.client_token;
  const read = await service.answer(
    callTo(`${ORIGIN}/v1/secret/data/app`, { headers: { ...headers, 'x-vault-token': token } }),
  );
  return read.status === 200;
}

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
