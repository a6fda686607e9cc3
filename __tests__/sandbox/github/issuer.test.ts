import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { WorldClock } from '../../../sandbox/clock.ts';
import { type JobState, TokenIssuer } from '../../../sandbox/github/issuer.ts';
import { defaultJob, type JobIdentity } from '../../../sandbox/github/job.ts';
import { oidcService } from '../../../sandbox/github/oidc.ts';
import { type RestToken, restService } from '../../../sandbox/github/rest.ts';
import { newSigningKey, signToken } from '../../../sandbox/github/signing-key.ts';
import { openToken } from '../../../sandbox/github/tokens.ts';
import { Ledger } from '../../../sandbox/ledger.ts';
import type { Reply } from '../../../sandbox/service.ts';
import { callTo } from '../test-issuer.ts';

function start(job: Partial<JobIdentity> = {}) {
  const clock = new WorldClock();
  const ledger = new Ledger(clock);
  const github = new TokenIssuer(clock, ledger);
  github.job = { ...defaultJob, ...job };
  const service = oidcService(github);
  const ask = async (
    query = '&audience=aud',
    headers: Record<string, string> = { authorization: `Bearer ${github.requestToken}` },
  ) => service.answer(callTo(`${github.requestUrl}${query}`, { headers }));
  return { clock, ledger, github, service, ask };
}

const fields = ({ body = '' }: Reply): Record<string, unknown> => JSON.parse(body);
const claimsIn = (reply: Reply, github: TokenIssuer) => {
  const opened = openToken(String(fields(reply).value), github.issuer.keys());
  if ('fault' in opened) throw new Error(opened.fault);
  return opened;
};

describe('a minted token', () => {
  it('carries what GitHub says about a job, for five minutes', async () => {
    const { ask, github, clock } = start();
    const reply = await ask();
    expect(reply.status).toBe(200);
    expect(fields(reply).count).toBe(String(fields(reply).value).length);
    const { claims, header } = claimsIn(reply, github);
    expect(header).toEqual({ typ: 'JWT', alg: 'RS256', kid: expect.any(String), x5t: expect.any(String) });
    expect(claims).toMatchObject({
      iss: 'https://token.actions.githubusercontent.com',
      aud: 'aud',
      sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
      repository_id: '1296269',
      repository_owner_id: '583231',
      job_workflow_ref: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main',
      ref_type: 'branch',
      runner_environment: 'github-hosted',
    });
    const { exp, iat, nbf } = claims as Record<string, number>;
    expect([Number(exp) - Number(iat), Number(iat) - Number(nbf)]).toEqual([300, 600]);
    expect(Math.abs(Number(iat) - clock.seconds())).toBeLessThan(3);
    const numbers = Object.entries(claims).filter(([, value]) => typeof value === 'number');
    expect(numbers.map(([name]) => name).sort()).toEqual(['exp', 'iat', 'nbf']);
  });

  it('is another one each time, and each is in the ledger with its secret', async () => {
    const { ask, ledger } = start();
    const values = [fields(await ask()).value, fields(await ask()).value];
    expect(new Set(values).size).toBe(2);
    const entries = ledger.all('github').filter(({ kind }) => kind === 'identity token');
    expect(entries.map(({ secrets }) => secrets[0])).toEqual(values);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(2);
  });

  it.each([
    ['', 'https://github.com/octo-org'],
    ['&audience=', 'https://github.com/octo-org'],
    ['&audience=api%3A%2F%2FAzureADTokenExchange', 'api://AzureADTokenExchange'],
  ])('for the query %j is for %s', async (query, aud) => {
    const { ask, github } = start();
    expect(claimsIn(await ask(query), github).claims.aud).toBe(aud);
  });
});

describe('subjects', () => {
  it.each<[string, Partial<JobIdentity>, string]>([
    ['branch', {}, 'repo:octo-org/octo-repo:ref:refs/heads/main'],
    ['tag', { ref: 'refs/tags/v1' }, 'repo:octo-org/octo-repo:ref:refs/tags/v1'],
    ['environment', { environment: 'production' }, 'repo:octo-org/octo-repo:environment:production'],
    ['environment with a colon', { environment: 'prod:eu' }, 'repo:octo-org/octo-repo:environment:prod%3Aeu'],
    ['pull request', { event: 'pull_request', ref: 'refs/pull/1/merge' }, 'repo:octo-org/octo-repo:pull_request'],
    [
      'environment of a pull request',
      { event: 'pull_request', environment: 'test' },
      'repo:octo-org/octo-repo:environment:test',
    ],
    ['pull_request_target', { event: 'pull_request_target' }, 'repo:octo-org/octo-repo:ref:refs/heads/main'],
    ['immutable', { immutableSubject: true }, 'repo:octo-org@583231/octo-repo@1296269:ref:refs/heads/main'],
    [
      'immutable environment',
      { immutableSubject: true, environment: 'a' },
      'repo:octo-org@583231/octo-repo@1296269:environment:a',
    ],
    [
      'customised',
      { subjectKeys: ['repo', 'context', 'job_workflow_ref'] },
      'repo:octo-org/octo-repo:ref:refs/heads/main:job_workflow_ref:octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main',
    ],
    [
      'customised by ids',
      { subjectKeys: ['repository_owner_id', 'repository_id'] },
      'repository_owner_id:583231:repository_id:1296269',
    ],
    [
      'customised and immutable',
      { subjectKeys: ['repo'], immutableSubject: true },
      'repo:octo-org@583231/octo-repo@1296269',
    ],
  ])('%s', async (_what, job, sub) => {
    const { ask, github } = start(job);
    expect(claimsIn(await ask(), github).claims.sub).toBe(sub);
  });
});

describe('the request endpoint', () => {
  it.each<[string, Record<string, string>, number, string]>([
    ['no token', {}, 401, 'Client authentication required.'],
    ['another token', { authorization: 'Bearer x' }, 401, 'Client authentication required.'],
    ['another scheme', { authorization: 'Basic x' }, 401, 'Client authentication required.'],
  ])('refuses %s', async (_what, headers, status, message) => {
    const { ask, ledger } = start();
    const reply = await ask('&audience=a', headers);
    expect([reply.status, fields(reply).message]).toEqual([status, message]);
    expect(ledger.all('github').map(({ kind }) => kind)).toEqual(['request token']);
  });

  it.each<[JobState, number, string | undefined]>([
    ['Pending', 403, "Can't issue ID_TOKEN for job in 'Pending' state."],
    ['Delayed', 403, "Can't issue ID_TOKEN for job in 'Delayed' state."],
    ['Completed', 403, "Can't issue ID_TOKEN for job in 'Completed' state."],
    ['InProgress', 200, undefined],
  ])('to a job that is %s says %i', async (state, status, message) => {
    const { ask, github } = start();
    github.state = state;
    const reply = await ask();
    expect([reply.status, fields(reply).message]).toEqual([status, message]);
  });

  it('ends with the request token, ten minutes after the longest job', async () => {
    const { ask, clock } = start();
    clock.advance((6 * 3600 + 590) * 1000);
    expect((await ask()).status).toBe(200);
    clock.advance(20_000);
    expect((await ask()).status).toBe(401);
  });

  it.each<[string, string, number]>([
    [
      'another path',
      'https://run-actions-1-azure-eastus.actions.githubusercontent.com/36//idtoken/x/y?api-version=2.0',
      404,
    ],
    ['another method', 'POST', 405],
    ['no version', 'version', 400],
  ])('knows no %s', async (_what, how, status) => {
    const { github, service } = start();
    const url = how.startsWith('https')
      ? how
      : how === 'version'
        ? github.requestUrl.replace(/\?.*/, '')
        : github.requestUrl;
    const headers = { authorization: `Bearer ${github.requestToken}` };
    expect((await service.answer(callTo(url, { method: how === 'POST' ? 'POST' : 'GET', headers }))).status).toBe(
      status,
    );
  });
});

describe('public documents', () => {
  it('name the issuer, and hold the key that verifies its tokens', async () => {
    const { service, github } = start();
    const configuration = fields(
      await service.answer(callTo('https://token.actions.githubusercontent.com/.well-known/openid-configuration')),
    );
    expect(configuration).toMatchObject({
      issuer: github.issuer.url,
      id_token_signing_alg_values_supported: ['RS256'],
    });
    const jwks = fields(await service.answer(callTo(String(configuration.jwks_uri))));
    const [key] = jwks.keys as (JsonWebKey & { kid: string })[];
    if (key === undefined) throw new Error('no key');
    const published = [{ kid: key.kid, publicKey: createPublicKey({ key, format: 'jwk' }) }];
    expect(openToken(github.mint('a'), published)).toHaveProperty('claims');
    expect(JSON.stringify(jwks)).not.toContain('"d"');
  });
});

describe('opening a token', () => {
  const { github } = start();
  const token = github.mint('a');
  const [head = '', payload = '', signature = ''] = token.split('.');
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const kid = github.issuer.keys()[0]?.kid;

  it.each<[string, string, string]>([
    ['two parts', `${head}.${payload}`, 'malformed'],
    ['four parts', `${token}.x`, 'malformed'],
    ['no text', '', 'malformed'],
    ['a header that is no JSON', `eyJ.${payload}.${signature}`, 'malformed'],
    ['a payload that is a list', `${head}.${part([])}.${signature}`, 'malformed'],
    ['padding', `${head}=.${payload}.${signature}`, 'malformed'],
    ['no algorithm', `${part({ alg: 'none', kid })}.${payload}.`, 'alg'],
    ['a symmetric algorithm', `${part({ alg: 'HS256', kid })}.${payload}.${signature}`, 'alg'],
    ['another key id', `${part({ alg: 'RS256', kid: 'x' })}.${payload}.${signature}`, 'key'],
    ['no key id', `${part({ alg: 'RS256' })}.${payload}.${signature}`, 'key'],
    ['an empty signature', `${head}.${payload}.`, 'signature'],
    ['another payload', `${head}.${part({ sub: 'x' })}.${signature}`, 'signature'],
    ['a signature of another key', signToken({ sub: 'x' }, { ...newSigningKey(), kid: String(kid) }), 'signature'],
  ])('%s: %s', (_what, jwt, fault) => {
    expect(openToken(jwt, github.issuer.keys())).toHaveProperty('fault');
    expect(openToken(jwt, github.issuer.keys())).toEqual({ fault });
  });

  it('a genuine one has claims', () => {
    expect(openToken(token, github.issuer.keys())).toMatchObject({ claims: { aud: 'a' }, header: { alg: 'RS256' } });
  });
});

describe('a runner tells who the job is', () => {
  it.each([
    ['a push', { event: { name: 'push' } }, { sub: 'repo:octo-org/octo-repo:ref:refs/heads/main', event_name: 'push' }],
    ['an environment', { environment: 'production', event: { name: 'push' } }, { environment: 'production' }],
    [
      'a pull request',
      {
        event: {
          name: 'pull_request',
          payload: { pull_request: { number: 7, head: { ref: 'fix' }, base: { ref: 'main' } } },
        },
      },
      { sub: 'repo:octo-org/octo-repo:pull_request', ref: 'refs/pull/7/merge', head_ref: 'fix', base_ref: 'main' },
    ],
    [
      'pull_request_target',
      { event: { name: 'pull_request_target', payload: { pull_request: { number: 7, base: { ref: 'main' } } } } },
      { sub: 'repo:octo-org/octo-repo:ref:refs/heads/main', ref: 'refs/heads/main', event_name: 'pull_request_target' },
    ],
  ])('%s', (_what, job, claims) => {
    const { github } = start();
    const access = github.identityFor(job);
    expect(access.claims).toMatchObject(claims);
    expect(access).toMatchObject({ requestUrl: github.requestUrl, requestToken: github.requestToken });
  });

  it('the environment of one job does not stay for the next', () => {
    const { github } = start();
    github.identityFor({ environment: 'production', event: { name: 'push' } });
    expect(github.identityFor({ event: { name: 'push' } }).claims).not.toHaveProperty('environment');
  });
});

describe('the REST API', () => {
  const TOKENS: RestToken[] = [
    { value: 'ghs_reader', readsActions: true },
    { value: 'ghs_other', readsActions: false },
  ];
  const PATH = '/repos/octo-org/octo-repo/actions/oidc/customization/sub';
  const get = async (path: string, token: string | undefined, job: Partial<JobIdentity> = {}) => {
    const headers = { 'user-agent': 'test', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    return restService(start(job).github, TOKENS).answer(callTo(`https://api.github.com${path}`, { headers }));
  };

  it.each<[string, Partial<JobIdentity>, Record<string, unknown>]>([
    ['the default', {}, { use_default: true, sub_claim_prefix: 'repo:octo-org/octo-repo' }],
    [
      'the immutable form',
      { immutableSubject: true },
      { use_default: true, use_immutable_subject: true, sub_claim_prefix: 'repo:octo-org@583231/octo-repo@1296269' },
    ],
    [
      'own keys',
      { subjectKeys: ['repo', 'ref'] },
      { use_default: false, include_claim_keys: ['repo', 'ref'], sub_claim_prefix: 'repo:octo-org/octo-repo' },
    ],
  ])('tells %s', async (_what, job, expected) => {
    const reply = await get(PATH, 'ghs_reader', job);
    expect([reply.status, fields(reply)]).toEqual([200, expected]);
  });

  it.each<[string, string, string | undefined, number, string]>([
    ['a token that is none', PATH, 'ghs_none', 401, 'Bad credentials'],
    ['a token without the permission', PATH, 'ghs_other', 403, 'Resource not accessible by integration'],
    ['no token', PATH, undefined, 404, 'Not Found'],
    ['another repository', PATH.replace('octo-repo', 'other'), 'ghs_reader', 404, 'Not Found'],
    ['another path', '/user', 'ghs_reader', 404, 'Not Found'],
  ])('refuses %s', async (_what, path, token, status, message) => {
    const reply = await get(path, token);
    expect([reply.status, fields(reply)]).toEqual([
      status,
      { message, documentation_url: expect.any(String), status: String(status) },
    ]);
  });
});
