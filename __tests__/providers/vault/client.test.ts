import type { Request } from '../../../src/core/http.ts';
import { Secret } from '../../../src/core/secret.ts';
import {
  agentOf,
  errorsOf,
  login,
  mountOf,
  read,
  revokeLease,
  revokeSelf,
  type VaultCall,
} from '../../../src/providers/vault/client.ts';
import { answer, LOGIN_PAGE, scripted } from '../../literals/wire.ts';

const said: string[] = [];
const CALL: VaultCall = {
  url: 'https://vault.example.com',
  agent: 'workload-identity (octo-org/octo-repo; run 42, attempt 1)',
  token: new Secret('hvs.x', 'Vault token'),
  say: (line) => said.push(line),
};
const LOGIN: VaultCall = { url: CALL.url, agent: CALL.agent, say: CALL.say };
const OK = answer(200, { data: {} });

/** The one request that a call makes. */
async function asked(call: (send: ReturnType<typeof scripted>['send']) => Promise<unknown>): Promise<Request> {
  const wire = scripted(OK);
  await call(wire.send);
  expect(wire.requests).toHaveLength(1);
  return wire.requests[0] as Request;
}

describe('calls', () => {
  it.each([
    [
      'a login',
      (s: never) => login(LOGIN, 'jwt', 'ci', new Secret('e.y.j', 'jwt'), s),
      'POST /v1/auth/jwt/login',
      '{"jwt":"e.y.j","role":"ci"}',
    ],
    [
      "a login as the mount's default role",
      (s: never) => login(LOGIN, 'a/b', undefined, new Secret('e.y.j', 'jwt'), s),
      'POST /v1/auth/a/b/login',
      '{"jwt":"e.y.j"}',
    ],
    ['a read', (s: never) => read(CALL, 'secret/data/app', undefined, false, s), 'GET /v1/secret/data/app', undefined],
    [
      'a read of a version',
      (s: never) => read(CALL, 'secret/data/app', 3, false, s),
      'GET /v1/secret/data/app?version=3',
      undefined,
    ],
    [
      'a read of odd names',
      (s: never) => read(CALL, 'secret/data/a b@c:d', undefined, false, s),
      'GET /v1/secret/data/a%20b%40c%3Ad',
      undefined,
    ],
    ['a mount', (s: never) => mountOf(CALL, 'secret/app', s), 'GET /v1/sys/internal/ui/mounts/secret/app', undefined],
    [
      'the end of a lease',
      (s: never) => revokeLease(CALL, 'a/b/c', true, 1, s),
      'POST /v1/sys/leases/revoke',
      '{"lease_id":"a/b/c","sync":true}',
    ],
    ['the end of a token', (s: never) => revokeSelf(CALL, 1, s), 'POST /v1/auth/token/revoke-self', undefined],
  ])('%s', async (_, call, line, body) => {
    const request = await asked((send) => call(send as never));
    expect(`${request.method} ${request.url.replace(CALL.url, '')}`).toBe(line);
    expect(request.body).toBe(body);
    expect(request.headers).toMatchObject({ 'x-vault-request': 'true' });
  });

  it('says whose run asks, as far as that is known', () => {
    expect(agentOf({ serverUrl: '', repository: 'o/r', runId: '42', runAttempt: '2' })).toBe(
      'workload-identity (o/r; run 42, attempt 2)',
    );
    expect(agentOf({ serverUrl: '' })).toBe('workload-identity');
    expect(agentOf({ serverUrl: '', repository: 'o/r\r\nx: y' })).toBe('workload-identity');
  });

  it('carry the further headers, the login too', async () => {
    const connection = { headerText: 'X-Front-Door: open sesame\nx-front-door: twice' };
    const { headers } = await asked((s) =>
      login({ ...LOGIN, connection }, 'jwt', undefined, new Secret('j', 'jwt'), s),
    );
    expect(headers).toMatchObject({ 'x-front-door': 'open sesame, twice' });
  });

  it('show the token to everything but the login', async () => {
    expect((await asked((s) => read(CALL, 'a/b', undefined, false, s))).headers).toHaveProperty(
      'x-vault-token',
      'hvs.x',
    );
    const { headers } = await asked((s) => login(LOGIN, 'jwt', undefined, new Secret('j', 'jwt'), s));
    expect(headers).not.toHaveProperty('x-vault-token');
  });

  it('name a namespace only where there is one', async () => {
    const inTeam = await asked((s) => read({ ...CALL, namespace: 'team/a' }, 'a/b', undefined, false, s));
    expect(inTeam.headers).toHaveProperty('x-vault-namespace', 'team/a');
    expect((await asked((s) => read(CALL, 'a/b', undefined, false, s))).headers).not.toHaveProperty(
      'x-vault-namespace',
    );
  });

  it('wait longer where a cloud has to make a credential first', async () => {
    const plain = await asked((s) => read(CALL, 'a/b', undefined, false, s));
    const minting = await asked((s) => read(CALL, 'a/creds/b', undefined, true, s));
    expect(minting.timeoutMs).toBeGreaterThan(90_000);
    expect(plain.timeoutMs).toBeLessThanOrEqual(30_000);
  });
});

describe("a standby's redirect", () => {
  const to = (location: string, status = 307) => answer(status, '', { location });
  const follow = async (...replies: ReturnType<typeof answer>[]) => {
    const wire = scripted(...replies);
    const last = await read(CALL, 'secret/data/app', undefined, false, wire.send);
    return { status: last.status, urls: wire.requests.map((r) => r.url), requests: wire.requests };
  };

  it('is followed once, with the same request', async () => {
    const { status, urls, requests } = await follow(to('https://active.example.com:8200/v1/secret/data/app'), OK);
    expect(status).toBe(200);
    expect(urls[1]).toBe('https://active.example.com:8200/v1/secret/data/app');
    expect(requests[1]).toEqual({ ...requests[0], url: urls[1], judgedLike: 'vault.example.com' });
    expect(said.at(-1)).toContain('active.example.com:8200');
  });
  it('is followed where it is relative', async () => {
    expect((await follow(to('/v1/other'), OK)).urls[1]).toBe('https://vault.example.com/v1/other');
  });
  it('takes nothing along that was given for one host, and says so', async () => {
    const connection = { headerText: 'CF-Access-Client-Secret: s3cret', tls: { certificate: 'C', key: 'K' } };
    const sent = async (location: string) => {
      const wire = scripted(to(location), OK);
      await read({ ...CALL, connection }, 'secret/data/app', undefined, false, wire.send);
      return wire.requests.map((request) => request.headers?.['cf-access-client-secret']);
    };
    expect(await sent('https://vault.example.com/v1/again')).toEqual(['s3cret', 's3cret']);
    expect(said.at(-1)).not.toContain('vault-headers');
    expect(await sent('https://vault.example.com:8200/v1/again')).toEqual(['s3cret', undefined]);
    expect(said.at(-1)).toMatch(/vault-headers, vault-client-certificate: for the host of vault-url alone/);
    expect(said.join()).not.toContain('s3cret');
  });
  it('is followed once only', async () => {
    expect(await follow(to('https://b.example.com/'), to('https://c.example.com/'))).toMatchObject({ status: 307 });
  });
  it.each([
    ['plain http', to('http://active.example.com/v1/secret/data/app')],
    ['user info', to('https://user:pass@active.example.com/')],
    ['another scheme', to('file:///etc/passwd')],
    ['nowhere', to('https://')],
    ['no location', answer(307)],
    ['301', to('https://active.example.com/', 301)],
    ['302', to('https://active.example.com/', 302)],
    ['303', to('https://active.example.com/', 303)],
    ['308', to('https://active.example.com/', 308)],
  ])('is not followed: %s', async (_, reply) => {
    const { status, urls } = await follow(reply);
    expect(status).toBe(reply.status);
    expect(urls).toHaveLength(1);
  });
});

describe('the texts of an error', () => {
  it.each([
    [{ errors: ['permission denied'] }, 'permission denied'],
    [{ errors: ['a', 'b'] }, 'a; b'],
    [{ errors: [] }, ''],
    [{ errors: ['a', 7, null, { x: 1 }] }, 'a'],
    [{ errors: 'text' }, ''],
    [{}, ''],
    ['not json', ''],
    [LOGIN_PAGE, ''],
  ])('of %j are %j', (body, text) => {
    expect(errorsOf(answer(403, body))).toBe(text);
  });
});
