// Servers as a whole: sealed, standby, limited, configured wrongly; and the names of their operations.
import { defaultVaultTrust } from '../../../sandbox/vault/default-trust.ts';
import type { VaultServer } from '../../../sandbox/vault/trust.ts';
import { emulated } from './emulated.ts';
import { mint } from './job.ts';
import { Job } from './job-of.ts';
import { serverOf } from './trust.ts';

const HOST = 'vault.example.com';

function world(changes: Partial<VaultServer> = {}) {
  return emulated({ servers: [{ ...serverOf('openbao'), ...changes }] });
}

describe('state', () => {
  it.each([
    ['healthy', {}, 200, { initialized: true, sealed: false, standby: false }],
    ['sealed', { sealed: true }, 503, { initialized: true, sealed: true }],
    ['not initialised', { initialised: false }, 501, { initialized: false, sealed: true }],
    ['a standby', { standbyOf: 'https://vault-1.example.com' }, 429, { sealed: false, standby: true }],
  ])('health when %s', async (_, changes, status, body) => {
    const answer = await new Job(world(changes)).ask('GET', 'sys/health');
    expect(answer).toMatchObject({ status, json: body });
  });

  it.each(['auth/token/revoke-self', 'auth/jwt/login', 'nowhere'])('sealed: %s', async (path) => {
    const answer = await new Job(world({ sealed: true })).ask('POST', path, {});
    expect(answer).toMatchObject({ status: 503, json: { errors: ['Vault is sealed'] } });
  });

  it('sealed comes before a wrong namespace', async () => {
    expect((await new Job(world({ sealed: true })).ask('GET', 'secret/data/app', undefined, 'nope')).status).toBe(503);
  });

  it('a locked namespace', async () => {
    const server = serverOf('openbao');
    const team = { ...server.namespaces?.team, auth: {}, secrets: {}, policies: {}, locked: true };
    const answer = await new Job(world({ namespaces: { team } })).ask('POST', 'auth/jwt/login', {}, 'team');
    expect(answer.status).toBe(503);
    expect(answer.json.errors[0]).toMatch(/"team\/" must be unlocked to gain access\.$/);
  });

  it('a standby sends its clients to the active server, query and all', async () => {
    const answer = await new Job(world({ standbyOf: 'https://vault-1.example.com:8200' })).ask(
      'GET',
      'secret/data/app?version=2',
    );
    expect(answer.status).toBe(307);
    expect(answer.headers.location).toBe('https://vault-1.example.com:8200/v1/secret/data/app?version=2');
  });

  it('each origin is a server of its own, with or without a port', async () => {
    const both = emulated({
      servers: [serverOf('openbao'), { ...serverOf('vault'), origin: 'https://vault.example.com:8200' }],
    });
    const job = await new Job(both).login('ci');
    expect((await job.ask('GET', 'secret/data/app')).status).toBe(200);
    expect((await job.ask('GET', 'secret/data/app', undefined, undefined, `${HOST}:8200`)).status).toBe(403);
    expect(
      ['vault.example.com', 'vault.example.com:8200', 'vault.example.com:8201', 'example.com'].map((host) =>
        both.service.plays(host),
      ),
    ).toEqual([true, true, false, false]);
  });
});

describe('rate limits', () => {
  const limit = { path: 'auth/jwt/login', rate: 1, interval: '10s' };

  it('429 without headers, until the interval is over', async () => {
    const limited = world({ rateLimits: [limit] });
    await new Job(limited).login('ci');
    const answer = await new Job(limited).ask('POST', 'auth/jwt/login', {});
    expect(answer).toMatchObject({
      status: 429,
      json: { errors: ['request path "auth/jwt/login": rate limit quota exceeded'] },
    });
    expect(Object.keys(answer.headers)).not.toContain('retry-after');
    limited.pass(11);
    expect((await new Job(limited).login('ci')).token).not.toBe('');
  });

  it('429 with headers where they are switched on', async () => {
    const limited = world({ rateLimits: [{ ...limit, headers: true }] });
    await new Job(limited).login('ci');
    limited.pass(3);
    const { headers } = await new Job(limited).ask('POST', 'auth/jwt/login', {});
    expect(headers).toMatchObject({
      'retry-after': '7',
      'x-ratelimit-limit': '1',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '7',
    });
  });

  it('other paths are not counted', async () => {
    const job = await new Job(world({ rateLimits: [limit] })).login('ci');
    expect((await job.ask('GET', 'secret/data/app')).status).toBe(200);
  });
});

describe('the trust document', () => {
  it('counts as it is at each request', async () => {
    const document = { servers: [serverOf('openbao')] };
    const changed = emulated(document);
    const job = await new Job(changed).login('narrow');
    expect((await job.ask('GET', 'secret/data/app')).status).toBe(200);
    document.servers[0] = {
      ...serverOf('openbao'),
      policies: { narrow: 'path "secret/data/app" { capabilities = ["deny"] }' },
    };
    expect((await job.ask('GET', 'secret/data/app')).status).toBe(403);
  });

  it.each([
    [
      'an engine that OpenBao does not have',
      { secrets: { aws: { type: 'aws', roles: {} } } },
      /openbao has no aws engine/,
    ],
    [
      'a policy that does not parse',
      { policies: { bad: 'path "a" { capabilities = ["fly"] }' } },
      /path "a": invalid capability "fly"/,
    ],
    ['a stanza that is not known', { policies: { bad: 'rule "a" {}' } }, /"rule" where "path" is expected/],
    ['an attribute that is not known', { policies: { bad: 'path "a" { power = 1 }' } }, /unknown attribute "power"/],
    ['a stanza without an end', { policies: { bad: 'path "a" { capabilities = ["read"]' } }, /ends in the middle/],
    [
      'a star behind a plus',
      { policies: { bad: 'path "a/+*" { capabilities = ["read"] }' } },
      /invalid use of wildcards/,
    ],
    [
      'a role that anyone may have',
      { auth: { jwt: { type: 'jwt', roles: { any: { user_claim: 'sub' } } } } },
      /at least one bound constraint/,
    ],
    [
      'a mount where the system is',
      { secrets: { 'sys/x': { type: 'kv', version: 1, secrets: {} } } },
      /cannot be a mount/,
    ],
    ['an origin with a path', { origin: 'https://vault.example.com/vault' }, /is not an origin/],
  ] as [string, Partial<VaultServer>, RegExp][])('is refused with %s', async (_, changes, why) => {
    await expect(new Job(world(changes)).ask('GET', 'sys/health')).rejects.toThrow(why);
  });

  it.each([
    'path "a" { capabilities = ["read",] } # the last comma may stay',
    '// required_parameters is taken and has no effect\npath "a" {\n  capabilities = ["read"]\n  required_parameters = ["b"]\n}',
    'path "a" { capabilities = ["read"] allowed_parameters = { "b" = ["c"], "*" = [] } }',
    '/* nothing */',
  ])('takes the policy %s', async (text) => {
    expect((await new Job(world({ policies: { text } })).ask('GET', 'sys/health')).status).toBe(200);
  });
});

describe('the default world', () => {
  it('lets the main branch in, read all three mounts, and revoke', async () => {
    const byDefault = emulated(defaultVaultTrust());
    const job = await new Job(byDefault).login('ci');
    const secret = await job.ask('GET', 'secret/data/app');
    expect(Object.keys(secret.json.data.data).sort()).toEqual(['api-key.v1', 'password', 'username']);
    expect((await job.ask('GET', 'kv1/app')).status).toBe(200);
    expect(await job.revoke(await job.lease())).toBe(204);
    expect(await job.revokeSelf()).toBe(204);
    expect(byDefault.ledger.owed()).toEqual([]);
  });

  it('refuses another branch', async () => {
    const byDefault = emulated(defaultVaultTrust());
    const jwt = mint({ claims: { ref: 'refs/heads/other' } }, byDefault.now());
    const answer = await new Job(byDefault).ask('POST', 'auth/jwt/login', { role: 'ci', jwt });
    expect(answer.json.errors).toEqual([
      'error validating claims: claim "ref" does not match any associated bound claim values',
    ]);
  });

  it('cannot fetch the keys of an issuer that this world does not have', async () => {
    const server = serverOf('openbao');
    const jwt = {
      type: 'jwt',
      config: { oidc_discovery_url: 'https://gitlab.example' },
      roles: server.auth.jwt?.roles ?? {},
    } as const;
    const astray = emulated({ servers: [{ ...server, auth: { jwt } }] });
    const answer = await new Job(astray).ask('POST', 'auth/jwt/login', { role: 'ci', jwt: mint({}, astray.now()) });
    expect(answer.json.errors[0]).toMatch(/^error configuring token validator: error checking oidc discovery URL/);
  });
});

describe('operations', () => {
  it.each([
    ['POST', '/v1/auth/jwt/login', {}, 'auth/jwt/login'],
    ['POST', '/v1/team/auth/jwt/login', {}, 'auth/jwt/login'],
    ['GET', '/v1/secret/data/app', {}, 'read'],
    ['LIST', '/v1/secret/metadata', {}, 'list'],
    ['GET', '/v1/secret/metadata/?list=true', {}, 'list'],
    ['PUT', '/v1/pki/issue/web', {}, 'write'],
    ['POST', '/v1/sys/leases/revoke', {}, 'sys/leases/revoke'],
    ['POST', '/v1/team/sys/leases/revoke', {}, 'sys/leases/revoke'],
    ['POST', '/v1/auth/token/revoke-self', { 'x-vault-namespace': 'team' }, 'auth/token/revoke-self'],
    ['POST', '/v1/sys/capabilities-self', {}, 'sys/capabilities-self'],
    ['GET', '/v1/sys/internal/ui/mounts/secret/app', {}, 'sys/internal/ui/mounts'],
  ])('%s %s', (method, path, headers, name) => {
    const url = new URL(`https://${HOST}${path}`);
    expect(world().service.operation({ host: HOST, method, path, url, headers, body: '' })).toBe(name);
  });
});
