// Acting as a service account: access tokens, ID tokens, signatures, and what they open.
import { createPublicKey, verify } from 'node:crypto';
import { defaultGcpTrust, type GcpTrust, type ServiceAccount } from '../../../sandbox/gcp/trust.ts';
import { callTo, postForm } from '../test-issuer.ts';
import {
  accountUrl,
  bodyOf,
  CLOUD_PLATFORM,
  claimsOf,
  DEPLOY,
  POOL,
  startGcp,
  withAccounts,
  withProject,
} from './world.ts';

const REPOSITORY = `principalSet://${POOL}/attribute.repository_id/1296269`;
const ID_TOKEN_CREATOR = 'roles/iam.serviceAccountOpenIdTokenCreator';
const TOKEN_CREATOR = 'roles/iam.serviceAccountTokenCreator';
const WORKLOAD_USER = 'roles/iam.workloadIdentityUser';
const MIDDLE = 'middle@octo-project.iam.gserviceaccount.com';
const LAST = 'last@octo-project.iam.gserviceaccount.com';
const GET_DELEGATE = 'iam.serviceAccounts.implicitDelegation';
const GET_TOKEN = 'iam.serviceAccounts.getAccessToken';

const bound = (role: string, ...members: string[]) => withAccounts({ bindings: [{ role, members }] });
const account = (email: string, role: string, ...members: string[]): ServiceAccount => ({
  email,
  uniqueId: '999',
  bindings: [{ role, members }],
});
/** The job may delegate to `middle`, and `middle` may sign for `deploy`. */
const chain = (role = TOKEN_CREATOR) =>
  withAccounts(
    { bindings: [{ role: TOKEN_CREATOR, members: [`serviceAccount:${MIDDLE}`] }] },
    account(MIDDLE, role, REPOSITORY),
  );
/** The job may delegate to `middle`, `middle` (with this role) to `last`, and `last` may sign for `deploy`. */
const twoLinks = (role = TOKEN_CREATOR) =>
  withAccounts(
    { bindings: [{ role: TOKEN_CREATOR, members: [`serviceAccount:${LAST}`] }] },
    account(MIDDLE, TOKEN_CREATOR, REPOSITORY),
    { ...account(LAST, role, `serviceAccount:${MIDDLE}`), uniqueId: '998' },
  );
const through = (...delegates: string[]) => ({
  delegates: delegates.map((d) => `projects/-/serviceAccounts/${d}`),
  scope: [CLOUD_PLATFORM],
});

describe('generateAccessToken', () => {
  const accepted: [string, GcpTrust | undefined, object, number][] = [
    ['an hour by default', undefined, { scope: [CLOUD_PLATFORM] }, 3600],
    ['a minute', undefined, { scope: [CLOUD_PLATFORM], lifetime: '60s' }, 60],
    ['exactly an hour', undefined, { scope: [CLOUD_PLATFORM], lifetime: '3600s' }, 3600],
    [
      'twelve hours by organisation policy',
      withAccounts({ lifetimeExtension: true }),
      { scope: [CLOUD_PLATFORM], lifetime: '43200s' },
      43_200,
    ],
    [
      'null for absent, as Python sends it',
      undefined,
      { scope: [CLOUD_PLATFORM], delegates: null, lifetime: '600s' },
      600,
    ],
    [
      'by the exact subject',
      bound(WORKLOAD_USER, `principal://${POOL}/subject/repo:octo-org/octo-repo:ref:refs/heads/main`),
      { scope: [CLOUD_PLATFORM] },
      3600,
    ],
    ['by the whole pool', bound(WORKLOAD_USER, `principalSet://${POOL}/*`), { scope: [CLOUD_PLATFORM] }, 3600],
    [
      "by the project's policy",
      withProject(() => ({ bindings: [{ role: TOKEN_CREATOR, members: [REPOSITORY] }] })),
      { scope: [CLOUD_PLATFORM] },
      3600,
    ],
    ['through a delegate', chain(), through(MIDDLE), 3600],
    ['through two delegates', twoLinks(), through(MIDDLE, LAST), 3600],
  ];
  it.each(accepted)('gives %s', async (_name, trust, body, seconds) => {
    const gcp = startGcp(trust);
    const reply = await gcp.send(await gcp.federated(), accountUrl('generateAccessToken'), body);
    expect(reply.status).toBe(200);
    const { accessToken, expireTime } = bodyOf(reply);
    expect(expireTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const entry = gcp.context.ledger.living('gcp').find((e) => e.secrets.includes(accessToken));
    expect(entry).toMatchObject({ kind: 'access token', holder: `serviceAccount:${DEPLOY}`, revocable: false });
    expect(Math.round(((entry?.expiresAt ?? 0) - (entry?.issuedAt ?? 0)) / 1000)).toBe(seconds);
  });

  it.each([DEPLOY, encodeURIComponent(DEPLOY), '104857600000000000001'])('finds the account as %s', async (name) => {
    const gcp = startGcp();
    const reply = await gcp.send(await gcp.federated(), accountUrl('generateAccessToken', name), {
      scope: [CLOUD_PLATFORM],
    });
    expect(reply.status).toBe(200);
  });

  const denied: [string, GcpTrust | undefined, object, string][] = [
    ['no binding', withAccounts({ bindings: [] }), { scope: [CLOUD_PLATFORM] }, GET_TOKEN],
    [
      "another repository's set",
      bound(WORKLOAD_USER, REPOSITORY.replace('1296269', '7')),
      { scope: [CLOUD_PLATFORM] },
      GET_TOKEN,
    ],
    [
      'a set of an attribute that is not mapped',
      bound(WORKLOAD_USER, `principalSet://${POOL}/attribute.ref/refs/heads/main`),
      { scope: [CLOUD_PLATFORM] },
      GET_TOKEN,
    ],
    [
      'two attributes in one set',
      bound(WORKLOAD_USER, `${REPOSITORY}/attribute.ref/refs/heads/main`),
      { scope: [CLOUD_PLATFORM] },
      GET_TOKEN,
    ],
    [
      'a set of another pool',
      bound(WORKLOAD_USER, REPOSITORY.replace('/github/', '/gitlab/')),
      { scope: [CLOUD_PLATFORM] },
      GET_TOKEN,
    ],
    [
      "the project's id in the set",
      bound(WORKLOAD_USER, REPOSITORY.replace('123456789012', 'octo-project')),
      { scope: [CLOUD_PLATFORM] },
      GET_TOKEN,
    ],
    ['a role that does not carry it', bound('roles/viewer', REPOSITORY), { scope: [CLOUD_PLATFORM] }, GET_TOKEN],
    ['a role for ID tokens', bound(ID_TOKEN_CREATOR, REPOSITORY), { scope: [CLOUD_PLATFORM] }, GET_TOKEN],
    ['a delegate without implicit delegation', chain(WORKLOAD_USER), through(MIDDLE), GET_DELEGATE],
    [
      'a delegate that may not itself',
      withAccounts({}, account(MIDDLE, TOKEN_CREATOR, REPOSITORY)),
      through(MIDDLE),
      GET_TOKEN,
    ],
    ['a chain in the wrong order', twoLinks(), through(LAST, MIDDLE), GET_DELEGATE],
    ['a chain whose second link is missing', twoLinks(WORKLOAD_USER), through(MIDDLE, LAST), GET_DELEGATE],
    ['a chain without its first link', twoLinks(), through(LAST), GET_DELEGATE],
    ['a chain without its last link', twoLinks(), through(MIDDLE), GET_TOKEN],
    ['a chain that leaves out its delegate', chain(), { scope: [CLOUD_PLATFORM] }, GET_TOKEN],
  ];
  it.each(denied)('denies %s', async (_name, trust, body, permission) => {
    const gcp = startGcp(trust);
    const reply = await gcp.send(await gcp.federated(), accountUrl('generateAccessToken'), body);
    const { error } = bodyOf(reply);
    expect(error).toMatchObject({
      code: 403,
      status: 'PERMISSION_DENIED',
      message: `Permission '${permission}' denied on resource (or it may not exist).`,
    });
    expect(error.details).toEqual([
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'IAM_PERMISSION_DENIED',
        domain: 'iam.googleapis.com',
        metadata: { permission },
      },
    ]);
    expect(reply.status).toBe(403);
  });

  const scope = [CLOUD_PLATFORM];
  const invalid: [string, object | string, RegExp][] = [
    ['no scope', {}, /^Request contains an invalid argument\.$/],
    ['an empty list of scopes', { scope: [] }, /invalid argument/],
    ['a scope that is none', { scope: ['deploy'] }, /invalid argument/],
    [
      'more than an hour',
      { scope, lifetime: '3601s' },
      /^Access tokens for service account deploy@octo-project\.iam\.gserviceaccount\.com can not have lifetimes of more than 1 hour\. Use the Org Policy Constraint constraints\/iam\.allowServiceAccountCredentialLifetimeExtension to allow up to 12 hours\.$/,
    ],
    ['no time at all', { scope, lifetime: '0s' }, /^Lifetime of access token must be larger then zero\.$/],
    ['a lifetime without unit', { scope, lifetime: '900' }, /lifetime/],
    ['a lifetime in minutes', { scope, lifetime: '15m' }, /lifetime/],
    ['a lifetime that is a number', { scope, lifetime: 900 }, /lifetime/],
    ['delegates by address alone', { scope, delegates: [MIDDLE] }, /invalid argument/],
    [
      'a delegate with a project',
      { scope, delegates: [`projects/octo-project/serviceAccounts/${MIDDLE}`] },
      /invalid argument/,
    ],
    ['delegates that are no list', { scope, delegates: MIDDLE }, /invalid argument/],
    ['an unknown field', { scope, scopes: [] }, /Unknown name "scopes"/],
    ['no JSON', '{', /Invalid JSON payload/],
    ['a JSON array', [], /Invalid JSON payload/],
  ];
  it.each(invalid)('refuses %s', async (_name, body, message) => {
    const gcp = startGcp();
    const reply = await gcp.send(await gcp.federated(), accountUrl('generateAccessToken'), body);
    expect(reply.status).toBe(400);
    expect(bodyOf(reply).error).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [
      'an account that is not there',
      accountUrl('generateAccessToken', 'x@octo-project.iam.gserviceaccount.com'),
      404,
      /^Not found; Gaia id not found for email x@/,
    ],
    ['a name that is none', accountUrl('generateAccessToken', 'deploy'), 400, /Invalid form of account ID deploy/],
    [
      'the project in the path',
      accountUrl('generateAccessToken').replace('/-/', '/octo-project/'),
      400,
      /invalid argument/,
    ],
    ['another method', accountUrl('deleteAccount'), 404, /Method not found/],
    ['a method of every object', accountUrl('toString'), 404, /Method not found/],
  ])('refuses %s', async (_name, url, status, message) => {
    const gcp = startGcp();
    const reply = await gcp.send(await gcp.federated(), url, { scope: [CLOUD_PLATFORM] });
    expect(bodyOf(reply).error).toMatchObject({ code: status, message: expect.stringMatching(message) });
  });

  it('takes twelve hours and no more', async () => {
    const gcp = startGcp(withAccounts({ lifetimeExtension: true }));
    const reply = await gcp.send(await gcp.federated(), accountUrl('generateAccessToken'), {
      scope: [CLOUD_PLATFORM],
      lifetime: '43201s',
    });
    expect(reply.status).toBe(400);
  });

  it('says that the API is off', async () => {
    const gcp = startGcp(withProject(() => ({ disabledServices: ['iamcredentials.googleapis.com'] })));
    const reply = await gcp.send(await gcp.federated(), accountUrl('generateAccessToken'), { scope: [CLOUD_PLATFORM] });
    expect(reply.status).toBe(403);
    expect(bodyOf(reply).error.message).toMatch(
      /^IAM Service Account Credentials API has not been used in project 123456789012 before or it is disabled\./,
    );
    expect(bodyOf(reply).error.details).toContainEqual(expect.objectContaining({ reason: 'SERVICE_DISABLED' }));
  });

  it('refuses a delegate that is not there, and one that is disabled', async () => {
    const off = withAccounts({}, { ...account(MIDDLE, TOKEN_CREATOR, REPOSITORY), disabled: true });
    for (const [trust, status] of [
      [defaultGcpTrust, 'NOT_FOUND'],
      [off, 'FAILED_PRECONDITION'],
    ] as const) {
      const gcp = startGcp(trust);
      const reply = await gcp.send(await gcp.federated(), accountUrl('generateAccessToken'), through(MIDDLE));
      expect(bodyOf(reply).error.status).toBe(status);
    }
  });

  it('refuses a disabled account', async () => {
    const gcp = startGcp(withAccounts({ disabled: true }));
    const reply = await gcp.send(await gcp.federated(), accountUrl('generateAccessToken'), { scope: [CLOUD_PLATFORM] });
    expect(bodyOf(reply).error.status).toBe('FAILED_PRECONDITION');
  });
});

describe('the bearer token', () => {
  const INVALID =
    /^Request had invalid authentication credentials\. Expected OAuth 2 access token, login cookie or other valid authentication credential\./;

  it('must be there', async () => {
    const gcp = startGcp();
    const reply = await gcp.send(undefined, accountUrl('generateAccessToken'), { scope: [CLOUD_PLATFORM] });
    expect(reply.status).toBe(401);
    expect(bodyOf(reply).error.message).toMatch(/^Request is missing required authentication credential\./);
  });

  it('must be one that was issued', async () => {
    const gcp = startGcp();
    const reply = await gcp.send('ya29.d.x', accountUrl('generateAccessToken'), { scope: [CLOUD_PLATFORM] });
    expect(bodyOf(reply).error).toMatchObject({
      code: 401,
      status: 'UNAUTHENTICATED',
      message: expect.stringMatching(INVALID),
    });
  });

  it('ends with the identity token', async () => {
    const gcp = startGcp();
    const token = await gcp.federated();
    gcp.context.clock.advance(290_000);
    expect((await gcp.send(token, accountUrl('generateAccessToken'), { scope: [CLOUD_PLATFORM] })).status).toBe(200);
    gcp.context.clock.advance(10_000);
    const reply = await gcp.send(token, accountUrl('generateAccessToken'), { scope: [CLOUD_PLATFORM] });
    expect(bodyOf(reply).error).toMatchObject({ code: 401, message: expect.stringMatching(INVALID) });
  });

  it('must carry a scope of IAM', async () => {
    const gcp = startGcp();
    const token = await gcp.federated({ scope: 'https://www.googleapis.com/auth/devstorage.read_only' });
    const reply = await gcp.send(token, accountUrl('generateAccessToken'), { scope: [CLOUD_PLATFORM] });
    expect(bodyOf(reply).error.details[0].reason).toBe('ACCESS_TOKEN_SCOPE_INSUFFICIENT');
  });

  it('falls silent with its pool, but not with its provider', async () => {
    const gcp = startGcp();
    const token = await gcp.federated();
    const ask = async () =>
      (await gcp.send(token, accountUrl('generateAccessToken'), { scope: [CLOUD_PLATFORM] })).status;
    gcp.state.trust = withProject(({ pools }) => ({
      pools: pools.map((p) => ({ ...p, providers: p.providers.map((q) => ({ ...q, disabled: true })) })),
    }));
    expect(await ask()).toBe(200);
    gcp.state.trust = withProject(({ pools }) => ({ pools: pools.map((p) => ({ ...p, disabled: true })) }));
    expect(await ask()).toBe(401);
  });
});

describe('generateIdToken', () => {
  const ask = async (body: object, trust?: GcpTrust) => {
    const gcp = startGcp(trust);
    return { gcp, reply: await gcp.send(await gcp.federated(), accountUrl('generateIdToken'), body) };
  };

  it.each([
    ['without the address', { audience: 'https://run.example.com' }, { azp: '104857600000000000001' }, false],
    [
      'with the address',
      { audience: 'https://run.example.com', includeEmail: true },
      { email: DEPLOY, email_verified: true },
      true,
    ],
    [
      'with the address as azp',
      { audience: 'https://run.example.com', includeEmail: true, useEmailAzp: true },
      { azp: DEPLOY },
      true,
    ],
  ])('signs one %s', async (_name, body, expected, hasEmail) => {
    const { gcp, reply } = await ask(body);
    expect(reply.status).toBe(200);
    const { token } = bodyOf(reply);
    const claims = claimsOf(token);
    expect(claims).toMatchObject({
      aud: 'https://run.example.com',
      iss: 'https://accounts.google.com',
      sub: '104857600000000000001',
      ...expected,
    });
    expect('email' in claims).toBe(hasEmail);
    expect(gcp.context.ledger.living('gcp').find((e) => e.kind === 'ID token')).toMatchObject({
      secrets: [token],
      scope: 'https://run.example.com',
    });
    const [head, payload, signature] = token.split('.');
    const published = bodyOf(await gcp.service.answer(callTo('https://www.googleapis.com/oauth2/v3/certs')));
    const key = createPublicKey({ key: published.keys[0], format: 'jwk' });
    expect(verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('needs an audience', async () => {
    expect((await ask({})).reply.status).toBe(400);
  });

  it.each([
    ['the role for ID tokens', bound(ID_TOKEN_CREATOR, REPOSITORY), 200],
    ['no role', withAccounts({ bindings: [] }), 403],
  ])('with %s: %s', async (_name, trust, status) => {
    const { reply } = await ask({ audience: 'a' }, trust);
    expect(reply.status).toBe(status);
    if (status === 403)
      expect(bodyOf(reply).error.message).toBe(
        "Permission 'iam.serviceAccounts.getOpenIdToken' denied on resource (or it may not exist).",
      );
  });
});

describe('domain-wide delegation', () => {
  const ADMIN = 'https://www.googleapis.com/auth/admin.directory.user.readonly';
  const trust = withAccounts({ domainWideScopes: [ADMIN], bindings: [{ role: TOKEN_CREATOR, members: [REPOSITORY] }] });

  /** signJwt, then the exchange at oauth2; `payload` over a valid one. */
  async function delegated(payload: Record<string, unknown>, world: GcpTrust = trust, spoil = (jwt: string) => jwt) {
    const gcp = startGcp(world);
    const now = gcp.context.clock.seconds();
    const claims = {
      iss: DEPLOY,
      sub: 'admin@octo.example.com',
      scope: ADMIN,
      aud: 'https://oauth2.googleapis.com/token',
      iat: now,
      exp: now + 3600,
      ...payload,
    };
    const signed = await gcp.send(await gcp.federated(), accountUrl('signJwt'), { payload: JSON.stringify(claims) });
    const fields = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: spoil(bodyOf(signed).signedJwt ?? ''),
    };
    return { gcp, signed, reply: await gcp.service.answer(postForm('https://oauth2.googleapis.com/token', fields)) };
  }

  it("gives the user's token", async () => {
    const { gcp, reply } = await delegated({});
    expect(bodyOf(reply)).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    expect(gcp.context.ledger.living('gcp').map((e) => e.holder)).toContain('admin@octo.example.com');
  });

  const wrong: [string, Record<string, unknown>, number, string][] = [
    ['a scope that was not granted', { scope: CLOUD_PLATFORM }, 401, 'unauthorized_client'],
    ['one granted scope and another', { scope: `${ADMIN} ${CLOUD_PLATFORM}` }, 401, 'unauthorized_client'],
    ['a user whom nobody knows', { sub: 'nobody@octo.example.com' }, 400, 'invalid_grant'],
    ['no scope', { scope: undefined }, 400, 'invalid_scope'],
    ['another audience', { aud: 'https://example.com' }, 400, 'invalid_grant'],
    ['more than an hour', { exp: Math.floor(Date.now() / 1000) + 4000 }, 400, 'invalid_grant'],
    ['no end', { exp: undefined }, 400, 'invalid_grant'],
    ['another account', { iss: 'other@octo-project.iam.gserviceaccount.com' }, 400, 'invalid_grant'],
  ];
  it.each(wrong)('refuses %s', async (_name, payload, status, error) => {
    const { reply } = await delegated(payload);
    expect({ status: reply.status, error: bodyOf(reply).error }).toEqual({ status, error });
  });

  it("refuses one account's signature for another", async () => {
    const two = withAccounts(
      { domainWideScopes: [ADMIN], bindings: [{ role: TOKEN_CREATOR, members: [REPOSITORY] }] },
      { email: MIDDLE, uniqueId: '999', bindings: [], domainWideScopes: [ADMIN] },
    );
    const { reply } = await delegated({ iss: MIDDLE }, two);
    expect(bodyOf(reply)).toEqual({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' });
  });

  it('refuses what was not signed', async () => {
    expect(bodyOf((await delegated({}, trust, () => 'x')).reply).error).toBe('invalid_grant');
  });

  it('needs more than the role for workload identity', async () => {
    const { signed } = await delegated({}, withAccounts({ domainWideScopes: [ADMIN] }));
    expect(bodyOf(signed).error.message).toBe(
      "Permission 'iam.serviceAccounts.signJwt' denied on resource (or it may not exist).",
    );
  });

  it('has no revocation for such tokens', async () => {
    const { gcp, reply } = await delegated({});
    const revoked = await gcp.service.answer(
      postForm('https://oauth2.googleapis.com/revoke', { token: bodyOf(reply).access_token }),
    );
    expect({ status: revoked.status, error: bodyOf(revoked).error }).toEqual({ status: 400, error: 'invalid_token' });
    expect(gcp.context.ledger.living('gcp').map(({ kind }) => kind)).toEqual([
      'federated access token',
      'signed JWT',
      'access token',
    ]);
  });
});

describe('what the tokens open', () => {
  const BUCKETS = 'https://storage.googleapis.com/storage/v1/b?project=octo-project';
  const PROJECT = 'https://cloudresourcemanager.googleapis.com/v1/projects/octo-project';
  const impersonated = async (gcp: ReturnType<typeof startGcp>, scope = CLOUD_PLATFORM): Promise<string> =>
    bodyOf(await gcp.send(await gcp.federated(), accountUrl('generateAccessToken'), { scope: [scope] })).accessToken;

  it.each([
    ['the federated token', false],
    ['the token of the service account', true],
  ])('%s lists buckets and reads the project', async (_name, asAccount) => {
    const gcp = startGcp();
    const token = asAccount ? await impersonated(gcp) : await gcp.federated();
    expect(bodyOf(await gcp.send(token, BUCKETS)).items.map((b: { name: string }) => b.name)).toEqual([
      'octo-artifacts',
      'octo-site',
    ]);
    expect(bodyOf(await gcp.send(token, PROJECT))).toMatchObject({
      projectNumber: '123456789012',
      projectId: 'octo-project',
    });
    expect(bodyOf(await gcp.send(token, PROJECT.replace('octo-project', '123456789012')))).toMatchObject({
      projectId: 'octo-project',
    });
  });

  it.each([
    ['buckets without a grant', BUCKETS, 403, /^principal:\/\/.* does not have storage\.buckets\.list access/],
    ['a project without a grant', PROJECT, 403, /^The caller does not have permission$/],
    ['buckets of another project', BUCKETS.replace('octo-project', 'other'), 403, /storage\.buckets\.list/],
    ['buckets of no project', BUCKETS.split('?')[0] ?? '', 400, /project/],
  ])('refuses %s', async (_name, url, status, message) => {
    const gcp = startGcp(withProject(() => ({ bindings: [] })));
    const reply = await gcp.send(await gcp.federated(), url);
    expect({ status: reply.status, message: bodyOf(reply).error.message }).toEqual({
      status,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['buckets without a token', BUCKETS, undefined, /^Anonymous caller does not have storage\.buckets\.list access/],
    ['buckets with a wrong token', BUCKETS, 'x', /^Invalid Credentials$/],
    ['a project without a token', PROJECT, undefined, /^Request is missing required authentication credential/],
    ['a project with a wrong token', PROJECT, 'x', /^Request had invalid authentication credentials/],
  ])('refuses %s', async (_name, url, token, message) => {
    const reply = await startGcp().send(token, url);
    expect(reply.status).toBe(401);
    expect(bodyOf(reply).error.message).toMatch(message);
  });

  it('keeps a token to its scopes', async () => {
    const gcp = startGcp();
    const token = await impersonated(gcp, 'https://www.googleapis.com/auth/devstorage.read_only');
    expect((await gcp.send(token, BUCKETS)).status).toBe(200);
    expect(bodyOf(await gcp.send(token, PROJECT)).error.details[0].reason).toBe('ACCESS_TOKEN_SCOPE_INSUFFICIENT');
  });

  it("a user's token is the user's: it has none of the account's roles, and opens the directory", async () => {
    const gcp = startGcp();
    const user = 'admin@octo.example.com';
    const scope = 'https://www.googleapis.com/auth/admin.directory.user.readonly';
    const account = 'directory@octo-project.iam.gserviceaccount.com';
    const now = gcp.context.clock.seconds();
    const aud = 'https://oauth2.googleapis.com/token';
    const payload = JSON.stringify({ iss: account, sub: user, scope, aud, iat: now, exp: now + 600 });
    const signed = await gcp.send(await gcp.federated(), accountUrl('signJwt', account), { payload });
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: bodyOf(signed).signedJwt };
    const token = bodyOf(await gcp.service.answer(postForm(aud, form))).access_token;
    const users = 'https://admin.googleapis.com/admin/directory/v1/users';
    expect(bodyOf(await gcp.send(token, users)).users).toEqual([{ kind: 'admin#directory#user', primaryEmail: user }]);
    expect((await gcp.send(await impersonated(gcp), users)).status).toBe(403);
    expect((await gcp.send(token, BUCKETS)).status).toBe(403);
  });

  it.each([
    ['nothing', undefined, 403],
    ['an ID token for it', 'https://service.run.app', 200],
    ['an ID token for another service', 'https://other.run.app', 401],
  ])('a service on Cloud Run is shown %s', async (_name, audience, status) => {
    const gcp = startGcp();
    const body = { audience, includeEmail: true };
    const token = audience && bodyOf(await gcp.send(await gcp.federated(), accountUrl('generateIdToken'), body)).token;
    const reply = await gcp.send(token, 'https://service.run.app/');
    expect(reply.status).toBe(status);
    if (status === 200) expect(bodyOf(reply)).toMatchObject({ email: DEPLOY });
  });

  it('a service on Cloud Run refuses access tokens, and ID tokens that have ended', async () => {
    const gcp = startGcp();
    expect((await gcp.send(await impersonated(gcp), 'https://service.run.app/')).status).toBe(401);
    const body = { audience: 'https://service.run.app' };
    const { token } = bodyOf(await gcp.send(await gcp.federated(), accountUrl('generateIdToken'), body));
    gcp.context.clock.advance(3_600_000);
    expect((await gcp.send(token, 'https://service.run.app/')).status).toBe(401);
  });

  it('answers the regional access boundary', async () => {
    const gcp = startGcp();
    const reply = await gcp.send(
      await impersonated(gcp),
      `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${DEPLOY}/allowedLocations`,
    );
    expect(bodyOf(reply)).toEqual({ locations: [], encodedLocations: '0x0' });
  });
});
