// The hosts beside the token endpoint: discovery, resource manager, key vault.
import { azureService } from '../../../sandbox/azure/service.ts';
import { type AzureTrust, defaultAzureTrust } from '../../../sandbox/azure/trust.ts';
import type { Reply } from '../../../sandbox/service.ts';
import { callTo, mint, newContext, postForm } from '../test-issuer.ts';

const TENANT = '22222222-2222-4222-8222-222222222222';
const CLIENT = '11111111-1111-4111-8111-111111111111';
const SUBSCRIPTION = '33333333-3333-4333-8333-333333333333';
const OTHER_TENANT = '55555555-5555-4555-8555-555555555555';
const OTHER_SUBSCRIPTION = '66666666-6666-4666-8666-666666666666';
const ARM = 'https://management.azure.com';
const LIST = `${ARM}/subscriptions?api-version=2022-12-01`;
const ONE = `${ARM}/subscriptions/${SUBSCRIPTION}?api-version=2022-12-01`;
const SECRET = 'https://octo-vault.vault.azure.net/secrets/api-key?api-version=7.4';

const bodyOf = (reply: Reply) => JSON.parse(reply.body ?? '');

/** The default world and a second tenant; `roles` replaces what the identity may do. */
function trustWith(roles?: { role: string; scope: string }[]): AzureTrust {
  const tenants = defaultAzureTrust.tenants.map((tenant) => ({
    ...tenant,
    identities: tenant.identities.map((i) => ({ ...i, tokenLifetime: 3600, ...(roles && { roleAssignments: roles }) })),
  }));
  const other = {
    id: OTHER_TENANT,
    domains: [],
    displayName: 'Other',
    identities: [],
    subscriptions: [{ id: OTHER_SUBSCRIPTION, displayName: 'Other' }],
  };
  return { tenants: [...tenants, other] };
}

async function signedIn(scope: string, roles?: { role: string; scope: string }[]) {
  const context = newContext();
  const service = azureService({ ...context, trust: () => trustWith(roles) });
  const reply = await service.answer(
    postForm(`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`, {
      client_id: CLIENT,
      scope,
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: mint(context.clock, { aud: 'api://AzureADTokenExchange' }),
    }),
  );
  const token: string = bodyOf(reply).access_token;
  const get = (url: string, authorization: string | undefined = `Bearer ${token}`) =>
    service.answer(callTo(url, { headers: authorization === '' ? {} : { authorization } }));
  return { service, context, token, get };
}

describe('the resource manager', () => {
  it('lists the subscriptions that a role reaches', async () => {
    const { get } = await signedIn(`${ARM}/.default`);
    const reply = await get(LIST);
    expect(reply.status).toBe(200);
    expect(bodyOf(reply).value).toMatchObject([
      { subscriptionId: SUBSCRIPTION, tenantId: TENANT, displayName: 'Octo Production', state: 'Enabled' },
    ]);
  });

  it.each([
    ['no role at all', []],
    ['a role elsewhere', [{ role: 'Owner', scope: `/subscriptions/${OTHER_SUBSCRIPTION}` }]],
    ['a role on a longer id', [{ role: 'Owner', scope: `/subscriptions/${SUBSCRIPTION}0` }]],
  ])('lists nothing with %s, and refuses the subscription itself', async (_name, roles) => {
    const { get } = await signedIn(`${ARM}/.default`, roles);
    expect(bodyOf(await get(LIST)).value).toEqual([]);
    const refused = await get(ONE);
    expect(refused.status).toBe(403);
    expect(bodyOf(refused).error).toMatchObject({
      code: 'AuthorizationFailed',
      message: expect.stringContaining('Microsoft.Resources/subscriptions/read'),
    });
  });

  it.each([
    ['one subscription', ONE, { displayName: 'Octo Production' }],
    [
      'its resource groups',
      ONE.replace('?', '/resourcegroups?'),
      { value: [{ name: 'octo-web', location: 'westeurope' }] },
    ],
  ])('shows %s', async (_name, url, expected) => {
    const { get } = await signedIn(`${ARM}/.default`);
    const reply = await get(url);
    expect(reply.status).toBe(200);
    expect(bodyOf(reply)).toMatchObject(expected);
  });

  it.each([
    ['no token', LIST, '', 401, 'AuthenticationFailed'],
    ['another scheme', LIST, 'Basic eDp5', 401, 'AuthenticationFailedInvalidHeader'],
    ['a token of nobody', LIST, 'Bearer e30.e30.x', 401, 'InvalidAuthenticationToken'],
    ['no api-version', `${ARM}/subscriptions`, undefined, 400, 'MissingApiVersionParameter'],
    ['an id that is none', `${ARM}/subscriptions/x?api-version=1`, undefined, 400, 'InvalidSubscriptionId'],
    ['an unknown subscription', `${ARM}/subscriptions/${TENANT}?api-version=1`, undefined, 404, 'SubscriptionNotFound'],
    [
      "another tenant's subscription",
      `${ARM}/subscriptions/${OTHER_SUBSCRIPTION}?api-version=1`,
      undefined,
      401,
      'InvalidAuthenticationTokenTenant',
    ],
    ['another path', `${ARM}/providers?api-version=1`, undefined, 404, 'NotFound'],
  ])('refuses %s', async (_name, url, authorization, status, code) => {
    const { get } = await signedIn(`${ARM}/.default`);
    const reply = await get(url, authorization);
    expect({ status: reply.status, code: bodyOf(reply).error.code }).toEqual({ status, code });
    if (status === 401 && code !== 'InvalidAuthenticationTokenTenant')
      expect(reply.headers?.['www-authenticate']).toMatch(/^Bearer authorization_uri=/);
  });

  it.each([
    [
      'another resource',
      'https://vault.azure.net/.default',
      0,
      'InvalidAuthenticationTokenAudience',
      /wrong audience or resource 'https:\/\/vault\.azure\.net'/,
    ],
    ['an hour later', `${ARM}/.default`, 3_600_000, 'ExpiredAuthenticationToken', /earlier than current UTC time/],
  ])('refuses a token of %s', async (_name, scope, wait, code, text) => {
    const { get, context } = await signedIn(scope);
    context.clock.advance(wait);
    const reply = await get(LIST);
    expect(reply.status).toBe(401);
    expect(bodyOf(reply).error).toMatchObject({ code, message: expect.stringMatching(text) });
  });
});

describe('a key vault', () => {
  it('gives its secret to a token of the vault scope', async () => {
    const { get } = await signedIn('https://vault.azure.net/.default');
    const reply = await get(SECRET);
    expect(reply.status).toBe(200);
    expect(bodyOf(reply).value).toBe('octo-vault-api-key-1');
  });

  it.each([
    ['no token', SECRET, '', 401],
    ['an unknown secret', SECRET.replace('api-key', 'nothing'), undefined, 404],
    ['an unknown vault', SECRET.replace('octo-vault', 'other-vault'), undefined, 404],
  ])('refuses %s', async (_name, url, authorization, status) => {
    const { get } = await signedIn('https://vault.azure.net/.default');
    expect((await get(url, authorization)).status).toBe(status);
  });

  it('refuses a token for the resource manager, and says what it wants', async () => {
    const { get } = await signedIn(`${ARM}/.default`);
    const reply = await get(SECRET);
    expect(reply.status).toBe(401);
    expect(reply.headers?.['www-authenticate']).toBe(
      `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="https://vault.azure.net"`,
    );
  });

  it('refuses a role that does not read secrets', async () => {
    const { get } = await signedIn('https://vault.azure.net/.default', [
      { role: 'Contributor', scope: `/subscriptions/${SUBSCRIPTION}` },
    ]);
    expect(bodyOf(await get(SECRET)).error.code).toBe('Forbidden');
  });
});

describe('discovery', () => {
  const { service } = (() => ({ service: azureService({ ...newContext(), trust: () => defaultAzureTrust }) }))();

  it.each([
    [
      'a tenant',
      `https://login.microsoftonline.com/${TENANT}/v2.0/.well-known/openid-configuration`,
      200,
      { issuer: `https://login.microsoftonline.com/${TENANT}/v2.0` },
    ],
    [
      'a domain',
      'https://login.microsoftonline.com/octo.onmicrosoft.com/v2.0/.well-known/openid-configuration',
      200,
      { token_endpoint: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token` },
    ],
    [
      'an unknown tenant',
      `https://login.microsoftonline.com/${CLIENT}/v2.0/.well-known/openid-configuration`,
      400,
      { error_codes: [90002] },
    ],
    [
      'an authority',
      `https://login.microsoftonline.com/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(`https://login.microsoftonline.us/${TENANT}/oauth2/v2.0/authorize`)}`,
      200,
      { tenant_discovery_endpoint: `https://login.microsoftonline.us/${TENANT}/v2.0/.well-known/openid-configuration` },
    ],
    [
      'a foreign authority',
      'https://login.microsoftonline.com/common/discovery/instance?authorization_endpoint=https://example.com/x',
      400,
      { error: 'invalid_instance' },
    ],
    ['no authority', 'https://login.microsoftonline.com/common/discovery/instance', 400, { error: 'invalid_instance' }],
    ['another path', `https://login.microsoftonline.com/${TENANT}/oauth2/token`, 404, {}],
  ])('of %s', async (_name, url, status, expected) => {
    const reply = await service.answer(callTo(url));
    expect(reply.status).toBe(status);
    expect(bodyOf(reply)).toMatchObject(expected);
  });

  it('names no revocation endpoint', async () => {
    const reply = await service.answer(
      callTo(`https://login.microsoftonline.com/${TENANT}/v2.0/.well-known/openid-configuration`),
    );
    expect(Object.keys(bodyOf(reply)).filter((name) => name.includes('revo'))).toEqual([]);
  });

  it.each([
    ['login.microsoftonline.com', true],
    ['login.microsoftonline.us', true],
    ['login.partner.microsoftonline.cn', true],
    ['management.azure.com', true],
    ['management.chinacloudapi.cn', true],
    ['octo-vault.vault.azure.net', true],
    ['vault.azure.net', false],
    ['login.microsoftonline.com.example.com', false],
    ['graph.microsoft.com', false],
    ['login.microsoftonline.com:8443', false],
  ])('plays %s: %s', (host, plays) => {
    expect(service.plays(host)).toBe(plays);
  });
});
