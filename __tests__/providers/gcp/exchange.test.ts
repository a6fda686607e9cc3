import { NetworkFault } from '../../../src/core/http.ts';
import type { Secret } from '../../../src/core/secret.ts';
import { exchange } from '../../../src/providers/gcp/exchange.ts';
import type { GcpRequest } from '../../../src/providers/gcp/request.ts';
import { START } from '../../literals/clock.ts';
import { exchangePorts } from '../../literals/exchange-ports.ts';
import { CLAIMS, identities } from '../../literals/identity.ts';
import { recordingKeep } from '../../literals/keep.ts';
import { answer, LOGIN_PAGE, type Reply, scripted } from '../../literals/wire.ts';

const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org';
const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
const ACCOUNT = 'deploy@my-project.iam.gserviceaccount.com';
const REQUEST: GcpRequest = {
  provider: PROVIDER,
  audience: `https://iam.googleapis.com/${PROVIDER}`,
  universe: 'googleapis.com',
  delegates: [],
  accessToken: true,
  tokenUndelivered: false,
  scopes: [CLOUD_PLATFORM],
  tokenLifetime: 3600,
  credentialsFile: true,
  projectId: 'my-project',
};
const IMPERSONATING: Partial<GcpRequest> = { serviceAccount: ACCOUNT };
const FEDERATED = 'ya29.d.c0-federated-token-of-google';
const ACCESS = 'ya29.c.c0-access-token-of-the-account';

const federated = (changes: Record<string, unknown> = {}) =>
  answer(200, {
    access_token: FEDERATED,
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'Bearer',
    expires_in: 300,
    ...changes,
  });
const account = (changes: Record<string, unknown> = {}) =>
  answer(200, { accessToken: ACCESS, expireTime: '2026-11-25T13:00:00Z', ...changes });
const stsRefused = (error: string, said: string, status = 400) => answer(status, { error, error_description: said });
const iamRefused = (code: number, status: string, message: string) =>
  answer(code, { error: { code, message, status } });

async function run(replies: readonly Reply[], changes: Partial<GcpRequest> = {}) {
  const wire = scripted(...replies);
  const keep = recordingKeep();
  const tokens = identities({ ...CLAIMS, aud: REQUEST.audience });
  const outcome = exchange({ ...REQUEST, ...changes }, tokens, exchangePorts(wire.send), keep);
  const grant = await outcome.catch((thrown: unknown) => thrown as never);
  const forms = wire.requests.map((request) => new URLSearchParams(request.body));
  return { grant, keep, tokens, requests: wire.requests, forms };
}

/** The record by which post will say until when it lives. */
const UNTIL = ['owe', 'expiring', expect.objectContaining({ at: expect.any(Number) })];

describe('direct federation', () => {
  it("exchanges the identity token at Google's STS", async () => {
    const { requests, forms, grant } = await run([federated()]);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', url: 'https://sts.googleapis.com/v1/token' });
    expect(Object.keys(requests[0]?.headers ?? {}).map((n) => n.toLowerCase())).not.toContain('authorization');
    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience: `//iam.googleapis.com/${PROVIDER}`,
      scope: CLOUD_PLATFORM,
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token: expect.stringMatching(/^ey/),
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    });
    expect(grant.credentials).toEqual([
      {
        cloud: 'gcp',
        kind: 'Google federated access token',
        holder: PROVIDER,
        scope: CLOUD_PLATFORM,
        expiresAt: START + 300_000,
        ending: 'expires',
      },
    ]);
  });

  it('masks the token before anything else', async () => {
    const { keep } = await run([federated()]);
    expect(keep.journal).toEqual([['mask', FEDERATED], UNTIL]);
  });

  it("asks for the user's scopes", async () => {
    const scopes = ['https://www.googleapis.com/auth/devstorage.read_only', CLOUD_PLATFORM];
    expect((await run([federated()], { scopes })).forms[0]?.get('scope')).toBe(scopes.join(' '));
  });
});

describe('impersonation', () => {
  it('asks for cloud-platform first, and for the scopes with the federated token', async () => {
    const scopes = ['https://www.googleapis.com/auth/devstorage.read_only'];
    const changes = { ...IMPERSONATING, scopes, tokenLifetime: 900, requestReason: 'https://github.com/o/r/runs/1' };
    const { requests, forms, keep } = await run([federated(), account()], changes);
    expect(requests[0]?.headers).toMatchObject({ 'x-goog-request-reason': changes.requestReason });
    expect(forms[0]?.get('scope')).toBe(CLOUD_PLATFORM);
    expect(requests[1]).toEqual({
      method: 'POST',
      url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`,
      headers: {
        authorization: `Bearer ${FEDERATED}`,
        'content-type': 'application/json',
        'x-goog-request-reason': 'https://github.com/o/r/runs/1',
      },
      body: JSON.stringify({ scope: scopes, lifetime: '900s' }),
    });
    expect(keep.journal).toEqual([['mask', FEDERATED], UNTIL, ['mask', ACCESS], UNTIL]);
  });

  it('gives both credentials, each with its own end', async () => {
    const { grant } = await run([federated(), account()], IMPERSONATING);
    expect(grant.credentials.map((c) => [c.kind, c.holder, c.expiresAt])).toEqual([
      ['Google federated access token', PROVIDER, START + 300_000],
      ['Google access token', ACCOUNT, START + 3_600_000],
    ]);
  });
});

it.each([
  [true, [expect.stringContaining('output-credentials')]],
  [false, []],
])('says so where no output carries the token that was asked for: %s', async (tokenUndelivered, warnings) => {
  const { grant } = await run([federated()], { tokenUndelivered });
  expect(grant.warnings).toEqual(warnings);
});

describe('what consumers find', () => {
  it('the project under every name that is read', async () => {
    const { grant } = await run([federated()], { quotaProject: 'billing-project' });
    expect(Object.fromEntries(grant.variables.map((v) => [v.name, v.value]))).toEqual({
      GOOGLE_CLOUD_PROJECT: 'my-project',
      GCLOUD_PROJECT: 'my-project',
      GCP_PROJECT: 'my-project',
      CLOUDSDK_CORE_PROJECT: 'my-project',
      CLOUDSDK_PROJECT: 'my-project',
      GOOGLE_CLOUD_QUOTA_PROJECT: 'billing-project',
    });
    expect(grant.outputs).toEqual([{ name: 'gcp-project-id', value: 'my-project' }]);
  });

  it('a credentials file that points at the token file, without a secret of its own', async () => {
    const { grant, tokens } = await run([federated(), account()], { ...IMPERSONATING, tokenLifetime: 300 });
    const [token, credentials] = grant.files;
    expect(String(token?.content(() => ''))).toBe('***');
    const written = String(credentials?.content((name) => `/temp/x/${name}`));
    expect(JSON.parse(written)).toEqual({
      type: 'external_account',
      audience: `//iam.googleapis.com/${PROVIDER}`,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: 'https://sts.googleapis.com/v1/token',
      universe_domain: 'googleapis.com',
      credential_source: { file: `/temp/x/${token?.name}` },
      service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`,
      // gcloud refuses less than ten minutes.
      service_account_impersonation: { token_lifetime_seconds: 600 },
    });
    expect(written).not.toMatch(/executable|ACTIONS_ID_TOKEN/);
    expect(written).not.toContain(tokens.get('exchange').token.reveal());
    expect(credentials?.variables).toEqual([
      'GOOGLE_APPLICATION_CREDENTIALS',
      'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE',
      'GOOGLE_GHA_CREDS_PATH',
    ]);
  });

  it('the same file once more, for docker actions, and no variable that leads to it', async () => {
    const [, , docker] = (await run([federated()])).grant.files;
    expect(docker).toMatchObject({ forDocker: true, variables: [], outputs: ['gcp-docker-credentials-file'] });
    const written = JSON.parse(String(docker?.content((name) => `/github/runner_temp/x/${name}`)));
    expect(written.credential_source).toEqual({ file: '/github/runner_temp/x/gcp-identity-token' });
  });

  it('no file where none is wanted', async () => {
    expect((await run([federated()], { credentialsFile: false })).grant.files).toEqual([]);
  });

  it.each([
    ['the file: the identity token in it', { credentialsFile: true }, START + 300_000],
    ['the access token, where there is no file', { credentialsFile: false }, START + 3_600_000],
  ])('ends with %s', async (_, changes, end) => {
    expect(
      (await run([federated({ expires_in: 299 }), account()], { ...IMPERSONATING, ...changes })).grant.expiresAt,
    ).toBe(end);
  });
});

const ID_AUDIENCE = 'https://run.example.com';
const jwt = (claims: object) =>
  ['{"alg":"RS256"}', JSON.stringify(claims), 'signature'].map((p) => Buffer.from(p).toString('base64url')).join('.');
const ID_END = START / 1000 + 3600;
const ID_TOKEN = jwt({ aud: ID_AUDIENCE, exp: ID_END });
const idToken = (token: unknown = ID_TOKEN) => answer(200, { token });
const ID: Partial<GcpRequest> = {
  ...IMPERSONATING,
  idToken: { audience: ID_AUDIENCE, includeEmail: true },
  accessToken: false,
  credentialsFile: false,
};

describe('an ID token', () => {
  it('is asked for with its audience, and is all that is made where there is no file', async () => {
    const { grant, requests, keep } = await run([federated(), idToken()], { ...ID, requestReason: 'why' });
    expect(requests.slice(1)).toEqual([
      {
        method: 'POST',
        url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${ACCOUNT}:generateIdToken`,
        headers: {
          authorization: `Bearer ${FEDERATED}`,
          'content-type': 'application/json',
          'x-goog-request-reason': 'why',
        },
        body: JSON.stringify({ audience: ID_AUDIENCE, includeEmail: true }),
      },
    ]);
    expect(keep.journal).toEqual([['mask', FEDERATED], UNTIL, ['mask', ID_TOKEN], UNTIL]);
    expect(grant.secretOutputs.map((o) => [o.name, String(o.value)])).toEqual([['gcp-id-token', '***']]);
    expect(grant.expiresAt).toBe(ID_END * 1000);
    expect(grant.credentials.at(-1)).toEqual({
      cloud: 'gcp',
      kind: 'Google ID token',
      holder: ACCOUNT,
      scope: ID_AUDIENCE,
      expiresAt: ID_END * 1000,
      ending: 'expires',
    });
  });

  it('comes beside the access token that the file stands for', async () => {
    const { grant, requests } = await run([federated(), account(), idToken()], {
      ...ID,
      accessToken: true,
      credentialsFile: true,
    });
    expect(requests.map(({ url }) => url.split(':').at(-1)).sort()).toEqual([
      '//sts.googleapis.com/v1/token',
      'generateAccessToken',
      'generateIdToken',
    ]);
    expect(grant.secretOutputs.map((o) => o.name)).toEqual(['gcp-access-token', 'gcp-id-token']);
  });

  it('is kept though the access token beside it was refused', async () => {
    const denied = iamRefused(403, 'PERMISSION_DENIED', "Permission 'iam.serviceAccounts.getAccessToken' denied");
    const { grant, keep } = await run([federated(), denied, idToken()], { ...ID, accessToken: true });
    expect(grant).toMatchObject({ id: 'gcp/impersonation-refused' });
    expect(keep.journal).toContainEqual(['mask', ID_TOKEN]);
  });

  it.each([
    ['for another audience', jwt({ aud: 'https://other.example.com', exp: ID_END })],
    ['for several audiences', jwt({ aud: [ID_AUDIENCE, 'x'], exp: ID_END })],
    ['without an end', jwt({ aud: ID_AUDIENCE })],
    ['that is no JWT', 'ya29.c.not-a-jwt'],
    ['that is empty', ''],
  ])('%s is not passed on', async (_, token) => {
    const { grant } = await run([federated(), idToken(token)], ID);
    expect(grant).toMatchObject({ id: 'gcp/bad-answer', evidence: { host: 'iamcredentials.googleapis.com' } });
  });
});

describe('a chain of delegates', () => {
  const delegates = ['one@p.iam.gserviceaccount.com', '104857600000000000001'];
  it.each<[string, Reply, Partial<GcpRequest>]>([
    ['generateAccessToken', account(), IMPERSONATING],
    ['generateIdToken', idToken(), ID],
  ])('is sent as resource names, in order: %s', async (method, reply, changes) => {
    const { requests } = await run([federated(), reply], { ...changes, delegates, credentialsFile: false });
    expect(requests[1]?.url).toMatch(new RegExp(`${ACCOUNT}:${method}$`));
    expect(JSON.parse(requests[1]?.body ?? '').delegates).toEqual([
      'projects/-/serviceAccounts/one@p.iam.gserviceaccount.com',
      'projects/-/serviceAccounts/104857600000000000001',
    ]);
  });
});

describe('domain-wide delegation', () => {
  const SIGNED = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmVkLWJ5LWdvb2dsZQ';
  const USERS = 'ya29.c.c0-access-token-of-the-user';
  const SCOPES = ['https://www.googleapis.com/auth/admin.directory.user.readonly', CLOUD_PLATFORM];
  const AS_USER: Partial<GcpRequest> = {
    ...IMPERSONATING,
    subject: 'admin@octo.example.com',
    scopes: SCOPES,
    tokenLifetime: 1800,
    credentialsFile: false,
  };
  const signed = (changes: object = {}) => answer(200, { keyId: 'k', signedJwt: SIGNED, ...changes });
  const users = (changes: object = {}) =>
    answer(200, { access_token: USERS, expires_in: 1799, token_type: 'Bearer', ...changes });

  it('has the account sign that it acts as the user, and exchanges that', async () => {
    const { grant, requests, forms, keep } = await run([federated(), signed(), users()], {
      ...AS_USER,
      delegates: ['one@p.iam.gserviceaccount.com'],
    });
    expect(requests.map((r) => r.url)).toEqual([
      'https://sts.googleapis.com/v1/token',
      `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${ACCOUNT}:signJwt`,
      'https://oauth2.googleapis.com/token',
    ]);
    const body = JSON.parse(requests[1]?.body ?? '');
    expect(body.delegates).toEqual(['projects/-/serviceAccounts/one@p.iam.gserviceaccount.com']);
    // By the clock of GitHub's token, not the runner's.
    const { iat } = CLAIMS;
    expect(JSON.parse(body.payload)).toEqual({
      iss: ACCOUNT,
      sub: 'admin@octo.example.com',
      scope: SCOPES.join(' '),
      aud: 'https://oauth2.googleapis.com/token',
      iat,
      exp: Number(iat) + 1800,
    });
    expect(Object.fromEntries(forms[2] ?? [])).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: SIGNED,
    });
    expect(requests[2]?.headers).not.toHaveProperty('authorization');
    expect(keep.journal.map(([, value]) => value)).toEqual([FEDERATED, 'expiring', SIGNED, USERS, 'expiring']);
    expect(grant.credentials.at(-1)).toMatchObject({ holder: 'admin@octo.example.com', expiresAt: START + 1_799_000 });
    expect(grant.secretOutputs.map((o) => o.name)).toEqual(['gcp-access-token']);
    expect(grant.remarks).toContain(`Google Cloud: admin@octo.example.com through ${ACCOUNT}`);
  });

  it.each([
    ['unauthorized_client', 401, 'Client is unauthorized to retrieve access tokens using this method.'],
    ['invalid_grant', 400, 'Invalid email or User ID'],
    ['invalid_scope', 400, 'Invalid OAuth scope or ID token audience provided.'],
  ])('a refusal of OAuth is tried once: %s', async (code, status, said) => {
    const { grant, requests } = await run([federated(), signed(), stsRefused(code, said, status)], AS_USER);
    expect(requests).toHaveLength(3);
    expect(grant).toMatchObject({
      id: 'gcp/delegation-refused',
      evidence: { host: 'oauth2.googleapis.com', status, code, said },
    });
    expect((grant as unknown as Error).message).not.toContain(SIGNED);
  });

  it.each<[string, Reply[]]>([
    ['no signature', [signed({ signedJwt: undefined })]],
    ['a login page', [signed(), answer(200, LOGIN_PAGE)]],
    ['no token', [signed(), users({ access_token: undefined })]],
    ['no end', [signed(), users({ expires_in: '1799' })]],
    ['a line end in the token', [signed(), users({ access_token: `${USERS}\nX=y` })]],
  ])('%s is refused', async (_, replies) => {
    const { grant } = await run([federated(), ...replies], AS_USER);
    expect(grant).toMatchObject({ id: 'gcp/bad-answer' });
  });
});

describe('another universe', () => {
  it('has its own hosts, names and file, and tells later steps', async () => {
    const universe = 's3nsapis.fr';
    const { grant, requests, forms } = await run([federated(), account()], { ...IMPERSONATING, universe });
    expect(requests.map(({ url }) => new URL(url).host)).toEqual(['sts.s3nsapis.fr', 'iamcredentials.s3nsapis.fr']);
    expect(forms[0]?.get('audience')).toBe(`//iam.s3nsapis.fr/${PROVIDER}`);
    const file = JSON.parse(String(grant.files[1]?.content((name) => name)));
    expect(file).toMatchObject({
      universe_domain: universe,
      audience: `//iam.s3nsapis.fr/${PROVIDER}`,
      token_url: 'https://sts.s3nsapis.fr/v1/token',
      service_account_impersonation_url: expect.stringMatching(/^https:\/\/iamcredentials\.s3nsapis\.fr\//),
    });
    expect(Object.fromEntries(grant.variables.map((v) => [v.name, v.value]))).toMatchObject({
      GOOGLE_CLOUD_UNIVERSE_DOMAIN: universe,
      CLOUDSDK_CORE_UNIVERSE_DOMAIN: universe,
    });
  });
});

describe('the lifetime that was asked for', () => {
  it.each<[string, Reply[], Partial<GcpRequest>, RegExp[]]>([
    ['a federated token', [federated()], { lifetime: 60 }, [/outlives the lifetime of 1m and ends at 2026/]],
    [
      'what libraries get through the file',
      [federated(), account({ expireTime: new Date(START + 300_000).toISOString() })],
      { ...IMPERSONATING, lifetime: 300, tokenLifetime: 300 },
      [/no token of less than 10m .*outlive the lifetime of 5m/],
    ],
    ['an ID token', [federated(), idToken()], { ...ID, lifetime: 900 }, [/outlives the lifetime of 15m/]],
    ['nothing', [federated(), account()], { ...IMPERSONATING, lifetime: 3600 }, []],
    ['what nobody asked to be shorter', [federated(), idToken()], ID, []],
  ])('is outlived by %s, and that is said', async (_, replies, changes, warnings) => {
    const { grant } = await run(replies, changes);
    expect(grant.warnings).toEqual(warnings.map((words) => expect.stringMatching(words)));
  });
});

describe("a refusal of Google's STS", () => {
  it.each([
    ['invalid_request', 400, 'Invalid value for "audience".'],
    ['invalid_target', 400, 'The target service indicated by the "audience" parameters is invalid.'],
    ['unauthorized_client', 401, 'The given credential is rejected by the attribute condition.'],
    ['invalid_grant', 400, 'The audience in ID Token [x] does not match the expected audience y.'],
  ])('is tried once: %s', async (code, status, said) => {
    const { grant, requests, keep } = await run([stsRefused(code, said, status)], IMPERSONATING);
    expect(requests).toHaveLength(1);
    expect(grant).toMatchObject({ id: 'gcp/refused', evidence: { host: 'sts.googleapis.com', status, code, said } });
    expect(keep.journal).toEqual([]);
  });

  it('of a stale identity renews it once', async () => {
    const stale = stsRefused('invalid_grant', 'ID Token issued at 1795608000 is stale to sign-in.');
    const { grant, tokens, forms } = await run([stale, federated()]);
    expect(grant.cloud).toBe('gcp');
    expect(tokens.renewals).toEqual(['exchange']);
    expect(forms[0]?.get('subject_token')).not.toBe(forms[1]?.get('subject_token'));
    // The file stands on the one that was taken.
    const written = grant.files[0]?.content((name) => name) as Secret;
    expect(written.reveal()).toBe(forms[1]?.get('subject_token'));
    const again = await run([stale, stale]);
    expect(again.requests).toHaveLength(2);
    expect(again.grant).toMatchObject({ id: 'gcp/refused' });
  });
});

describe('a refusal of the IAM Credentials API', () => {
  it.each([
    [
      403,
      'PERMISSION_DENIED',
      "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
    ],
    [404, 'NOT_FOUND', 'Not found; Gaia id not found for email x'],
    [400, 'INVALID_ARGUMENT', 'can not have lifetimes of more than 1 hour.'],
    [400, 'FAILED_PRECONDITION', 'Org Policy violated'],
  ])('is tried once: %d %s', async (status, code, said) => {
    const { grant, requests } = await run([federated(), iamRefused(status, code, said)], IMPERSONATING);
    expect(requests).toHaveLength(2);
    expect(grant).toMatchObject({
      id: 'gcp/impersonation-refused',
      evidence: { host: 'iamcredentials.googleapis.com', status, code, said },
    });
  });
});

describe('what passes by itself', () => {
  it.each([
    ['a reset', new NetworkFault('ECONNRESET', 'h', true)],
    ['500', answer(500, LOGIN_PAGE)],
    ['503', answer(503)],
    ['429', answer(429)],
  ])('is tried again at both hosts: %s', async (_, reply) => {
    const { grant, requests, tokens } = await run([reply, federated(), reply, account()], IMPERSONATING);
    expect(requests).toHaveLength(4);
    expect(tokens.renewals).toEqual([]);
    expect(grant.cloud).toBe('gcp');
  });

  it('is told by its host when it does not pass', async () => {
    const fault = new NetworkFault('PROXY_403', 'iamcredentials.googleapis.com', false);
    const { grant } = await run([federated(), fault], IMPERSONATING);
    expect(grant).toMatchObject({ id: 'gcp/unreachable', evidence: { host: 'iamcredentials.googleapis.com' } });
  });
});

describe('an answer that is no token', () => {
  it.each<[string, Reply[]]>([
    ['a login page with 200', [answer(200, LOGIN_PAGE)]],
    ['a login page with 403', [answer(403, LOGIN_PAGE)]],
    ['a list', [answer(200, '[]')]],
    ['nothing', [answer(200)]],
    ['no token', [federated({ access_token: undefined })]],
    ['an empty token', [federated({ access_token: '' })]],
    ['a token that is a number', [federated({ access_token: 12345678 })]],
    ['no end', [federated({ expires_in: undefined })]],
    ['a line end in the token', [federated({ access_token: `${FEDERATED}\r\nx-evil: 1` })]],
    ['a control character in the token', [federated({ access_token: `${FEDERATED}\u0000` })]],
    ['a login page of the second host', [federated(), answer(200, LOGIN_PAGE)]],
    ['no access token', [federated(), account({ accessToken: undefined })]],
    ['no time', [federated(), account({ expireTime: undefined })]],
    ['a time of no form', [federated(), account({ expireTime: 'soon' })]],
    ['a line end in the access token', [federated(), account({ accessToken: `${ACCESS}\nX=y` })]],
    ['an error without a status', [federated(), answer(403, { error: 'no' })]],
  ])('is refused: %s', async (_, replies) => {
    const { grant, keep, requests } = await run(replies, IMPERSONATING);
    expect(grant).toMatchObject({ id: 'gcp/bad-answer' });
    expect(requests).toHaveLength(replies.length);
    // But for the federated token, where that came first.
    expect(keep.debts).toHaveLength(replies.length - 1);
  });

  it.each([500, 503, 429])('that says nothing with %d is told as one that is down', async (status) => {
    const down = Array.from({ length: 9 }, () => answer(status, LOGIN_PAGE));
    const { grant } = await run(down);
    expect(grant).toMatchObject({ id: 'gcp/unavailable', evidence: { status } });
  });

  it('of the token endpoint in the form of an API is read as such', async () => {
    const message = 'Security Token Service API has not been used in project 1 before or it is disabled.';
    const { grant } = await run([answer(403, { error: { code: 403, message, status: 'PERMISSION_DENIED' } })]);
    expect(grant).toMatchObject({ evidence: { code: 'PERMISSION_DENIED', said: message } });
  });

  it('never carries the identity token into its failure', async () => {
    const { grant, tokens } = await run([answer(200, LOGIN_PAGE)]);
    const told = JSON.stringify([grant, Object.entries(grant), String(grant), (grant as unknown as Error).stack]);
    expect(told).not.toContain(tokens.get('exchange').token.reveal());
  });
});
