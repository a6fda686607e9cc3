import type { Claims } from '../../../src/core/claims.ts';
import { Failure } from '../../../src/core/failure.ts';
import { advise, TRUST_IDS } from '../../../src/providers/azure/advice.ts';
import type { AzureRequest } from '../../../src/providers/azure/request.ts';
import { trust } from '../../../src/providers/azure/trust.ts';
import { staysTame } from '../../literals/advice-law.ts';
import { BRANCH, ENVIRONMENT, IMMUTABLE } from '../../literals/presented.ts';

const REQUEST: AzureRequest = {
  clientId: '11111111-1111-4111-8111-111111111111',
  tenantId: '22222222-2222-4222-8222-222222222222',
  cloud: 'public',
  authority: 'https://login.microsoftonline.com',
  audience: 'api://AzureADTokenExchange',
  scopes: ['https://management.azure.com/.default'],
  consumers: ['sdk'],
};
const advised = (code: string, said = '', claims: Claims = BRANCH, request = REQUEST) =>
  advise(new Failure('azure/refused', 'refused', { code, said, status: 401 }), request, claims);

describe("Entra's refusals", () => {
  it.each([
    [
      'AADSTS700213',
      "AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:octo-org/octo-repo:ref:refs/heads/main'.",
      'azure/subject-refused',
    ],
    [
      'AADSTS7002138',
      'The subject matches with case-insensitive comparison, but not with case-sensitive comparison.',
      'azure/subject-case',
    ],
    [
      'AADSTS700211',
      "for presented assertion issuer 'https://token.actions.githubusercontent.com'.",
      'azure/issuer-refused',
    ],
    ['AADSTS700212', "for presented assertion audience 'api://AzureADTokenExchange'.", 'azure/audience-refused'],
    ['AADSTS70021', "Assertion Issuer: 'x'. Assertion Subject: 'y'.", 'azure/trust-refused'],
    [
      'AADSTS70025',
      "The client 'app' has no configured federated identity credentials.",
      'azure/no-federated-credential',
    ],
    ['AADSTS7002381', "must contain the enterprise claim with value 'a'", 'azure/enterprise-claim'],
    ['AADSTS700024', 'Client assertion is not within its valid time range.', 'azure/token-expired'],
    ['AADSTS50027', '', 'azure/token-refused'],
    ['AADSTS700027', '', 'azure/token-refused'],
    ['AADSTS70023', '', 'azure/token-refused'],
    ['AADSTS501661', 'Request to External OIDC endpoint failed.', 'azure/keys-unreachable'],
    ['AADSTS700223', '', 'azure/federation-disabled'],
    ['AADSTS700016', '', 'azure/unknown-client'],
    ['AADSTS7000229', '', 'azure/no-service-principal'],
    ['AADSTS90002', '', 'azure/unknown-tenant'],
    ['AADSTS900023', '', 'azure/unknown-tenant'],
    ['AADSTS70011', '', 'azure/scope-refused'],
    ['AADSTS500011', '', 'azure/scope-refused'],
    ['AADSTS7000112', '', 'azure/disabled'],
    ['AADSTS53003', '', 'azure/blocked'],
    ['temporarily_unavailable', '', 'azure/unavailable'],
  ])('%s is %s', (code, said, id) => {
    const failure = advised(code, said);
    expect(failure.id).toBe(id);
    expect(failure.fixes.length).toBeGreaterThan(0);
    expect(failure.evidence.code).toBe(code);
  });

  it.each(['AADSTS999999', 'AADSTS7002139', 'invalid_client'])('keep %s, and gain a general fix', (code) => {
    expect(advised(code)).toMatchObject({ id: 'azure/refused', fixes: [expect.stringContaining('AADSTS')] });
  });

  it('leave other failures as they are', () => {
    const failure = new Failure('azure/unreachable', 'm', { code: 'AADSTS700213' }, ['its own fix']);
    expect(advise(failure, REQUEST, BRANCH)).toBe(failure);
  });

  it.each([
    ['the subject of an environment', ENVIRONMENT, 'environment production'],
    ['the immutable subject', IMMUTABLE, 'immutable form'],
  ])('explain %s', (_, claims, words) => {
    const fixes = advised('AADSTS700213', '', claims).fixes;
    expect(fixes[0]).toContain(claims.sub);
    expect(fixes[1]).toContain(words);
  });

  it('name the issuer with its path where it has one', () => {
    const iss = 'https://token.actions.githubusercontent.com/octo';
    expect(advised('AADSTS700211', '', { ...BRANCH, iss }).fixes.join()).toContain('Mind the path');
    expect(advised('AADSTS700211').fixes.join()).not.toContain('Mind the path');
  });

  it("name the cloud's own audience beside the one that was sent", () => {
    const request: AzureRequest = { ...REQUEST, cloud: 'usgovernment', audience: 'api://AzureADTokenExchange' };
    expect(advised('AADSTS700212', '', BRANCH, request).fixes.join()).toContain('api://AzureADTokenExchangeUSGov');
  });

  it.each([
    ['AADSTS700213', true],
    ['AADSTS70025', true],
    ['AADSTS7002381', false],
    ['AADSTS700016', false],
    ['AADSTS53003', false],
  ])('%s is mended by a federated credential: %s', (code, expected) => {
    expect(TRUST_IDS.has(advised(code).id)).toBe(expected);
  });
});

it('holds no command and no token, whatever was planted', () => {
  const codes = ['AADSTS700213', 'AADSTS7002138', 'AADSTS700211', 'AADSTS70021', 'AADSTS7002381', 'AADSTS1'];
  staysTame(
    { advise, trust, TRUST_IDS },
    REQUEST,
    codes.map((code) => ({ id: 'azure/refused', code, status: 401 })),
  );
});
