import type { AzureRequest } from '../../../src/providers/azure/request.ts';
import { trust } from '../../../src/providers/azure/trust.ts';
import { pasted } from '../../literals/pasted.ts';
import { BRANCH, IMMUTABLE, PULL_REQUEST, UNTRUSTED } from '../../literals/presented.ts';

const REQUEST: AzureRequest = {
  clientId: '11111111-1111-4111-8111-111111111111',
  tenantId: '22222222-2222-4222-8222-222222222222',
  cloud: 'public',
  authority: 'https://login.microsoftonline.com',
  audience: 'api://AzureADTokenExchange',
  scopes: ['https://management.azure.com/.default'],
  consumers: ['sdk'],
};
const PRESENTED = { ...BRANCH, aud: 'api://AzureADTokenExchange' };
const CREDENTIAL = {
  name: 'repo-octo-org-octo-repo-ref-refs-heads-main',
  issuer: BRANCH.iss,
  subject: BRANCH.sub,
  audiences: ['api://AzureADTokenExchange'],
};

describe('the federated credential', () => {
  it('has issuer, subject and audience of the token', () => {
    const lines = trust(REQUEST, PRESENTED);
    expect(JSON.parse(lines.slice(lines.indexOf('{'), lines.indexOf('}') + 1).join('\n'))).toEqual(CREDENTIAL);
  });

  it('can be pasted as a command', () => {
    const line = trust(REQUEST, PRESENTED).find((l) => l.startsWith('az ad app')) ?? '';
    const [parameters, flag, ...before] = pasted('az', [line]).reverse();
    expect(before.reverse()).toEqual(['ad', 'app', 'federated-credential', 'create', '--id', REQUEST.clientId]);
    expect(flag).toBe('--parameters');
    expect(JSON.parse(parameters ?? '')).toEqual(CREDENTIAL);
  });

  it('can be pasted for a managed identity', () => {
    const line = trust(REQUEST, PRESENTED).find((l) => l.startsWith('az identity federated')) ?? '';
    expect(pasted('az', [line]).join(' ')).toBe(
      `identity federated-credential create --name ${CREDENTIAL.name} --identity-name NAME --resource-group GROUP --issuer ${BRANCH.iss} --subject ${BRANCH.sub} --audiences api://AzureADTokenExchange`,
    );
  });

  it.each([
    [IMMUTABLE.sub, 'repo-octo-org-123456-octo-repo-456789-ref-refs-heads-main'],
    [`repo:o/r:environment:${'x'.repeat(200)}`, `repo-o-r-environment-${'x'.repeat(99)}`],
    ['/', '000'],
  ])('is named after the subject %s', (sub, name) => {
    const [, named] = /"name": "([^"]*)"/.exec(trust(REQUEST, { ...PRESENTED, sub }).join('\n')) ?? [];
    expect(named).toBe(name);
  });

  it('says what the trust of a pull request lets in', () => {
    expect(trust(REQUEST, PULL_REQUEST).join()).toContain('every pull request');
  });
});

it.each(UNTRUSTED)('is not written for %s: one line says why', (_, claims) => {
  expect(trust(REQUEST, claims)).toEqual([expect.stringMatching(/^No trust is written for /)]);
});
