// What each authority's answer without a credential tells: and no more than it does.
import { type Answer, NetworkFault, type Request } from '../../src/core/http.ts';
import type { Finding } from '../../src/core/probe.ts';
import { probe as aws } from '../../src/providers/aws/probe.ts';
import type { AwsRequest } from '../../src/providers/aws/request.ts';
import { probe as azure } from '../../src/providers/azure/probe.ts';
import type { AzureRequest } from '../../src/providers/azure/request.ts';
import { probe as gcp } from '../../src/providers/gcp/probe.ts';
import type { GcpRequest } from '../../src/providers/gcp/request.ts';
import { probe as vault } from '../../src/providers/vault/probe.ts';
import type { VaultRequest } from '../../src/providers/vault/request.ts';
import { answer, LOGIN_PAGE, serving } from '../literals/wire.ts';

const AWS = {
  roleArn: 'arn:aws:iam::123456789012:role/deploy',
  accountId: '123456789012',
  endpoint: 'https://sts.eu-west-1.amazonaws.com',
} as AwsRequest;
const AZURE = {
  tenantId: 'octo.example.com',
  clientId: '11111111-1111-4111-8111-111111111111',
  authority: 'https://login.microsoftonline.com',
  cloud: 'public',
} as AzureRequest;
const GCP = { provider: 'projects/1/locations/global/workloadIdentityPools/p/providers/g' } as GcpRequest;
const VAULT = { url: 'https://vault.example.com', authPath: 'jwt', role: 'ci', authNamespace: 'team' } as VaultRequest;

const brief = (findings: readonly Finding[]) => Object.fromEntries(findings.map((f) => [f.what, f.answer]));

describe('AWS', () => {
  it.each<[string, Answer | NetworkFault, string]>([
    ['a redirect', answer(302), 'yes'],
    ['a fault', answer(503), 'no'],
    ['nothing', new NetworkFault('ENOTFOUND', 'sts', false), 'no'],
  ])('answers with %s', async (_, reply, expected) => {
    expect(brief(await aws(AWS, serving(() => reply).send))).toEqual({
      endpoint: expected,
      role: 'unknown',
      provider: 'unknown',
    });
  });
});

describe('Entra', () => {
  const refused = (code: number) => answer(400, { error: 'invalid_tenant', error_codes: [code] });
  it.each<[string, Answer, string]>([
    ['a configuration', answer(200, { issuer: 'x' }), 'yes'],
    ['no such tenant', refused(90002), 'no'],
    ['no such tenant, in words', answer(400, { error_description: 'AADSTS90002: Tenant not found' }), 'no'],
    ['no such name', refused(900023), 'no'],
    ['another refusal', refused(50059), 'unknown'],
    ['a login page', answer(403, LOGIN_PAGE), 'unknown'],
  ])('answers with %s', async (_, reply, expected) => {
    const wire = serving(() => reply);
    expect(brief(await azure(AZURE, wire.send))).toMatchObject({ tenant: expected, application: 'unknown' });
    expect(wire.requests.map((r) => [r.method, r.url])).toEqual([
      ['GET', 'https://login.microsoftonline.com/octo.example.com/v2.0/.well-known/openid-configuration'],
    ]);
  });
});

describe('Google', () => {
  it.each<[string, Answer, string]>([
    ['no such target', answer(400, { error: 'invalid_target' }), 'no'],
    [
      'no such form',
      answer(400, { error: 'invalid_request', error_description: 'Invalid value for "audience".' }),
      'no',
    ],
    ['a refusal of the token, which is none', answer(400, { error: 'invalid_grant' }), 'unknown'],
    ['a login page', answer(200, LOGIN_PAGE), 'unknown'],
  ])('answers with %s', async (_, reply, expected) => {
    const wire = serving(() => reply);
    expect(brief(await gcp(GCP, wire.send))).toEqual({ provider: expected });
    expect(new URLSearchParams(wire.requests[0]?.body).get('subject_token')).toBe('none');
  });
});

describe('Vault', () => {
  const health = (status: number, login: Answer) =>
    serving((request: Request) => (request.url.endsWith('/sys/health') ? answer(status) : login));
  const says = (status: number, text: string) => answer(status, { errors: [text] });

  it.each<[string, number, Answer, object]>([
    ['is ready, and knows the role', 200, says(400, 'missing token'), { endpoint: 'yes', mount: 'yes', role: 'yes' }],
    ['is a standby', 429, says(400, 'missing token'), { endpoint: 'yes', mount: 'yes', role: 'yes' }],
    ['does not know the role', 200, says(400, 'role "ci" could not be found'), { mount: 'yes', role: 'no' }],
    ['wants a role', 200, says(400, 'missing role'), { mount: 'yes', role: 'no' }],
    [
      'has a role for browsers',
      200,
      says(400, 'role with oidc role_type is not allowed'),
      { mount: 'yes', role: 'no' },
    ],
    ['has a mount without configuration', 200, says(400, 'could not load configuration'), { mount: 'no' }],
    ['has no such mount', 200, says(403, 'permission denied'), { mount: 'no' }],
    ['has no such namespace', 200, says(404, 'namespace not found'), { mount: 'no' }],
    ['cannot fetch keys', 200, says(400, 'error configuring token validator'), { mount: 'yes', role: 'unknown' }],
    ['is sealed', 503, says(503, 'Vault is sealed'), { endpoint: 'no' }],
    ['was never initialised', 501, says(501, ''), { endpoint: 'no' }],
    ['is no Vault', 200, answer(200, LOGIN_PAGE), { endpoint: 'yes', mount: 'unknown' }],
    ['is something else', 418, answer(418), { endpoint: 'unknown' }],
  ])('%s', async (_, status, login, expected) => {
    const wire = health(status, login);
    const found = brief(await vault(VAULT, wire.send));
    expect(found).toMatchObject(expected);
    expect(Object.keys(found).length).toBeLessThanOrEqual(Math.max(1, Object.keys(expected).length + 1));
    for (const request of wire.requests.slice(1)) {
      expect(JSON.parse(request.body ?? '')).toEqual({ jwt: '', role: 'ci' });
      expect(request.headers).toMatchObject({ 'x-vault-namespace': 'team' });
    }
  });
});
