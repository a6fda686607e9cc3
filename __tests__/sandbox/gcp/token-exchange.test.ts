// The Security Token Service: right and wrong exchanges, one field at a time.
import { defaultGcpTrust, type GcpTrust } from '../../../sandbox/gcp/trust.ts';
import { callTo, GITHUB, type Minting, strangerKey } from '../test-issuer.ts';
import {
  AUDIENCE,
  bodyOf,
  CLOUD_PLATFORM,
  EXCHANGE,
  JSON_TYPE,
  POOL,
  PROVIDER,
  startGcp,
  withProject,
  withProvider,
} from './world.ts';

interface Case {
  readonly trust?: GcpTrust;
  readonly form?: Record<string, string | undefined>;
  readonly claims?: Record<string, unknown>;
  readonly minting?: Minting;
  /** Seconds between minting and exchange. */
  readonly wait?: number;
}

async function ask({ trust, form, claims, minting, wait = 0 }: Case) {
  const gcp = startGcp(trust);
  const jwt = gcp.jwtOf(claims, minting);
  gcp.context.clock.advance(wait * 1000);
  return { gcp, reply: await gcp.exchange(form, jwt) };
}

const now = Math.floor(Date.now() / 1000);
const mapping = (attributeMapping: Record<string, string>) => withProvider({ attributeMapping });
const condition = (attributeCondition: string) => withProvider({ attributeCondition });
const disabledPool = withProject(({ pools }) => ({ pools: pools.map((pool) => ({ ...pool, disabled: true })) }));
const longSubject = `repo:octo-org/octo-repo:ref:refs/heads/${'x'.repeat(88)}`;

describe('what is accepted', () => {
  const rows: [string, Case, string][] = [
    ['the usual form', {}, 'subject/repo:octo-org/octo-repo:ref:refs/heads/main'],
    [
      'an id_token type',
      { form: { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' } },
      'subject/repo:octo-org/octo-repo:ref:refs/heads/main',
    ],
    [
      'the audience without https:',
      { claims: { aud: `//iam.googleapis.com/${PROVIDER}` } },
      'subject/repo:octo-org/octo-repo:ref:refs/heads/main',
    ],
    [
      'a configured audience',
      { trust: withProvider({ allowedAudiences: ['octo'] }), claims: { aud: 'octo' } },
      'subject/repo:octo-org/octo-repo:ref:refs/heads/main',
    ],
    ['a subject of 127 bytes', { claims: { sub: longSubject } }, `subject/${longSubject}`],
    [
      'a shorter mapped subject',
      { trust: mapping({ 'google.subject': "'repo:' + assertion.repository_id" }) },
      'subject/repo:1296269',
    ],
    ['split', { trust: mapping({ 'google.subject': "assertion.sub.split(':')[1]" }) }, 'subject/octo-org/octo-repo'],
    [
      'extract',
      { trust: mapping({ 'google.subject': "assertion.sub.extract('repo:{name}:ref')" }) },
      'subject/octo-org/octo-repo',
    ],
    [
      'a ternary',
      { trust: mapping({ 'google.subject': "has(assertion.environment) ? assertion.environment : 'none'" }) },
      'subject/none',
    ],
    [
      'a condition on what was mapped',
      { trust: condition("attribute.repository == 'octo-org/octo-repo' && google.subject.startsWith('repo:')") },
      'subject/repo:octo-org/octo-repo:ref:refs/heads/main',
    ],
    [
      'a condition with in',
      { trust: condition("assertion.ref in ['refs/heads/main', 'refs/heads/next']") },
      'subject/repo:octo-org/octo-repo:ref:refs/heads/main',
    ],
    ['no condition', { trust: condition('true') }, 'subject/repo:octo-org/octo-repo:ref:refs/heads/main'],
    [
      'a clock that is a minute behind',
      { claims: { iat: now + 50 } },
      'subject/repo:octo-org/octo-repo:ref:refs/heads/main',
    ],
  ];
  it.each(rows)('%s', async (_name, asked, principal) => {
    const { gcp, reply } = await ask(asked);
    expect(reply.status).toBe(200);
    expect(bodyOf(reply)).toMatchObject({
      token_type: 'Bearer',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    });
    const [entry] = gcp.context.ledger.living('gcp');
    expect(entry).toMatchObject({
      kind: 'federated access token',
      holder: `principal://${POOL}/${principal}`,
      revocable: false,
    });
    expect(entry?.secrets).toEqual([bodyOf(reply).access_token]);
  });

  it('the JSON form with camelCase names', async () => {
    const gcp = startGcp();
    const body = {
      audience: EXCHANGE.audience,
      grantType: EXCHANGE.grant_type,
      requestedTokenType: EXCHANGE.requested_token_type,
      scope: CLOUD_PLATFORM,
      subjectTokenType: EXCHANGE.subject_token_type,
      subjectToken: gcp.jwtOf(),
    };
    const call = callTo('https://sts.googleapis.com/v1/token', {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify(body),
    });
    expect((await gcp.service.answer(call)).status).toBe(200);
  });

  it.each([
    ['a fresh token', 300, 0, 298],
    ['one of a minute left', 300, 240, 58],
    ['one that lives for a day', 86_400, 0, 3599],
    ['one that has just ended', 300, 330, 30],
  ])('%s: its lifetime', async (_name, lives, wait, expected) => {
    const { reply } = await ask({ claims: { exp: now + lives }, wait });
    expect(Math.abs(bodyOf(reply).expires_in - expected)).toBeLessThanOrEqual(2);
  });
});

describe('what is refused', () => {
  const target =
    'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.';
  const badAudience =
    /^Invalid value for "audience"\. This value should be the full resource name of the Identity Provider\./;
  const rejected = 'The given credential is rejected by the attribute condition.';
  const unreachable = "Error connecting to the given credential's issuer.";
  const issued = (time: unknown) => `ID Token issued at ${time} is stale to sign-in.`;
  const to = (audience: string): Case => ({ form: { audience } });
  const rows: [string, Case, string, string | RegExp][] = [
    ['no grant type', { form: { grant_type: undefined } }, 'invalid_request', /grant_type/],
    ['another grant', { form: { grant_type: 'client_credentials' } }, 'unsupported_grant_type', /client_credentials/],
    ['no audience', { form: { audience: undefined } }, 'invalid_request', /audience/],
    ['no token', { form: { subject_token: undefined } }, 'invalid_request', /subject_token/],
    ['no token type', { form: { subject_token_type: undefined } }, 'invalid_request', /subject_token_type/],
    [
      'another token type',
      { form: { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' } },
      'invalid_request',
      /subject_token_type/,
    ],
    [
      'another requested type',
      { form: { requested_token_type: 'urn:ietf:params:oauth:token-type:jwt' } },
      'invalid_request',
      /requested_token_type/,
    ],
    ['no scope', { form: { scope: '' } }, 'invalid_scope', /scope/],
    ['a scope that is none', { form: { scope: 'deploy' } }, 'invalid_scope', /deploy/],
    [
      'a pool for a provider',
      to('//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github'),
      'invalid_request',
      badAudience,
    ],
    [
      "the project's id",
      to(`//iam.googleapis.com/${PROVIDER.replace('123456789012', 'octo-project')}`),
      'invalid_request',
      badAudience,
    ],
    [
      'an expression that was not expanded',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what a workflow sends that has left out one brace
      to('//iam.googleapis.com/${ vars.PROVIDER }'),
      'invalid_request',
      badAudience,
    ],
    ['an https audience', to(AUDIENCE), 'invalid_request', badAudience],
    ['another location', to(EXCHANGE.audience.replace('global', 'eu')), 'invalid_request', badAudience],
    ['another project', to(EXCHANGE.audience.replace('123456789012', '210987654321')), 'invalid_target', target],
    ['another pool', to(EXCHANGE.audience.replace('/github/', '/gitlab/')), 'invalid_target', target],
    ['another provider', to(`${EXCHANGE.audience}-2`), 'invalid_target', target],
    ['a disabled pool', { trust: disabledPool }, 'invalid_target', target],
    ['a disabled provider', { trust: withProvider({ disabled: true }) }, 'invalid_target', target],
    ['a token that is none', { form: { subject_token: 'not-a-jwt' } }, 'invalid_grant', /parse/],
    ['a final line end', { form: { subject_token: 'e30.e30.x\n' } }, 'invalid_grant', /./],
    [
      'another issuer',
      { claims: { iss: 'https://github.example.com/_services/token' } },
      'invalid_grant',
      `The issuer in ID Token https://github.example.com/_services/token does not match the expected ones: ${GITHUB}`,
    ],
    ['no issuer', { claims: { iss: undefined } }, 'invalid_grant', /^The issuer in ID Token null /],
    [
      'an issuer that cannot be reached',
      { trust: withProvider({ issuer: 'https://ghes.example.com' }), claims: { iss: 'https://ghes.example.com' } },
      'invalid_grant',
      unreachable,
    ],
    [
      "GitHub's default audience",
      { claims: { aud: 'https://github.com/octo-org' } },
      'invalid_grant',
      'The audience in ID Token [https://github.com/octo-org] does not match the expected audience.',
    ],
    [
      'no audience claim',
      { claims: { aud: undefined } },
      'invalid_grant',
      'The audience in ID Token [] does not match the expected audience.',
    ],
    [
      'the default audience where others are configured',
      { trust: withProvider({ allowedAudiences: ['octo'] }) },
      'invalid_grant',
      /does not match the expected audience/,
    ],
    [
      'a foreign signature',
      { minting: { key: strangerKey } },
      'invalid_grant',
      'Unable to verify the ID Token signature.',
    ],
    ['an unknown key', { minting: { header: { kid: 'other' } } }, 'invalid_grant', unreachable],
    ['another algorithm', { minting: { header: { alg: 'none' } } }, 'invalid_grant', unreachable],
    ['a stale token', { wait: 362, claims: { iat: now, exp: now + 300 } }, 'invalid_grant', issued(now)],
    ['a token of the future', { claims: { iat: now + 200 } }, 'invalid_grant', issued(now + 200)],
    ['no iat', { claims: { iat: undefined } }, 'invalid_grant', issued(null)],
    ['no exp', { claims: { iat: now, exp: undefined } }, 'invalid_grant', issued(now)],
    ['another owner', { claims: { repository_owner_id: '42' } }, 'unauthorized_client', rejected],
    [
      'a number without quotes in the condition',
      { trust: condition('assertion.repository_owner_id == 583231') },
      'unauthorized_client',
      rejected,
    ],
    [
      'a name in another case',
      { trust: condition("assertion.repository_owner == 'Octo-Org'") },
      'unauthorized_client',
      rejected,
    ],
    [
      'a condition on a claim that is missing',
      { trust: condition("assertion.environment == 'production'") },
      'unauthorized_client',
      rejected,
    ],
    ['a condition that is no CEL', { trust: condition('assertion.ref ==') }, 'unauthorized_client', rejected],
    ['a condition that is no boolean', { trust: condition('assertion.ref') }, 'unauthorized_client', rejected],
    [
      'a mapped claim that is missing',
      { trust: mapping({ 'google.subject': 'assertion.sub', 'attribute.environment': 'assertion.environment' }) },
      'invalid_request',
      /attribute\.environment/,
    ],
    [
      'a mapping that is no CEL',
      { trust: mapping({ 'google.subject': 'assertion.' }) },
      'invalid_request',
      /google\.subject/,
    ],
    [
      'a mapping to a number',
      { trust: mapping({ 'google.subject': 'assertion.iat' }) },
      'invalid_request',
      /google\.subject/,
    ],
    [
      'no mapped subject',
      { trust: mapping({ 'attribute.ref': 'assertion.ref' }) },
      'invalid_request',
      /google\.subject/,
    ],
    [
      'a subject of 128 bytes',
      { claims: { sub: `${longSubject}x` } },
      'invalid_request',
      /^The size of mapped attribute google\.subject exceeds the 127 bytes limit\./,
    ],
    [
      'a subject of 127 characters but more bytes',
      { claims: { sub: longSubject.replace('x', 'ü') } },
      'invalid_request',
      /127 bytes/,
    ],
  ];
  it.each(rows)('%s', async (_name, asked, error, text) => {
    const { gcp, reply } = await ask(asked);
    const body = bodyOf(reply);
    expect({ status: reply.status, error: body.error }).toEqual({ status: 400, error });
    if (typeof text === 'string') expect(body.error_description).toBe(text);
    else expect(body.error_description).toMatch(text);
    expect(gcp.context.ledger.all()).toEqual([]);
  });

  it.each([
    ['a body that is no JSON', JSON_TYPE, '{'],
    ['a JSON array', JSON_TYPE, '[]'],
    ['plain text', { 'content-type': 'text/plain' }, 'grant_type=x'],
  ])('%s', async (_name, headers, body) => {
    const { service } = startGcp();
    const reply = await service.answer(
      callTo('https://sts.googleapis.com/v1/token', { method: 'POST', headers, body }),
    );
    expect({ status: reply.status, error: bodyOf(reply).error }).toEqual({ status: 400, error: 'invalid_request' });
  });

  it('another path of the host', async () => {
    const { service } = startGcp();
    expect((await service.answer(callTo('https://sts.googleapis.com/v1/revoke', { method: 'POST' }))).status).toBe(404);
  });
});

describe('a universe of its own', () => {
  const trust: GcpTrust = { ...defaultGcpTrust, universe: 'example-cloud.eu' };

  it.each([
    ['sts.example-cloud.eu', true],
    ['iamcredentials.example-cloud.eu', true],
    ['sts.googleapis.com', false],
    ['compute.example-cloud.eu', false],
  ])('plays %s: %s', (host, plays) => {
    expect(startGcp(trust).service.plays(host)).toBe(plays);
  });

  it('has its own names for providers', async () => {
    const { gcp, reply } = await ask({
      trust,
      claims: { aud: `https://iam.example-cloud.eu/${PROVIDER}` },
      form: { audience: `//iam.example-cloud.eu/${PROVIDER}` },
    });
    expect(reply.status).toBe(404); // asked at googleapis.com
    const form = new URLSearchParams({
      ...EXCHANGE,
      audience: `//iam.example-cloud.eu/${PROVIDER}`,
      subject_token: gcp.jwtOf({ aud: `https://iam.example-cloud.eu/${PROVIDER}` }),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answered = await gcp.service.answer(
      callTo('https://sts.example-cloud.eu/v1/token', { method: 'POST', headers, body: form.toString() }),
    );
    expect(answered.status).toBe(200);
  });
});
