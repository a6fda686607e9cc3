import { type Answer, NetworkFault, type Request } from '../../../src/core/http.ts';
import { end } from '../../../src/providers/vault/ending.ts';
import { effectOf } from '../../../src/providers/vault/engine-paths.ts';
import { exchange } from '../../../src/providers/vault/exchange.ts';
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
      ['ask', 'sys/capabilities-self'],
      ['ask', 'database/creds/readonly'],
      ['mask', 'pass-word-1'],
      [
        'owe',
        'lease',
        expect.objectContaining({
          id: 'database/creds/readonly/abc',
          path: 'database/creds/readonly',
          expiresAt: START + 600_000,
        }),
      ],
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

  it('gives numbers as the server wrote them', async () => {
    const body =
      '{"lease_id":"","data":{"data":{"id":12345678901234567890,"rate":1.0,"n":5,"o":{"big":1e400}},"metadata":{"version":1}}}';
    const { grant } = await run({
      secrets: 'secret/data/app *; secret/data/app o.big | BIG; secret/data/app id.rawJSON | NONE',
      paths: { 'secret/data/app': answer(200, body) },
    });
    expect(grant).toMatchObject({ id: 'vault/key-missing' });
    const all = await run({
      secrets: 'secret/data/app *; secret/data/app o.big | BIG',
      paths: { 'secret/data/app': answer(200, body) },
    });
    expect(values(all.grant)).toEqual({
      ID: '12345678901234567890',
      RATE: '1.0',
      N: '5',
      O: '{"big":1e400}',
      BIG: '1e400',
    });
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
    paths: { 'database/creds/ro': leased({ password: 'pass-word-1' }, 'database/creds/ro') },
  };
  /** What the server says of the token's capabilities. */
  const may = (data: Record<string, string[]>) => ({ 'sys/capabilities-self': answer(200, { data }) });
  const endings = (grant: { credentials: readonly { kind: string; ending: string }[] }) =>
    grant.credentials.map((c) => [c.kind, c.ending]);

  it('a service token and its leases: by post', async () => {
    const paths = { ...dynamic.paths, ...may({ 'sys/leases/revoke': ['update'] }) };
    expect(endings((await run({ ...dynamic, paths })).grant)).toEqual([
      ['Vault service token', 'revoked by post'],
      ['Vault lease', 'revoked by post'],
    ]);
  });
  it('a batch token: by itself', async () => {
    const { grant } = await run({ ...dynamic, login: auth({ token_type: 'batch', accessor: '' }) });
    expect(endings(grant)[0]).toEqual(['Vault batch token', 'expires']);
  });

  const TEAM: Partial<VaultRequest> = { namespace: 'team/app', authNamespace: 'team' };
  it.each<[string, World, string, RegExp, RegExp]>([
    [
      'the policy forbids it: queued, with the line that would allow it',
      { paths: may({ 'sys/leases/revoke': ['deny'] }) },
      'queued by post',
      /Allow it in the policies of the role ci: path "sys\/leases\/revoke" \{ capabilities = \["update"\] \}/,
      /^$/,
    ],
    ['Vault does not say: queued', { paths: {} }, 'queued by post', /Vault has not said/, /^$/],
    [
      'Vault breaks off: queued',
      { paths: { 'sys/capabilities-self': new NetworkFault('ECONNRESET', 'vault.example.com', true) } },
      'queued by post',
      /Vault has not said/,
      /^$/,
    ],
    [
      'a namespace below, allowed',
      { paths: may({ 'app/sys/leases/revoke': ['update'] }), request: TEAM },
      'revoked by post',
      /^((?!Allow it).)*$/,
      /^$/,
    ],
    [
      "a namespace below, where only the token's own line is there: alive until T, in a warning",
      { paths: may({ 'sys/leases/revoke': ['update'], 'app/sys/leases/revoke': ['deny'] }), request: TEAM },
      'expires',
      /^((?!Allow it).)*$/,
      /lease of database\/creds\/ro, alive until .*path "app\/sys\/leases\/revoke" \{ capabilities = \["update"\] \}/,
    ],
    [
      'a batch token: alive until T',
      { paths: may({ 'sys/leases/revoke': ['deny'] }), login: auth({ token_type: 'batch' }) },
      'expires',
      /^((?!Allow it).)*$/,
      /alive until/,
    ],
    ['revoke is false', { paths: {}, request: { revoke: false } }, 'expires', /revoke is false/, /^$/],
  ])('a lease where %s', async (_, world, ending, remark, warning) => {
    const { grant } = await run({ ...dynamic, ...world, paths: { ...dynamic.paths, ...world.paths } });
    expect(endings(grant)[1]).toEqual(['Vault lease', ending]);
    expect(grant.remarks.join('; ')).toMatch(remark);
    expect(grant.warnings.join('; ')).toMatch(warning);
  });

  it('asks for what post will need, in the namespace of the token, and never waits for it', async () => {
    const { requests } = await run({ ...dynamic, request: TEAM });
    const asked = requests.filter((r) => r.url.endsWith('sys/capabilities-self'));
    expect(asked.map((r) => [r.headers?.['x-vault-namespace'], r.body])).toEqual([
      ['team', JSON.stringify({ paths: ['auth/token/revoke-self', 'app/sys/leases/revoke'] })],
    ]);
    expect((await run({ paths: { 'secret/data/app': kv2({ password: 'x' }) } })).asks('sys/capabilities-self')).toBe(0);
  });

  it('a lease that would outlast its token: said, but not of one that it does not take along', async () => {
    const paths = { 'database/creds/ro': leased({ password: 'pass-word-1' }, 'database/creds/ro', 3600) };
    const said = async (world: World) => (await run({ ...dynamic, paths, ...world })).grant.warnings.join();
    expect(await said({})).toContain('ends with its token at 2026-11-25T12:15:00Z');
    expect(await said({ request: TEAM })).not.toContain('ends with its token');
    expect((await run(dynamic)).grant.warnings.join()).not.toContain('ends with its token');
  });

  it('a token that may not end itself: by itself, and the line that would allow it', async () => {
    const paths = { ...dynamic.paths, ...may({ 'auth/token/revoke-self': ['deny'], 'sys/leases/revoke': ['update'] }) };
    const { grant } = await run({ ...dynamic, paths });
    expect(endings(grant)).toEqual([
      ['Vault service token', 'expires'],
      ['Vault lease', 'revoked by post'],
    ]);
    expect(grant.remarks.join()).toContain('path "auth/token/revoke-self" { capabilities = ["update"] }');
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

describe('a token that nobody needs any more', () => {
  const paths = { 'secret/data/app': kv2({ password: 'x' }), 'database/creds/ro': leased({ password: 'y' }) };
  const spent: Partial<VaultRequest> = { spent: true };

  it('is ended by main after the last read, and stays owed', async () => {
    const { grant, keep, requests, journal } = await run({ paths, request: spent });
    expect(requests.map((r) => r.url.slice(29))).toEqual([
      'auth/jwt/login',
      'secret/data/app',
      'auth/token/revoke-self',
    ]);
    expect(grant.credentials[0]?.ending).toBe('revoked by main');
    expect(keep.debts.map((d) => d.kind)).toEqual(['token', 'token-end-asked']);
    expect(journal.slice(-3)).toMatchObject([
      ['owe', 'token-end-asked', {}],
      ['ask', 'auth/token/revoke-self'],
      ['mask', 'x'],
    ]);
  });

  it.each<[string, World]>([
    ['holds a lease', { secrets: 'database/creds/ro password | P', request: spent }],
    ['is used by later steps', {}],
    ['is a batch token', { login: auth({ token_type: 'batch' }), request: spent }],
    ['was good for these reads only', { login: auth({ num_uses: 1 }), request: spent }],
  ])('is not, where it %s', async (_, world) => {
    const { asks, keep } = await run({ paths, ...world });
    expect(asks('auth/token/revoke-self')).toBe(0);
    expect(keep.debts.map((d) => d.kind)).not.toContain('token-end-asked');
  });

  it.each<[string, Reply]>([
    ['refuses', errors(403, 'permission denied')],
    ['breaks off', new NetworkFault('ECONNRESET', 'vault.example.com', true)],
  ])('is no failure where Vault %s', async (_, reply) => {
    const { grant } = await run({ paths: { ...paths, 'auth/token/revoke-self': reply }, request: spent });
    expect(values(grant)).toEqual({ APP: 'x' });
  });
});

describe('a token of few uses', () => {
  const secrets = 'secret/data/app password | A; database/creds/ro password | P';
  const paths = {
    'secret/data/app': kv2({ password: 'pass-word-1' }),
    'database/creds/ro': leased({ password: 'pass-word-2' }),
  };
  const uses = (num_uses: number): World => ({ secrets, paths, login: auth({ num_uses }) });

  it('too few for the reads: nothing is minted', async () => {
    const { grant, requests, keep } = await run(uses(2));
    expect(grant).toMatchObject({ id: 'vault/token-uses' });
    expect(requests).toHaveLength(1);
    expect(keep.debts[0]?.data).toMatchObject({ uses: 2 });
  });
  it('too few for the end: said', async () => {
    const { grant, asks } = await run(uses(3));
    expect(grant.warnings.join()).toMatch(/good for 3 requests.*take 4.*token_num_uses of the role ci/);
    expect(asks('sys/capabilities-self')).toBe(0);
  });
  it.each([0, 5, 100])('enough: %i', async (num) => {
    const { grant, asks } = await run(uses(num));
    expect(grant.warnings).toEqual([]);
    expect(asks('sys/capabilities-self')).toBe(1);
  });
});

describe('what has an end but no lease', () => {
  const END = Math.floor(START / 1000) + 3600;
  const pki = {
    certificate: 'C',
    issuing_ca: 'CA',
    private_key: 'K',
    serial_number: '39:dd:2e:90',
    expiration: END,
  };
  const plain = (data: object, path: string): World => ({
    secrets: `${path} * | X_`,
    paths: { [path]: answer(200, { lease_id: '', lease_duration: 0, data }) },
  });
  it.each<[string, World, unknown]>([
    ['a certificate', plain(pki, 'pki/issue/web'), ['Vault certificate', 'pki/issue/web', END * 1000]],
    [
      'an SSH certificate',
      plain({ signed_key: 'ssh-rsa x', serial_number: '1f' }, 'ssh/sign/ci'),
      ['Vault SSH certificate', 'ssh/sign/ci', undefined],
    ],
    [
      'a Google token',
      plain({ token: 'ya29.x', expires_at_seconds: END, token_ttl: 3599 }, 'gcp/roleset/ci/token'),
      ['Vault Google token', 'gcp/roleset/ci/token', END * 1000],
    ],
    [
      'static credentials',
      plain({ username: 'u', password: 'p4ssword', ttl: 60 }, 'database/static-creds/ci'),
      ['Vault credential', 'database/static-creds/ci', START + 60_000],
    ],
    [
      "a team's token without a lease",
      plain({ token: 'atlas', token_id: 'at-1' }, 'terraform/creds/team'),
      ['Vault credential', 'terraform/creds/team', undefined],
    ],
  ])('is named with it: %s', async (_, world, expected) => {
    const { grant } = await run(world);
    const named = grant.credentials.slice(1).map((c) => [c.kind, c.scope, c.expiresAt]);
    expect(named).toEqual([expected]);
    expect(grant.credentials[1]?.ending).toBe('expires');
  });
  it('is no KV secret, whatever its keys are called', async () => {
    const { grant, keep } = await run({
      secrets: 'secret/data/app * | X_',
      paths: { 'secret/data/app': kv2({ ...pki, signed_key: 'x', ttl: 7 }) },
    });
    expect(grant.credentials).toHaveLength(1);
    expect(keep.debts.map((d) => d.kind)).toEqual(['token']);
  });
  it('a certificate is owed at once, with all that its revocation takes', async () => {
    const world = plain(pki, 'team/pki/issuer/main/issue/web');
    const paths = { ...world.paths, 'sys/capabilities-self': answer(200, { data: { 'team/pki/revoke': ['update'] } }) };
    const { keep, grant } = await run({ ...world, paths });
    expect(keep.debts[1]).toEqual({
      by: 'vault',
      kind: 'certificate',
      data: { mount: 'team/pki', serial: '39:dd:2e:90', path: 'team/pki/issuer/main/issue/web', expiresAt: END * 1000 },
    });
    expect(grant.credentials[1]?.ending).toBe('revoked by post');
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

  it.each<[string, Reply, string?]>([
    ['a login page with 200', answer(200, LOGIN_PAGE)],
    ['a login page with 403', answer(403, LOGIN_PAGE)],
    ['a list', answer(200, '[]')],
    ['no auth', answer(200, { auth: null, data: {} })],
    ['a wrapped login', answer(200, { auth: null, wrap_info: { token: 'hvs.wrap' } }), 'vault/login-wrapped'],
    [
      'a login that asks for MFA',
      auth({ client_token: '', mfa_requirement: { mfa_request_id: 'x' } }),
      'vault/login-mfa',
    ],
    ['a token that is a number', auth({ client_token: 7 })],
    ['a line end in the token', auth({ client_token: `${TOKEN}\r\nx-evil: 1` })],
    ['a page that is not there', answer(404, LOGIN_PAGE)],
    ['a page that takes no POST', answer(405, LOGIN_PAGE)],
  ])('that is no login is told as such: %s', async (_, login, id = 'vault/bad-answer') => {
    const { grant, requests } = await run({ login });
    expect(grant).toMatchObject({ id });
    expect(requests).toHaveLength(1);
  });
});

describe('a refused read', () => {
  it.each<[string, Reply, string]>([
    ['403', errors(403, '1 error occurred:\n\t* permission denied\n\n'), 'vault/read-refused'],
    ['404', errors(404), 'vault/not-found'],
    ['400', errors(400, 'x'), 'vault/read-failed'],
    ['a login page with 200', answer(200, LOGIN_PAGE), 'vault/bad-answer'],
    ['a page that forbids', answer(403, LOGIN_PAGE), 'vault/bad-answer'],
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

describe('what a call does', () => {
  it.each([
    ['aws/creds/deploy', 'makes', 'makes'],
    ['aws/sts/deploy', 'makes', 'makes'],
    ['azure/creds/deploy', 'makes', 'makes'],
    ['gcp/roleset/x/key', 'makes', 'makes'],
    ['gcp/static-account/x/key', 'makes', 'makes'],
    ['gcp/impersonated-account/x/token', 'makes', 'makes'],
    ['gcp/key/x', 'makes', 'makes'],
    ['database/creds/readonly', 'makes', 'makes'],
    ['team/database/creds/readonly', 'makes', 'makes'],
    ['kubernetes/creds/x', 'makes', 'makes'],
    ['ldap/library/set/check-out', 'makes', 'makes'],
    ['pki/issue/web', 'makes', 'makes'],
    ['pki/issuer/x/issue/web', 'makes', 'makes'],
    ['ssh/sign/x', 'makes', 'makes'],
    ['transit/decrypt/x', 'unknown', 'reads'],
    ['transit/datakey/plaintext/x', 'unknown', 'makes'],
    ['totp/code/x', 'reads', 'reads'],
    ['secret/data/app', 'reads', 'stores'],
    ['team/secret/data/app', 'reads', 'stores'],
    ['secret/metadata/app', 'reads', 'stores'],
    ['secret/data/creds/app', 'unknown', 'unknown'],
    ['database/static-creds/x', 'reads', 'unknown'],
    ['ldap/static-cred/x', 'reads', 'unknown'],
    ['identity/oidc/token/x', 'reads', 'unknown'],
    ['cubbyhole/x', 'reads', 'stores'],
    ['kv1/app', 'unknown', 'unknown'],
    ['plugin/anything', 'unknown', 'unknown'],
  ])('%s: read %s, written %s', (path, read, write) => {
    expect([effectOf(path), effectOf(path, 'POST')]).toEqual([read, write]);
  });
});

describe('a read that makes a credential', () => {
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

  const kvMount = (type: string, path: string) => answer(200, { data: { path, type, options: null } });
  it.each<[string, string, Reply, number]>([
    ['kv1/app', 'a store', kvMount('kv', 'kv1/'), 2],
    ['secret/data/creds/app', 'a store', kvMount('kv', 'secret/'), 2],
    ['plugin/app', 'another engine', kvMount('my-plugin', 'plugin/'), 1],
    ['database/creds/ro', 'a database', kvMount('database', 'database/'), 1],
    ['plugin/app', 'the mount of something else', kvMount('kv', 'other/'), 1],
    ['plugin/app', 'nothing that may be known', errors(403, 'preflight capability check returned 403'), 1],
    ['plugin/app', 'an unreachable server', new NetworkFault('ECONNREFUSED', 'vault.example.com', false), 1],
  ])('%s is asked about after a lost answer, and %s answers: %#', async (path, _, mount, times) => {
    const { asks } = await run({
      secrets: `${path} password | P`,
      paths: { [path]: [RESET, leased({ password: 'y' }, path)], [`sys/internal/ui/mounts/${path}`]: mount },
    });
    expect(asks(path)).toBe(times);
    expect(asks(`sys/internal/ui/mounts/${path}`)).toBeGreaterThan(0);
  });

  it.each([
    'POST pki/issue/web {"common_name":"x"} certificate | C',
    'POST secret/data/app {"data":{"a":"b"}}',
    'POST kv1/app {"a":"b"}',
    'POST aws/sts/x access_key | C',
  ])('is not repeated where it is a write, and no mount is asked: %s', async (secrets) => {
    const path = secrets.split(' ')[1] ?? '';
    const { grant, asks, requests } = await run({
      secrets,
      paths: { [path]: [RESET, leased({ certificate: 'y' }, path)] },
    });
    expect(asks(path)).toBe(1);
    expect(requests.filter((r) => r.url.includes('/internal/'))).toEqual([]);
    expect(grant).toMatchObject({ id: 'vault/unreachable' });
  });

  it('while a write that only computes is repeated', async () => {
    const secrets = 'POST transit/decrypt/k {"ciphertext":"vault:v1:x"} plaintext | P';
    const { asks } = await run({
      secrets,
      paths: { 'transit/decrypt/k': [RESET, answer(200, { data: { plaintext: 'YWJjZA==' } })] },
    });
    expect(asks('transit/decrypt/k')).toBe(2);
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

describe('a write', () => {
  const pki = {
    certificate: 'PEM-cert',
    issuing_ca: 'PEM-ca',
    private_key: 'PEM-private-key',
    serial_number: '0a:0b',
    expiration: START / 1000 + 3600,
  };
  it('is sent once with its body as it was written, however many lines pick from it', async () => {
    const body = '{ "common_name": "a.example.com", "big": 12345678901234567890 }';
    const { grant, requests, keep } = await run({
      secrets: `POST pki/issue/web ${body} certificate | CERT; PUT pki/issue/web ${body} private_key | KEY`,
      paths: { 'pki/issue/web': answer(200, { lease_id: '', data: pki }) },
    });
    const sent = requests.filter((r) => r.url.endsWith('/pki/issue/web'));
    expect(sent).toMatchObject([{ method: 'POST', body, headers: { 'content-type': 'application/json' } }]);
    expect(values(grant)).toEqual({ CERT: 'PEM-cert', KEY: 'PEM-private-key' });
    expect(keep.masked).toEqual([TOKEN, 'PEM-private-key', 'PEM-private-key']);
    expect(grant.credentials.at(-1)).toMatchObject({
      kind: 'Vault certificate',
      scope: 'POST pki/issue/web',
      ending: 'expires',
      expiresAt: START + 3_600_000,
    });
    expect(grant.expiresAt).toBe(START + 3_600_000);
  });

  it.each<[string, string, Answer, readonly string[]]>([
    [
      'a new version of KV v2',
      'POST secret/data/app {"data":{"password":"new-value","n":1},"options":{"cas":2}} version | V',
      answer(200, {
        data: { version: 3, created_time: 't', destroyed: false, deletion_time: '', custom_metadata: null },
      }),
      ['new-value'],
    ],
    ['KV v1, which answers nothing', 'POST kv1/app {"password":"new-value"}', answer(204), ['new-value']],
    [
      'transit',
      'POST transit/encrypt/k {"plaintext":"bmV3LXZhbHVl"} ciphertext | C',
      answer(200, { data: { ciphertext: 'vault:v1:x', key_version: 1 } }),
      ['bmV3LXZhbHVl'],
    ],
    ['an engine', 'POST plugin/make {"name":"of-a-thing"}', answer(200, { data: null }), ['of-a-thing']],
    ['a role', 'POST aws/sts/x {"role_session_name":"of-a-session"}', answer(200, { data: { x: 'y' } }), ['y']],
  ])('masks what it stores before it goes out: %s', async (_, secrets, reply, masked) => {
    const path = secrets.split(' ')[1] ?? '';
    const { grant, journal } = await run({ secrets, paths: { [path]: reply } });
    expect(grant).toMatchObject({ cloud: 'vault' });
    const sent = journal.findIndex(([verb, asked]) => verb === 'ask' && asked === path);
    const masks = journal.flatMap(([verb, value], i) =>
      verb === 'mask' && value !== TOKEN ? [[value, i < sent]] : [],
    );
    expect(masks.map(([value]) => value)).toEqual(masked);
    if (secrets.includes('new') || secrets.includes('bmV3')) expect(masks.every(([, before]) => before)).toBe(true);
  });

  it('of a token is not used, but masked, where the server lets one be made', async () => {
    const { grant, keep } = await run({
      secrets: 'POST plugin/login {"x":"y"} token | T',
      paths: { 'plugin/login': answer(200, { data: null, auth: { client_token: 'hvs.stray-token' } }) },
    });
    expect(grant).toMatchObject({ id: 'vault/read-failed' });
    expect(keep.masked).toContain('hvs.stray-token');
  });

  it('that is not found is not ignored', async () => {
    const { grant } = await run({ secrets: 'POST kv1/app {"a":"b"}', request: { ignoreNotFound: true } });
    expect(grant).toMatchObject({ id: 'vault/not-found' });
  });

  it('finds a KV v2 store without data/ as a read does', async () => {
    const { asks, grant } = await run({
      secrets: 'POST secret/app {"data":{"a":"b"}}',
      paths: {
        'secret/app': errors(403),
        'sys/internal/ui/mounts/secret/app': answer(200, {
          data: { path: 'secret/', type: 'kv', options: { version: '2' } },
        }),
        'secret/data/app': answer(200, { data: { version: 1, created_time: 't', destroyed: false } }),
      },
    });
    expect([asks('secret/data/app'), grant.cloud]).toEqual([1, 'vault']);
  });
});

describe('a value as a file', () => {
  const PEM = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----';
  const contents = (grant: { files: readonly { content: (p: never) => unknown }[] }) =>
    grant.files.map(({ content }) => {
      const made = content((() => '') as never) as { reveal?: () => string };
      return made.reveal?.() ?? made;
    });

  it('is planned, masked, and its variable and output hold its path', async () => {
    const { grant, keep } = await run({
      secrets: 'secret/data/app key as file | KEY\nsecret/data/app KEY as file | key\nsecret/data/app plain | PLAIN',
      paths: { 'secret/data/app': kv2({ key: 'the-first', KEY: 'the-other', plain: 'x-value' }) },
    });
    expect(grant.files.map(({ name, variables, outputs }) => ({ name, variables, outputs }))).toEqual([
      { name: 'vault-1-KEY', variables: ['KEY'], outputs: ['KEY'] },
      { name: 'vault-2-key', variables: ['key'], outputs: ['key'] },
    ]);
    expect(contents(grant)).toEqual(['the-first', 'the-other']);
    expect(Object.keys(values(grant))).toEqual(['PLAIN']);
    expect(keep.masked).toEqual(expect.arrayContaining(['the-first', 'the-other']));
  });

  it.each<[string, unknown, unknown]>([
    ['as it is', 'text', 'text'],
    ['as it is, final line end and all', 'text\r\n', 'text\r\n'],
    ['a PEM with the line end that OpenSSH wants', PEM, `${PEM}\n`],
    ['a PEM that has one', `${PEM}\n`, `${PEM}\n`],
  ])('holds the value %s', async (_, value, content) => {
    const { grant } = await run({
      secrets: 'secret/data/app key as file | KEY',
      paths: { 'secret/data/app': kv2({ key: value as string }) },
    });
    expect(contents(grant)).toEqual([content]);
  });

  it('holds the bytes of a base64, whatever they are', async () => {
    const { grant } = await run({
      secrets: 'secret/data/app key decode base64 as file | KEY',
      paths: { 'secret/data/app': kv2({ key: '/wD+Cg==' }) },
    });
    expect(contents(grant)).toEqual([Buffer.from([255, 0, 254, 10])]);
  });
});

describe('what the login already tells', () => {
  const dynamic = {
    secrets: 'database/creds/ro password | P',
    paths: { 'database/creds/ro': leased({ password: 'long-enough' }, 'database/creds/ro') },
  };
  it.each<[string, World, number]>([
    ['fewer uses than reads', { secrets: 'secret/data/a x | A; secret/data/b x | B' }, 1],
    ['no use left after a lease was taken, which ends it at once', dynamic, 1],
  ])('%s: nothing is read', async (_, world, uses) => {
    const { grant, requests, keep } = await run({ ...world, login: auth({ num_uses: uses }) });
    expect(grant).toMatchObject({ id: 'vault/token-uses', fixes: [expect.stringContaining('token_num_uses')] });
    expect(requests).toHaveLength(1);
    expect(keep.debts.map((d) => d.kind)).toEqual(['token']);
  });
  it('too few uses for post is a warning', async () => {
    const warned = await run({ ...dynamic, login: auth({ num_uses: 2 }) });
    expect(warned.grant.warnings.join()).toMatch(/token_num_uses/);
    expect((await run({ ...dynamic, login: auth({ num_uses: 3 }) })).grant.warnings).toEqual([]);
  });
  it('a token that ends before lifetime is a warning, where that was set', async () => {
    const { grant } = await run({ ...dynamic, request: { lifetime: 3600 } });
    expect(grant.warnings.join()).toMatch(/lives for 900 s, shorter than lifetime/);
    expect((await run({ ...dynamic, request: { lifetime: 600 } })).grant.warnings).toEqual([]);
  });
  it('a lease that is longer than its token is told with its true end', async () => {
    const { grant } = await run({
      ...dynamic,
      paths: { 'database/creds/ro': leased({ password: 'long-enough' }, 'database/creds/ro', 7200) },
    });
    expect(grant.warnings.join()).toMatch(/lease of database\/creds\/ro would run until .* but ends with its token/);
    expect(grant.credentials[1]?.expiresAt).toBe(START + 900_000);
  });
  it.each([
    [900, false],
    [901, true],
  ])('a lease of %d s of a token of 900 s: warned of is %p', async (seconds, warned) => {
    const { grant } = await run({
      ...dynamic,
      paths: { 'database/creds/ro': leased({ password: 'long-enough' }, 'database/creds/ro', seconds) },
    });
    expect(grant.warnings.some((warning) => /would run until/.test(warning))).toBe(warned);
  });
});
