// Entra's token endpoint: right and wrong requests, one field at a time.
import { createPublicKey, verify } from 'node:crypto';
import { azureService } from '../../../sandbox/azure/service.ts';
import {
  type AzureTrust,
  defaultAzureTrust,
  type FederatedCredential,
  type WorkloadIdentity,
} from '../../../sandbox/azure/trust.ts';
import type { Reply } from '../../../sandbox/service.ts';
import { callTo, FORM, GITHUB, type Minting, mint, newContext, postForm, strangerKey } from '../test-issuer.ts';

const TENANT = '22222222-2222-4222-8222-222222222222';
const CLIENT = '11111111-1111-4111-8111-111111111111';
const SUBJECT = 'repo:octo-org/octo-repo:ref:refs/heads/main';
const AUDIENCE = 'api://AzureADTokenExchange';
const ARM = 'https://management.azure.com/.default';

interface Case {
  readonly claims?: Record<string, unknown>;
  readonly minting?: Minting;
  readonly form?: Record<string, string | undefined>;
  readonly assertion?: (jwt: string) => string;
  readonly tenant?: string;
  readonly host?: string;
  readonly trust?: AzureTrust;
  readonly wait?: number;
  readonly headers?: Record<string, string>;
}

function withIdentity(change: Partial<WorkloadIdentity>): AzureTrust {
  return {
    tenants: defaultAzureTrust.tenants.map((tenant) => ({
      ...tenant,
      identities: tenant.identities.map((identity) => ({ ...identity, ...change })),
    })),
  };
}

function trusting(...federatedCredentials: FederatedCredential[]): AzureTrust {
  return withIdentity({ federatedCredentials });
}

function flexible(value: string, issuer = GITHUB): AzureTrust {
  const claimsMatchingExpression = { value, languageVersion: 1 } as const;
  return trusting({ name: 'flexible', issuer, audiences: [AUDIENCE], claimsMatchingExpression });
}

const exact = { name: 'exact', issuer: GITHUB, subject: SUBJECT, audiences: [AUDIENCE] } as const;
const sovereign: AzureTrust = {
  tenants: defaultAzureTrust.tenants.map((tenant) => ({ ...tenant, cloud: 'usgovernment' as const })),
};

async function ask(asked: Case) {
  const context = newContext();
  const service = azureService({ ...context, trust: () => asked.trust ?? defaultAzureTrust });
  const jwt = mint(context.clock, { aud: AUDIENCE, ...asked.claims }, asked.minting);
  context.clock.advance(asked.wait ?? 0);
  const url = `https://${asked.host ?? 'login.microsoftonline.com'}/${asked.tenant ?? TENANT}/oauth2/v2.0/token`;
  const fields = {
    client_id: CLIENT,
    scope: ARM,
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: asked.assertion?.(jwt) ?? jwt,
    ...asked.form,
  };
  const reply = await service.answer(postForm(url, fields, asked.headers ?? FORM));
  return { reply, context, service };
}

const bodyOf = (reply: Reply) => JSON.parse(reply.body ?? '');
const claimsOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
const unsigned = () =>
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`;

describe('what is accepted', () => {
  const rows: [string, Case, Record<string, unknown>][] = [
    ['the five fields', {}, { aud: 'https://management.azure.com', appid: CLIENT, tid: TENANT }],
    ['the tenant by its domain', { tenant: 'octo.onmicrosoft.com' }, { tid: TENANT }],
    [
      'ids in upper case',
      { tenant: TENANT.toUpperCase(), form: { client_id: CLIENT.toUpperCase() } },
      { appid: CLIENT },
    ],
    [
      'a scope with a double slash',
      { form: { scope: 'https://management.core.windows.net//.default' } },
      { aud: 'https://management.core.windows.net/' },
    ],
    ['the vault scope', { form: { scope: 'https://vault.azure.net/.default' } }, { aud: 'https://vault.azure.net' }],
    [
      "the resource manager's application id",
      { form: { scope: '797f4846-ba00-4fd7-ba43-dac1f8f63013/.default' } },
      { aud: '797f4846-ba00-4fd7-ba43-dac1f8f63013' },
    ],
    ['one audience among several', { claims: { aud: ['other', AUDIENCE] } }, { tid: TENANT }],
    [
      'another cloud',
      {
        trust: sovereign,
        host: 'login.microsoftonline.us',
        form: { scope: 'https://management.usgovcloudapi.net/.default' },
      },
      { aud: 'https://management.usgovcloudapi.net' },
    ],
    ['the second of two credentials', { trust: trusting({ ...exact, subject: 'other' }, exact) }, { tid: TENANT }],
    [
      'a flexible credential',
      { trust: flexible("claims['sub'] matches 'repo:octo-org/*:ref:refs/heads/ma?n'") },
      { tid: TENANT },
    ],
    [
      'a flexible credential with and',
      {
        trust: flexible(
          `claims['sub'] eq '${SUBJECT}' and claims['job_workflow_ref'] matches 'octo-org/*@refs/heads/main'`,
        ),
      },
      { tid: TENANT },
    ],
    ['a token just before its end', { wait: 290_000 }, { tid: TENANT }],
  ];
  it.each(rows)('%s', async (_name, asked, expected) => {
    const { reply } = await ask(asked);
    expect(reply.status).toBe(200);
    const { token_type, access_token } = bodyOf(reply);
    expect(token_type).toBe('Bearer');
    expect(claimsOf(access_token)).toMatchObject(expected);
  });

  it('writes what it issued into the ledger, with its end, as something nobody can revoke', async () => {
    const { reply, context } = await ask({});
    const { access_token, expires_in, ext_expires_in } = bodyOf(reply);
    const [entry] = context.ledger.living('azure');
    expect(entry).toMatchObject({
      kind: 'access token',
      holder: CLIENT,
      scope: 'https://management.azure.com',
      revocable: false,
      secrets: [access_token],
    });
    expect(entry?.expiresAt).toBe(claimsOf(access_token).exp * 1000);
    expect(ext_expires_in).toBe(expires_in);
    expect(expires_in).toBeGreaterThanOrEqual(3599);
    expect(expires_in).toBeLessThan(5400);
  });

  it.each([
    ['24 hours for a managed identity', { kind: 'managed identity' as const }, 86_399],
    ['what the document says', { tokenLifetime: 600 }, 600],
  ])('lives %s', async (_name, change, seconds) => {
    const { reply } = await ask({ trust: withIdentity(change) });
    expect(bodyOf(reply).expires_in).toBe(seconds);
  });

  it('signs with a key that it publishes', async () => {
    const { reply, service } = await ask({});
    const published = await service.answer(callTo(`https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys`));
    const [head, payload, signature] = String(bodyOf(reply).access_token).split('.');
    const key = createPublicKey({ key: bodyOf(published).keys[0], format: 'jwk' });
    const { kid } = JSON.parse(Buffer.from(head ?? '', 'base64url').toString());
    expect(bodyOf(published).keys[0].kid).toBe(kid);
    expect(verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature ?? '', 'base64url'))).toBe(
      true,
    );
  });
});

describe('what is refused', () => {
  const noFic = /^AADSTS\d+: No matching federated identity record found for presented assertion /;
  const rows: [string, Case, number, string, number, RegExp?][] = [
    ['no grant type', { form: { grant_type: undefined } }, 400, 'invalid_request', 900144, /'grant_type'/],
    ['another grant type', { form: { grant_type: 'password' } }, 400, 'unsupported_grant_type', 70003],
    ['no client id', { form: { client_id: undefined } }, 400, 'invalid_request', 900144, /'client_id'/],
    ['no scope', { form: { scope: undefined } }, 400, 'invalid_request', 900144, /'scope'/],
    [
      'no assertion type',
      { form: { client_assertion_type: undefined } },
      400,
      'invalid_request',
      900144,
      /'client_assertion_type'/,
    ],
    ['another assertion type', { form: { client_assertion_type: 'jwt' } }, 400, 'invalid_request', 90023],
    ['no assertion', { form: { client_assertion: undefined } }, 400, 'invalid_request', 900144, /'client_assertion'/],
    [
      'no proof at all',
      { form: { client_assertion: undefined, client_assertion_type: undefined } },
      401,
      'invalid_client',
      7000216,
    ],
    ['a secret', { form: { client_assertion: undefined, client_secret: 'x' } }, 401, 'invalid_client', 7000215],
    [
      'a JSON content type',
      { headers: { 'content-type': 'application/json' } },
      400,
      'invalid_request',
      900144,
      /'grant_type'/,
    ],
    ['no content type', { headers: {} }, 400, 'invalid_request', 900144, /'grant_type'/],
    ['a tenant that is no name', { tenant: 'octo' }, 400, 'invalid_request', 900023, /'octo'/],
    ['an unknown tenant', { tenant: '99999999-2222-4222-8222-222222222222' }, 400, 'invalid_request', 90002],
    ['an unknown domain', { tenant: 'nobody.example.com' }, 400, 'invalid_request', 90002],
    ['common for a tenant', { tenant: 'common' }, 400, 'invalid_request', 50059],
    ['the wrong cloud', { host: 'login.microsoftonline.us' }, 400, 'invalid_request', 90002],
    ['an unknown client', { form: { client_id: TENANT } }, 400, 'unauthorized_client', 700016, /'Octo Org'/],
    ['a disabled client', { trust: withIdentity({ disabled: true }) }, 400, 'unauthorized_client', 7000112],
    [
      'a scope without .default',
      { form: { scope: 'https://management.azure.com/user_impersonation' } },
      400,
      'invalid_scope',
      1002012,
    ],
    ['a scope of no resource', { form: { scope: 'management/.default' } }, 400, 'invalid_scope', 70011],
    ['two resources', { form: { scope: `${ARM} https://vault.azure.net/.default` } }, 400, 'invalid_request', 28000],
    ['one resource twice', { form: { scope: `${ARM} ${ARM}` } }, 400, 'invalid_scope', 1002012],
    [
      'an unknown resource',
      { form: { scope: 'https://nowhere.example.com/.default' } },
      400,
      'invalid_resource',
      500011,
    ],
    [
      "another cloud's resource",
      { form: { scope: 'https://management.usgovcloudapi.net/.default' } },
      400,
      'invalid_resource',
      500011,
    ],
    ['an assertion that is no JWT', { assertion: () => 'not-a-jwt' }, 400, 'invalid_request', 50027],
    ['an assertion of three parts that are none', { assertion: () => 'a.b.c' }, 400, 'invalid_request', 50027],
    ['an unsigned assertion', { assertion: unsigned }, 400, 'invalid_request', 50027],
    ['a final line end in the assertion', { assertion: (jwt) => `${jwt}\n` }, 400, 'invalid_request', 50027],
    ['no credential', { trust: trusting() }, 401, 'invalid_client', 70025, /'octo-deploy'/],
    ['another issuer', { claims: { iss: 'https://token.example.com' } }, 401, 'invalid_client', 700211, noFic],
    [
      'a credential with a slash behind the issuer',
      { trust: trusting({ ...exact, issuer: `${GITHUB}/` }) },
      401,
      'invalid_client',
      700211,
      noFic,
    ],
    [
      'another branch',
      { claims: { sub: 'repo:octo-org/octo-repo:ref:refs/heads/next' } },
      401,
      'invalid_client',
      700213,
      /heads\/next'/,
    ],
    [
      'an environment',
      { claims: { sub: 'repo:octo-org/octo-repo:environment:prod' } },
      401,
      'invalid_client',
      700213,
      noFic,
    ],
    [
      'the immutable subject',
      { claims: { sub: 'repo:octo-org@583231/octo-repo@1296269:ref:refs/heads/main' } },
      401,
      'invalid_client',
      700213,
    ],
    ['no subject', { claims: { sub: undefined } }, 401, 'invalid_client', 700213],
    [
      'a star, which is literal in a subject',
      { trust: trusting({ ...exact, subject: 'repo:octo-org/*' }) },
      401,
      'invalid_client',
      700213,
    ],
    [
      'another case in the subject',
      { claims: { sub: 'repo:Octo-Org/octo-repo:ref:refs/heads/main' } },
      401,
      'invalid_client',
      7002138,
      /not with case-sensitive comparison/,
    ],
    ['another audience', { claims: { aud: 'api://AzureADTokenExchangeUSGov' } }, 401, 'invalid_client', 700212, noFic],
    ['no audience', { claims: { aud: undefined } }, 401, 'invalid_client', 700212],
    [
      'an issuer that cannot be reached',
      {
        claims: { iss: 'https://ghes.example.com/_services/token' },
        trust: trusting({ ...exact, issuer: 'https://ghes.example.com/_services/token' }),
      },
      400,
      'invalid_request',
      501661,
    ],
    ['an unknown key', { minting: { header: { kid: 'other' } } }, 401, 'invalid_client', 7000272, /identifier other /],
    ['a foreign signature', { minting: { key: strangerKey } }, 401, 'invalid_client', 700027],
    [
      'changed claims',
      {
        assertion: (jwt) =>
          jwt.replace(
            /\.[^.]+\./,
            `.${Buffer.from(JSON.stringify({ ...claimsOf(jwt), exp: 9e9 })).toString('base64url')}.`,
          ),
      },
      401,
      'invalid_client',
      700027,
    ],
    ['another algorithm', { minting: { header: { alg: 'RS512' } } }, 401, 'invalid_client', 700027],
    ['an expired token', { wait: 300_000 }, 401, 'invalid_client', 700024, /expiry time of assertion/],
    [
      'a token of the future',
      { claims: { nbf: 9_000_000_000, exp: 9_000_000_300, iat: 9_000_000_000 } },
      401,
      'invalid_client',
      700024,
    ],
    ['a token without end', { claims: { exp: undefined } }, 400, 'invalid_request', 50027],
    ['a token of two days', { claims: { exp: Math.floor(Date.now() / 1000) + 172_800 } }, 401, 'invalid_client', 70023],
    [
      'a flexible credential for another owner',
      { trust: flexible("claims['sub'] matches 'repo:other/*'") },
      401,
      'invalid_client',
      700213,
    ],
    [
      'a flexible credential with a claim that may not be named',
      { trust: flexible("claims['actor'] eq 'octocat'"), claims: { actor: 'octocat' } },
      401,
      'invalid_client',
      700213,
    ],
    [
      'a flexible credential whose second half fails',
      { trust: flexible("claims['sub'] matches '*' and claims['job_workflow_ref'] eq 'x'") },
      401,
      'invalid_client',
      700213,
    ],
    [
      'a flexible credential with or',
      { trust: flexible("claims['sub'] matches '*' or claims['sub'] eq 'x'") },
      401,
      'invalid_client',
      700213,
    ],
  ];
  // `texts` is a rest parameter because jest would take a missing last one for its `done` callback.
  it.each(rows)('%s', async (_name, asked, status, error, code, ...texts) => {
    const { reply, context } = await ask(asked);
    const body = bodyOf(reply);
    expect({ status: reply.status, error: body.error, codes: body.error_codes }).toEqual({
      status,
      error,
      codes: [code],
    });
    expect(body.error_description).toMatch(
      new RegExp(
        `^AADSTS${code}: .* Trace ID: ${body.trace_id} Correlation ID: ${body.correlation_id} Timestamp: ${body.timestamp}$`,
      ),
    );
    for (const text of texts) expect(body.error_description).toMatch(text ?? '');
    expect(body.error_uri).toBe(`https://${asked.host ?? 'login.microsoftonline.com'}/error?code=${code}`);
    expect(reply.headers?.['x-ms-request-id']).toBe(body.trace_id);
    expect(context.ledger.all()).toEqual([]);
  });

  it('a field that stands twice', async () => {
    const { service } = await ask({});
    const body = 'grant_type=client_credentials&client_id=a&client_id=b';
    const reply = await service.answer(
      callTo(`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`, { method: 'POST', headers: FORM, body }),
    );
    expect(bodyOf(reply).error_codes).toEqual([9000411]);
  });

  it('a GET', async () => {
    const { service } = await ask({});
    const reply = await service.answer(callTo(`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`));
    expect(bodyOf(reply).error_codes).toEqual([900561]);
  });

  it("answers with the client's own correlation id", async () => {
    const { reply } = await ask({ form: { scope: 'x', 'client-request-id': CLIENT } });
    expect(bodyOf(reply).correlation_id).toBe(CLIENT);
  });
});
