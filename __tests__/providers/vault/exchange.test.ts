import { type Answer, NetworkFault, type Request } from '../../../src/core/http.ts';
import { end } from '../../../src/providers/vault/ending.ts';
import { exchange } from '../../../src/providers/vault/exchange.ts';
import { mayMint } from '../../../src/providers/vault/read.ts';
import type { VaultRequest } from '../../../src/providers/vault/request.ts';
import { parseSecrets } from '../../../src/providers/vault/secrets.ts';
import { START } from '../../literals/clock.ts';
import { endingPorts, exchangePorts } from '../../literals/exchange-ports.ts';
import { CLAIMS, identities } from '../../literals/identity.ts';
import { recordingKeep } from '../../literals/keep.ts';
import type { Entry } from '../../literals/runner.ts';
import { answer, LOGIN_PAGE, type Reply, serving } from '../../literals/wire.ts';

const TOKEN = 'hvs.the-token-of-the-job';
const auth = (changes: Record<string, unknown> = {}) =>
  answer(200, {
    auth: { client_token: TOKEN, accessor: 'a', lease_duration: 900, token_type: 'service', num_uses: 0, ...changes },
  });
const errors = (status: number, ...texts: string[]) => answer(status, { errors: texts });
const kv2 = (data: object | null) =>
  answer(200, { lease_id: '', lease_duration: 0, data: { data, metadata: { version: 1 } } });
const leased = (data: object, path = 'database/creds/readonly', seconds = 600) =>
  answer(200, { lease_id: `${path}/abc`, renewable: true, lease_duration: seconds, data });

interface World {
  /** Replies by path, in order; the last one stays. */
  readonly paths?: Readonly<Record<string, Reply | readonly Reply[]>>;
  readonly login?: Reply | readonly Reply[];
  readonly secrets?: string;
  readonly request?: Partial<VaultRequest>;
}

/** Runs an exchange; requests, masks and debts share one journal. */
async function run({
  paths = {},
  login = auth(),
  secrets = 'secret/data/app password | APP',
  request = {},
}: World = {}) {
  const journal: Entry[] = [];
  const table: Record<string, Reply | readonly Reply[]> = { 'auth/jwt/login': login, ...paths };
  const served = new Map<string, number>();
  const reply = (asked: Request): Answer | NetworkFault => {
    const path = asked.url.replace('https://vault.example.com/v1/', '');
    journal.push(['ask', path]);
    const replies = table[path];
    const list = Array.isArray(replies) ? replies : [replies ?? answer(404, { errors: [] })];
    const count = served.get(path) ?? 0;
    served.set(path, count + 1);
    const next: Reply = list[Math.min(count, list.length - 1)];
    return typeof next === 'function' ? next(asked) : next;
  };
  const wire = serving(reply);
  const keep = recordingKeep(journal);
  const tokens = identities({ ...CLAIMS, aud: 'https://vault.example.com' });
  const lines = parseSecrets(secrets);
  const full: VaultRequest = {
    url: 'https://vault.example.com',
    role: 'ci',
    authPath: 'jwt',
    audience: 'https://vault.example.com',
    secrets: lines.ok ? lines.value : [],
    exportToken: false,
    ignoreNotFound: false,
    ...request,
  };
  const outcome = exchange(full, tokens, exchangePorts(wire.send), keep);
  const grant = await outcome.catch((thrown: unknown) => thrown as never);
  const asks = (path: string) => wire.requests.filter((r) => r.url.endsWith(`/v1/${path}`)).length;
  return { grant, keep, tokens, requests: wire.requests, journal, asks };
}
const values = (grant: { variables: readonly { name: string; value: unknown }[] }) =>
  Object.fromEntries(
    grant.variables.map((v) => [v.name, (v.value as { reveal?: () => string }).reveal?.() ?? v.value]),
  );

describe('a login and its reads', () => {
  it('keeps everything the moment it arrives: token masked, owed, then used; each lease owed before its values are', async () => {
    const { journal } = await run({
      secrets: 'database/creds/readonly username | U; database/creds/readonly password | P',
      paths: { 'database/creds/readonly': leased({ username: 'v-ci', password: 'pass-word-1' }) },
    });
    expect(journal).toEqual([
      ['ask', 'auth/jwt/login'],
      ['mask', TOKEN],
      ['owe', 'token', { token: TOKEN, type: 'service', renewable: false, expiresAt: START + 900_000 }],
      ['ask', 'database/creds/readonly'],
      [
        'owe',
        'lease',
        expect.objectContaining({
          id: 'database/creds/readonly/abc',
          path: 'database/creds/readonly',
          expiresAt: START + 600_000,
        }),
      ],
      ['mask', 'v-ci'],
      ['mask', 'pass-word-1'],
    ]);
  });

  it('reads each path once, however many lines name it', async () => {
    const { grant, asks } = await run({
      secrets: 'secret/data/app a; secret/data/app b; secret/data/app?version=2 a | OLD; secret/data/other a | OTHER',
      paths: {
        'secret/data/app': kv2({ a: '1', b: '2' }),
        'secret/data/app?version=2': kv2({ a: 'old' }),
        'secret/data/other': kv2({ a: 'x' }),
      },
    });
    expect(asks('secret/data/app')).toBe(1);
    expect(values(grant)).toEqual({ A: '1', B: '2', OLD: 'old', OTHER: 'x' });
  });

  it('exports the token only where that is asked for', async () => {
    const paths = { 'secret/data/app': kv2({ password: 'x' }) };
    expect(Object.keys(values((await run({ paths })).grant))).toEqual(['APP']);
    const { grant } = await run({ paths, request: { exportToken: true, namespace: 'team' } });
    expect(values(grant)).toEqual({
      APP: 'x',
      VAULT_TOKEN: TOKEN,
      VAULT_ADDR: 'https://vault.example.com',
      VAULT_NAMESPACE: 'team',
    });
  });

  it('puts each value out under its own name too', async () => {
    const { grant } = await run({
      secrets: 'secret/data/app k-x',
      paths: { 'secret/data/app': kv2({ 'k-x': 'v-of-k' }) },
    });
    expect(grant.secretOutputs.map((o) => o.name)).toEqual(['vault-token', 'kx']);
    expect(Object.keys(values(grant))).toEqual(['KX']);
  });

  it('marks what a wildcard named, so that it replaces nothing', async () => {
    const { grant } = await run({ secrets: 'secret/data/app *', paths: { 'secret/data/app': kv2({ a: '1234' }) } });
    expect(grant.variables).toMatchObject([{ name: 'A', ifAbsent: true }]);
  });

  it('warns of values that no mask can hide', async () => {
    const { grant } = await run({
      secrets: 'secret/data/app *',
      paths: { 'secret/data/app': kv2({ pin: '123', on: 'true', long: 'long-enough' }) },
    });
    expect(grant.warnings.join()).toMatch(/PIN, ON/);
    expect(grant.warnings.join()).not.toContain('LONG');
  });

  it('ends when the first of what later steps have ends', async () => {
    const paths = {
      'secret/data/app': kv2({ password: 'x' }),
      'database/creds/ro': leased({ password: 'y' }, 'database/creds/ro'),
    };
    expect((await run({ paths })).grant.expiresAt).toBeUndefined();
    expect((await run({ paths, request: { exportToken: true } })).grant.expiresAt).toBe(START + 900_000);
    expect((await run({ paths, secrets: 'database/creds/ro password | P' })).grant.expiresAt).toBe(START + 600_000);
  });

  it('logs in where it was told, as whom it was told', async () => {
    const { requests } = await run({
      paths: { 'secret/data/app': kv2({ password: 'x' }), 'auth/gh/actions/login': auth() },
      request: { authPath: 'gh/actions', authNamespace: 'admin', namespace: 'team', role: 'deploy' },
    });
    expect(requests[0]).toMatchObject({
      url: expect.stringContaining('auth/gh/actions/login'),
      headers: { 'x-vault-namespace': 'admin' },
    });
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ role: 'deploy', jwt: expect.stringMatching(/^ey/) });
    expect(requests[1]?.headers).toMatchObject({ 'x-vault-namespace': 'team', 'x-vault-token': TOKEN });
  });
});

describe('how what it gave will end', () => {
  const dynamic = {
    secrets: 'database/creds/ro password | P',
    paths: { 'database/creds/ro': leased({ password: 'y' }, 'database/creds/ro') },
  };
  const endings = (grant: { credentials: readonly { kind: string; ending: string }[] }) =>
    grant.credentials.map((c) => [c.kind, c.ending]);

  it('a service token and its leases: by post', async () => {
    expect(endings((await run(dynamic)).grant)).toEqual([
      ['Vault service token', 'revoked by post'],
      ['Vault lease', 'revoked by post'],
    ]);
  });
  it('a batch token: by itself', async () => {
    const { grant } = await run({ ...dynamic, login: auth({ token_type: 'batch', accessor: '' }) });
    expect(endings(grant)[0]).toEqual(['Vault batch token', 'expires']);
  });

  it("AWS's sessions: by themselves, since revoking their lease does nothing", async () => {
    const session = leased(
      { access_key: 'ASIAX', secret_key: 'secret-key', security_token: 'session-token', arn: 'arn:aws:sts::1:x' },
      'aws/sts/deploy',
    );
    const { grant, keep } = await run({
      secrets: 'aws/sts/deploy secret_key | K',
      paths: { 'aws/sts/deploy': session },
    });
    expect(endings(grant)[1]).toEqual(['Vault lease', 'expires']);
    const server = serving(() => answer(204));
    const ended = await end(keep.debts, endingPorts(server.send, { 'vault-url': 'https://vault.example.com' }));
    const lease = ended.find((e) => e.what.includes('aws/sts/deploy'));
    expect(lease?.outcome.how).toBe('expires');
  });
});

describe('a path that lacks data/', () => {
  const mount = answer(200, { data: { path: 'secret/', type: 'kv', options: { version: '2' } } });
  const world = (reply: Answer): World => ({
    secrets: 'secret/app password | APP',
    paths: {
      'secret/app': reply,
      'sys/internal/ui/mounts/secret/app': mount,
      'secret/data/app': kv2({ password: 'found' }),
    },
  });

  it.each([403, 404])('is found after %d, where a KV v2 engine is mounted', async (status) => {
    const { grant } = await run(world(errors(status)));
    expect(values(grant)).toEqual({ APP: 'found' });
  });

  it.each<[string, Answer]>([
    ['KV v1', answer(200, { data: { path: 'secret/', type: 'kv', options: { version: '1' } } })],
    ['another engine', answer(200, { data: { path: 'secret/', type: 'database', options: null } })],
    ['no access', errors(403, 'permission denied')],
    ['another mount', answer(200, { data: { path: 'other/', type: 'kv', options: { version: '2' } } })],
    ['nonsense', answer(200, LOGIN_PAGE)],
  ])('stays refused with %s', async (_, reply) => {
    const base = world(errors(403, '1 error occurred:\n\t* permission denied\n\n'));
    const { grant, asks } = await run({
      ...base,
      paths: { ...base.paths, 'sys/internal/ui/mounts/secret/app': reply },
    });
    expect(grant).toMatchObject({ id: 'vault/read-refused' });
    expect(asks('secret/data/app')).toBe(0);
  });

  it('is not looked for where data/ is there', async () => {
    const { grant, requests } = await run({ paths: { 'sys/internal/ui/mounts/secret/data/app': mount } });
    expect(grant).toMatchObject({ id: 'vault/not-found' });
    expect(requests.map((r) => r.url).join()).not.toContain('data/data');
  });
});

describe('a refused login', () => {
  it.each([
    [400, 'role "x" could not be found'],
    [400, 'error validating token: invalid audience (aud) claim: audience claim does not match any expected audience'],
    [400, 'error validating claims: claim "sub" does not match any associated bound claim values'],
    [403, 'permission denied'],
    [404, 'namespace not found'],
  ])('is tried once: %d %s', async (status, said) => {
    const { grant, requests, keep } = await run({ login: errors(status, said) });
    expect(requests).toHaveLength(1);
    expect(grant).toMatchObject({ id: 'vault/login-refused', evidence: { host: 'vault.example.com', status, said } });
    expect(keep.journal.filter(([verb]) => verb !== 'ask')).toEqual([]);
  });

  it.each<[string, Reply]>([
    [
      'keys that could not be fetched',
      errors(
        400,
        'error validating token: error verifying token signature: fetching keys oidc: get keys failed: 404 Not Found',
      ),
    ],
    [
      'a clock that is behind',
      errors(400, 'error validating token: invalid not before (nbf) claim: token not yet valid'),
    ],
    [
      'a clock that is behind, by iat',
      errors(400, 'error validating token: invalid issued at (iat) claim: token issued in the future'),
    ],
    ['a sealed server', errors(503, 'Vault is sealed')],
    ['a standby that has not caught up', errors(412, 'required index state not present')],
    ['a rate limit', errors(429, 'rate limit quota exceeded')],
    ['a reset', new NetworkFault('ECONNRESET', 'vault.example.com', true)],
  ])('that passes is tried again: %s', async (_, reply) => {
    const { grant, asks, tokens } = await run({
      login: [reply, auth()],
      paths: { 'secret/data/app': kv2({ password: 'x' }) },
    });
    expect(grant.cloud).toBe('vault');
    expect(asks('auth/jwt/login')).toBe(2);
    expect(tokens.renewals).toEqual([]);
  });

  it('of an expired identity renews it once', async () => {
    const expired = errors(400, 'error validating token: invalid expiration time (exp) claim: token is expired');
    const { grant, tokens, requests } = await run({
      login: [expired, auth()],
      paths: { 'secret/data/app': kv2({ password: 'x' }) },
    });
    expect(grant.cloud).toBe('vault');
    expect(tokens.renewals).toEqual(['exchange']);
    expect(requests[0]?.body).not.toBe(requests[1]?.body);
    const again = await run({ login: expired });
    expect(again.requests).toHaveLength(2);
    expect(again.grant).toMatchObject({ id: 'vault/login-refused' });
  });

  it('says when the server stays sealed', async () => {
    expect((await run({ login: errors(503, 'Vault is sealed') })).grant).toMatchObject({ id: 'vault/sealed' });
  });

  it.each<[string, Reply]>([
    ['a login page with 200', answer(200, LOGIN_PAGE)],
    ['a login page with 403', answer(403, LOGIN_PAGE)],
    ['a list', answer(200, '[]')],
    ['no auth', answer(200, { auth: null, data: {} })],
    ['a wrapped login', answer(200, { auth: null, wrap_info: { token: 'hvs.wrap' } })],
    ['a login that asks for MFA', auth({ client_token: '', mfa_requirement: { mfa_request_id: 'x' } })],
    ['a token that is a number', auth({ client_token: 7 })],
    ['a line end in the token', auth({ client_token: `${TOKEN}\r\nx-evil: 1` })],
  ])('that is no login is told as such: %s', async (_, login) => {
    const { grant, requests } = await run({ login });
    expect(grant).toMatchObject({ id: 'vault/bad-answer' });
    expect(requests).toHaveLength(1);
  });
});

describe('a refused read', () => {
  it.each<[string, Reply, string]>([
    ['403', errors(403, '1 error occurred:\n\t* permission denied\n\n'), 'vault/read-refused'],
    ['404', errors(404), 'vault/not-found'],
    ['400', errors(400, 'x'), 'vault/read-failed'],
    ['a login page with 200', answer(200, LOGIN_PAGE), 'vault/read-failed'],
    ['no data', answer(200, { data: null }), 'vault/read-failed'],
    ['data that is a list', answer(200, { data: ['x'] }), 'vault/read-failed'],
    [
      'a deleted version',
      answer(404, { data: { data: null, metadata: { version: 1, deletion_time: 't' } } }),
      'vault/not-found',
    ],
    ['a deleted version with 200', kv2(null), 'vault/key-missing'],
    ['a key that is not there', kv2({ other: 'x' }), 'vault/key-missing'],
  ])('%s', async (_, reply, id) => {
    const { grant } = await run({ paths: { 'secret/data/app': reply } });
    expect(grant).toMatchObject({ id });
    expect(String(grant)).toContain('secret/data/app');
  });

  it('fails the whole exchange, and what was taken is owed', async () => {
    const { grant, keep } = await run({
      secrets: 'database/creds/ro password | P; secret/data/app password | APP',
      paths: { 'database/creds/ro': leased({ password: 'y' }, 'database/creds/ro'), 'secret/data/app': errors(403) },
    });
    expect(grant).toMatchObject({ id: 'vault/read-refused' });
    expect(keep.debts.map((d) => d.kind)).toEqual(['token', 'lease']);
  });

  it('is a notice where vault-ignore-not-found asks for that', async () => {
    const { grant } = await run({ request: { ignoreNotFound: true } });
    expect(grant.variables).toEqual([]);
    expect(grant.warnings.join()).toContain('secret/data/app was not found');
    expect(
      (await run({ paths: { 'secret/data/app': errors(403) }, request: { ignoreNotFound: true } })).grant,
    ).toMatchObject({ id: 'vault/read-refused' });
  });

  it('never tells a value', async () => {
    const { grant } = await run({ paths: { 'secret/data/app': kv2({ other: 'the-other-value' }) } });
    expect(JSON.stringify([grant, String(grant)])).not.toContain('the-other-value');
  });
});

describe('a read that makes a credential', () => {
  it.each([
    ['aws/creds/deploy', true],
    ['aws/sts/deploy', true],
    ['azure/creds/deploy', true],
    ['gcp/roleset/x/key', true],
    ['gcp/static-account/x/key', true],
    ['gcp/roleset/x/token', true],
    ['database/creds/readonly', true],
    ['team/database/creds/readonly', true],
    ['rabbitmq/creds/x', true],
    ['consul/creds/x', true],
    ['terraform/creds/x', true],
    ['kubernetes/creds/x', true],
    ['ldap/creds/x', true],
    ['secret/data/app', false],
    ['secret/app', false],
    ['database/static-creds/x', false],
    ['aws/static-creds/x', false],
    ['ldap/static-cred/x', false],
  ])('%s: %s', (path, mints) => {
    expect(mayMint(path)).toBe(mints);
  });

  const world = (path: string, reply: Reply): World => ({
    secrets: `${path} password | P`,
    paths: { [path]: [reply, leased({ password: 'y' }, path)] },
  });
  const RESET = new NetworkFault('ECONNRESET', 'vault.example.com', true);

  it.each<[string, Reply]>([
    ['a reset', RESET],
    ['a timeout', new NetworkFault('TIMEOUT', 'vault.example.com', true)],
    ['500', answer(500)],
    ['502', answer(502)],
    ['504', answer(504)],
  ])('is not repeated after an answer that was lost: %s', async (_, reply) => {
    const { grant, asks } = await run(world('database/creds/ro', reply));
    expect(asks('database/creds/ro')).toBe(1);
    expect(grant).toBeInstanceOf(Error);
  });

  it.each<[string, Reply]>([
    ['503', errors(503, 'Vault is sealed')],
    ['429', answer(429)],
    ['412', answer(412)],
    ['a connection that was refused', new NetworkFault('ECONNREFUSED', 'vault.example.com', false)],
  ])('is repeated after what surely did nothing: %s', async (_, reply) => {
    expect((await run(world('database/creds/ro', reply))).asks('database/creds/ro')).toBe(2);
  });

  it('while other reads are repeated in any case', async () => {
    expect((await run(world('secret/data/app', RESET))).asks('secret/data/app')).toBe(2);
    expect((await run(world('secret/data/app', answer(500)))).asks('secret/data/app')).toBe(2);
  });
});

describe('many reads', () => {
  it('run in parallel, eight at a time, and stop at the first failure', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `p${i}`);
    const secrets = names.map((n) => `secret/data/${n} a | A_${n}`).join('\n');
    const paths = Object.fromEntries(
      names.map((n): [string, Reply] => [`secret/data/${n}`, n === 'p2' ? errors(400, 'no') : kv2({ a: n })]),
    );
    const { grant, requests } = await run({ secrets, paths });
    expect(grant).toMatchObject({ id: 'vault/read-failed' });
    expect(requests.length).toBeLessThan(30);
  });
});
