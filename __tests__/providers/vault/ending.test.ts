import { Budget } from '../../../src/core/budget.ts';
import type { Ended } from '../../../src/core/ending.ts';
import { NetworkFault } from '../../../src/core/http.ts';
import type { Debt, Json } from '../../../src/core/ledger.ts';
import { patient, type RetryPolicy } from '../../../src/core/retry.ts';
import { connection, end } from '../../../src/providers/vault/ending.ts';
import { fakeClock, START } from '../../literals/clock.ts';
import { endingPorts } from '../../literals/exchange-ports.ts';
import { fixedRandom } from '../../literals/random.ts';
import { answer, LOGIN_PAGE, type Reply, serving } from '../../literals/wire.ts';

const URL_OF = 'https://vault.example.com';
const TOKEN = 'hvs.the-token-of-the-job';
const LEASE = 'database/creds/readonly/sLe3CkxVlX4nzWqUbB7wYJkS';
const LATER = START + 3_600_000;

const tokenDebt = (data: Record<string, Json> = {}): Debt => ({
  by: 'vault',
  kind: 'token',
  data: { token: TOKEN, type: 'service', expiresAt: LATER, ...data },
});
const leaseDebt = (data: Record<string, Json> = {}): Debt => ({
  by: 'vault',
  kind: 'lease',
  data: { id: LEASE, path: 'database/creds/readonly', expiresAt: LATER - 1000, ...data },
});

const certificateDebt = (data: Record<string, Json> = {}): Debt => ({
  by: 'vault',
  kind: 'certificate',
  data: { mount: 'pki', serial: '39:dd:2e', path: 'pki/issue/web', expiresAt: LATER, ...data },
});
const ASKED: Debt = { by: 'vault', kind: 'token-end-asked', data: {} };

const DONE = answer(204);
const QUEUED = answer(202);
const errors = (status: number, text: string) => answer(status, { errors: [text] });
/** The shapes that tell a dead token from a policy (OpenBao and Vault differ in the first). */
const DEAD = errors(403, 'permission denied');
const DEAD_AT_VAULT = errors(403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n');
const FORBIDDEN = errors(403, '1 error occurred:\n\t* permission denied\n\n');
const BACKEND_DOWN = errors(400, 'failed to revoke entry: resp: (*logical.Response)(nil) err: failed to connect');
const RESET = new NetworkFault('ECONNRESET', 'vault.example.com', true);

interface World {
  readonly lease?: Reply;
  /** To the order alone, without `sync`; as `lease` unless said. */
  readonly order?: Reply;
  readonly certificate?: Reply;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly token?: Reply;
  readonly settings?: Readonly<Record<string, string>>;
  readonly revoke?: boolean;
}

/** Ends debts at a server that answers each kind of call in one way. */
async function ended(
  debts: readonly Debt[],
  { lease = DONE, order = lease, token = DONE, certificate = DONE, settings = {}, revoke = true, inputs = {} }: World,
) {
  const wire = serving((request) => {
    const reply = request.url.endsWith('/v1/sys/leases/revoke')
      ? request.body?.includes('"sync":false')
        ? order
        : lease
      : request.url.endsWith('/v1/pki/revoke')
        ? certificate
        : request.url.endsWith('/v1/auth/token/revoke-self')
          ? token
          : answer(404);
    return typeof reply === 'function' ? reply(request) : reply;
  });
  const ports = endingPorts(wire.send, { 'vault-url': URL_OF, ...settings }, revoke, inputs);
  const outcomes = await end(debts, ports);
  return { outcomes, requests: wire.requests, how: outcomes.map((o) => o.outcome.how) };
}
const note = (of: Ended | undefined) => (of && 'note' in of.outcome ? of.outcome.note : undefined);

describe('revocation', () => {
  it('asks for each lease by its id in the body, and for the token after them', async () => {
    const { requests, how } = await ended(
      [tokenDebt(), leaseDebt(), leaseDebt({ id: 'other/creds/x/y', path: 'other/creds/x' })],
      {},
    );
    expect(how).toEqual(['revoked', 'revoked', 'revoked']);
    expect(requests.map((r) => [r.method, r.url, r.body])).toEqual([
      ['POST', `${URL_OF}/v1/sys/leases/revoke`, JSON.stringify({ lease_id: LEASE, sync: true })],
      ['POST', `${URL_OF}/v1/sys/leases/revoke`, JSON.stringify({ lease_id: 'other/creds/x/y', sync: true })],
      ['POST', `${URL_OF}/v1/auth/token/revoke-self`, undefined],
    ]);
    for (const { headers } of requests)
      expect(headers).toMatchObject({ 'x-vault-token': TOKEN, 'x-vault-request': 'true' });
  });

  it('names leases by their path, never by id', async () => {
    const { outcomes } = await ended([tokenDebt(), leaseDebt()], {});
    expect(outcomes.map((o) => o.what)).toEqual(['Vault lease of database/creds/readonly', 'Vault token']);
  });

  it.each<[string, Record<string, Json>, string, RegExp | undefined]>([
    ['ends its credential', {}, 'revoked', undefined],
    ['of an account that stays', { ends: false, parts: true }, 'expires', /account stays/],
    ['of an engine that nobody knows here', { unsure: true }, 'revoked', /not known/],
  ])('of a lease that %s is told as what it is', async (_, data, how, words) => {
    const found = await ended([tokenDebt(), leaseDebt(data)], {});
    expect(found.requests.map((r) => r.url.split('/').at(-1))).toEqual(['revoke', 'revoke-self']);
    expect(found.how[0]).toBe(how);
    expect(note(found.outcomes[0]) ?? '').toMatch(words ?? /^$/);
  });

  it('speaks to the namespace of each', async () => {
    const settings = { 'vault-namespace': 'team', 'vault-auth-namespace': 'admin' };
    const { requests } = await ended([tokenDebt(), leaseDebt()], { settings });
    expect(requests.map((r) => r.headers?.['x-vault-namespace'])).toEqual(['team', 'admin']);
    const plain = await ended([tokenDebt(), leaseDebt()], {});
    expect(plain.requests.map((r) => r.headers?.['x-vault-namespace'])).toEqual([undefined, undefined]);
  });
});

describe('what may be said of a lease and its token', () => {
  const elsewhere = { 'vault-namespace': 'team' };
  it.each<[string, World, string, string]>([
    ['both confirmed', {}, 'revoked', 'revoked'],
    ['200 for both', { lease: answer(200, {}), token: answer(200, {}) }, 'revoked', 'revoked'],
    ['the lease is only queued', { lease: QUEUED }, 'queued', 'revoked'],
    ['the policy forbids the lease', { lease: FORBIDDEN }, 'queued', 'revoked'],
    ['the database is down', { lease: BACKEND_DOWN }, 'queued', 'revoked'],
    ['the database is down, the order is taken', { lease: BACKEND_DOWN, order: QUEUED }, 'queued', 'revoked'],
    [
      'the database is down, the order is taken, in another namespace',
      { lease: BACKEND_DOWN, order: QUEUED, settings: { 'vault-namespace': 'team' } },
      'queued',
      'revoked',
    ],
    [
      'the token is dead, in another namespace: the lease lives',
      { lease: DEAD, token: DEAD, settings: { 'vault-namespace': 'team' } },
      'expires',
      'gone',
    ],
    ['the lease is not answered', { lease: RESET }, 'queued', 'revoked'],
    ['a login page answers for the lease', { lease: answer(200, LOGIN_PAGE), token: DONE }, 'queued', 'revoked'],
    [
      'a login page answers for both',
      { lease: answer(200, LOGIN_PAGE), token: answer(200, LOGIN_PAGE) },
      'failed',
      'failed',
    ],
    [
      'the policy forbids the lease, in another namespace',
      { lease: FORBIDDEN, settings: elsewhere },
      'expires',
      'revoked',
    ],
    ['the database is down, in another namespace', { lease: BACKEND_DOWN, settings: elsewhere }, 'failed', 'revoked'],
    ['the token is dead (OpenBao)', { lease: DEAD, token: DEAD }, 'gone', 'gone'],
    ['the token is dead (Vault)', { lease: DEAD_AT_VAULT, token: DEAD_AT_VAULT }, 'gone', 'gone'],
    ['the policy forbids both', { lease: FORBIDDEN, token: FORBIDDEN }, 'expires', 'failed'],
    ['the policy forbids the token', { token: FORBIDDEN }, 'revoked', 'failed'],
    ['the token is not answered', { token: RESET }, 'revoked', 'failed'],
    ['nothing is answered', { lease: RESET, token: RESET }, 'failed', 'failed'],
    [
      'the server is sealed',
      { lease: errors(503, 'Vault is sealed'), token: errors(503, 'Vault is sealed') },
      'failed',
      'failed',
    ],
    ['another server is there', { lease: answer(404, LOGIN_PAGE), token: answer(404, LOGIN_PAGE) }, 'failed', 'failed'],
  ])('%s', async (_, world, lease, token) => {
    const { how } = await ended([tokenDebt(), leaseDebt()], world);
    expect(how).toEqual([lease, token]);
  });

  it('says T where a lease lives on, and why', async () => {
    const { outcomes } = await ended([tokenDebt(), leaseDebt()], { lease: FORBIDDEN, settings: elsewhere });
    expect(outcomes[0]?.outcome).toMatchObject({ how: 'expires', at: LATER - 1000 });
    expect(note(outcomes[0])).toContain('sys/leases/revoke');
  });

  it("says that the token's end takes the lease with it", async () => {
    const { outcomes } = await ended([tokenDebt(), leaseDebt()], { lease: FORBIDDEN });
    expect(note(outcomes[0])).toMatch(/through its token.*sys\/leases\/revoke/);
  });

  it('tells failures with what the server said, and no token', async () => {
    const { outcomes } = await ended([tokenDebt(), leaseDebt()], { lease: BACKEND_DOWN, token: FORBIDDEN });
    const failures = outcomes.map((o) => (o.outcome.how === 'failed' ? o.outcome.failure : undefined));
    expect(failures.map((f) => f?.id)).toEqual(['vault/lease-not-revoked', 'vault/token-not-revoked']);
    expect(failures[0]?.evidence).toMatchObject({ status: 400, said: expect.stringContaining('failed to connect') });
    expect(JSON.stringify(outcomes)).not.toContain(TOKEN);
  });
});

describe('a batch token', () => {
  it('is not asked to end itself, but its lease is', async () => {
    const { how, outcomes, requests } = await ended([tokenDebt({ type: 'batch' }), leaseDebt()], {});
    expect(how).toEqual(['revoked', 'expires']);
    expect(outcomes[1]?.outcome).toMatchObject({ at: LATER, note: expect.stringContaining('batch') });
    expect(requests).toHaveLength(1);
  });
  it('takes no lease with it', async () => {
    expect((await ended([tokenDebt({ type: 'batch' }), leaseDebt()], { lease: FORBIDDEN })).how).toEqual([
      'expires',
      'expires',
    ]);
    expect((await ended([tokenDebt({ type: 'batch' }), leaseDebt()], { lease: BACKEND_DOWN })).how).toEqual([
      'failed',
      'expires',
    ]);
  });
});

describe('a lease that is waited for in vain', () => {
  it('is ordered to end, without waiting, and told as not confirmed', async () => {
    const { outcomes, requests } = await ended([tokenDebt(), leaseDebt()], { lease: BACKEND_DOWN, order: QUEUED });
    expect(requests.map((r) => r.body)).toEqual([
      JSON.stringify({ lease_id: LEASE, sync: true }),
      JSON.stringify({ lease_id: LEASE, sync: false }),
      undefined,
    ]);
    expect(outcomes[0]?.outcome).toMatchObject({ how: 'queued', failure: { id: 'vault/lease-not-revoked' } });
  });
  it('is not ordered again where the policy forbids it', async () => {
    const { requests } = await ended([tokenDebt(), leaseDebt()], { lease: FORBIDDEN });
    expect(requests).toHaveLength(2);
  });
  it('leaves time for the token, however many hang', async () => {
    const clock = fakeClock();
    const wire = serving((request) => {
      if (request.url.endsWith('revoke-self')) return DONE;
      clock.advance((request.timeoutMs ?? 0) / 8); // eight at a time
      return new NetworkFault('TIMEOUT', 'vault.example.com', true);
    });
    const budget = new Budget(clock, 55_000);
    const ports = {
      ...endingPorts(wire.send, { 'vault-url': URL_OF }),
      clock,
      budget,
      patient: (policy: RetryPolicy) => patient(wire.send, policy, { clock, random: fixedRandom(), budget }),
    };
    const leases = Array.from({ length: 40 }, (_, i) => leaseDebt({ id: `${LEASE}${i}` }));
    const outcomes = await end([tokenDebt(), ...leases], ports);
    expect(outcomes.at(-1)?.outcome).toEqual({ how: 'revoked' });
    expect(outcomes.slice(0, -1).every((o) => o.outcome.how === 'queued' && o.outcome.failure)).toBe(true);
  });
});

describe('a certificate', () => {
  const NOT_KEPT = errors(400, 'certificate with serial 39:dd:2e not found.');
  it.each<[string, Reply, string, string]>([
    ['the engine confirms', answer(200, { data: { revocation_time: 1, state: 'revoked' } }), 'revoked', ''],
    ['a login page', answer(200, LOGIN_PAGE), 'failed', ''],
    ['the policy forbids it', FORBIDDEN, 'expires', 'update on pki/revoke'],
    ['its engine did not keep it', NOT_KEPT, 'expires', 'did not keep it'],
    ['the token is dead', DEAD, 'expires', 'its token had ended'],
    ['the server is sealed', errors(503, 'Vault is sealed'), 'failed', ''],
  ])('%s', async (_, certificate, how, why) => {
    const { outcomes, requests } = await ended([tokenDebt(), certificateDebt()], { certificate });
    expect(requests[0]).toMatchObject({ url: `${URL_OF}/v1/pki/revoke`, body: '{"serial_number":"39:dd:2e"}' });
    expect(outcomes[0]).toMatchObject({ what: 'Vault certificate of pki/issue/web', outcome: { how } });
    expect(note(outcomes[0]) ?? '').toContain(why);
    if (how === 'expires') expect(outcomes[0]?.outcome).toMatchObject({ at: LATER });
    expect(requests.at(-1)?.url).toContain('revoke-self');
  });
  it.each([{ mount: '../sys' }, { mount: 'a b' }, { mount: '' }, { serial: '' }, { serial: 'x' }])(
    'of a damaged record is not asked for: %j',
    async (data) => {
      const { requests } = await ended([tokenDebt(), certificateDebt(data)], {});
      expect(requests).toHaveLength(1);
    },
  );
});

describe('a token whose end main has asked for', () => {
  it.each<[string, Reply, Record<string, unknown>]>([
    ['is dead', DEAD, { how: 'revoked', note: 'by main, right after the last read' }],
    ["is dead, in Vault's words", DEAD_AT_VAULT, { how: 'revoked' }],
    ['is alive: the request was lost', DONE, { how: 'revoked' }],
    ['is not answered', RESET, { how: 'failed', at: LATER }],
  ])('%s', async (_, token, outcome) => {
    expect((await ended([tokenDebt(), ASKED], { token })).outcomes.at(-1)?.outcome).toMatchObject(outcome);
  });
});

describe('a token of limited uses', () => {
  it('that is used up took its leases with it: queued, not more', async () => {
    const { outcomes } = await ended([tokenDebt({ uses: 3 }), leaseDebt()], { lease: DEAD, token: DEAD });
    expect(outcomes.map((o) => o.outcome.how)).toEqual(['queued', 'gone']);
    expect(note(outcomes[0])).toContain('no use left');
  });
});

describe('the way to the server', () => {
  const inputs = { 'vault-headers': 'CF-Access-Client-Secret: the-secret-of-the-door', 'vault-ca-certificate': 'CA' };
  it('has the headers that main had', async () => {
    const { requests } = await ended([tokenDebt(), leaseDebt()], { inputs });
    expect(requests.map((r) => r.headers?.['cf-access-client-secret'])).toEqual(
      Array(2).fill('the-secret-of-the-door'),
    );
    expect(requests[0]?.headers?.['user-agent']).toBe('workload-identity (octo-org/octo-repo; run 42, attempt 1)');
  });
  it('has its own authorities and client certificate, for its host alone', () => {
    const all = { ...inputs, 'vault-client-certificate': 'CERT', 'vault-client-key': 'KEY' };
    const settings = { 'vault-url': `${URL_OF}:8200` };
    expect(connection(endingPorts(serving(() => DONE).send, settings, true, all))).toEqual({
      tls: { 'vault.example.com:8200': { ca: 'CA', certificate: 'CERT', key: 'KEY' } },
      secrets: ['KEY', 'the-secret-of-the-door'],
    });
  });
  it('is unchecked only where main was told so', () => {
    const ports = (settings: Record<string, string>) => endingPorts(serving(() => DONE).send, settings);
    expect(connection(ports({ 'vault-url': URL_OF })).tls).toEqual({});
    expect(connection(ports({ 'vault-url': URL_OF, 'vault-tls-skip-verify': 'true' })).tls).toEqual({
      'vault.example.com': { skipVerify: true },
    });
  });
});

describe('what passes by itself', () => {
  it.each([
    ['500', answer(500)],
    ['429', answer(429)],
    ['412', answer(412)],
    ['503', errors(503, 'Vault is sealed')],
    ['a reset', RESET],
  ])('is tried again, a little: %s', async (_, reply) => {
    let asked = 0;
    const second = () => (++asked < 2 ? reply : DONE);
    expect((await ended([tokenDebt()], { token: second })).how).toEqual(['revoked']);
    const never = await ended([tokenDebt()], { token: reply });
    expect(never.how).toEqual(['failed']);
    expect(never.requests).toHaveLength(3);
  });
});

describe('without a request', () => {
  it('everything runs to its end where revoke is false', async () => {
    const { outcomes, requests } = await ended([tokenDebt(), leaseDebt()], { revoke: false });
    expect(requests).toEqual([]);
    expect(outcomes.map((o) => o.outcome)).toEqual(
      expect.arrayContaining([
        { how: 'expires', at: LATER, note: 'revoke is false' },
        { how: 'expires', at: LATER - 1000, note: 'revoke is false' },
      ]),
    );
  });
  it('nothing is done where nothing is owed', async () => {
    expect(await ended([], {})).toMatchObject({ outcomes: [], requests: [] });
  });
  it.each<[string, Debt[], Record<string, string>]>([
    ['the token is missing', [leaseDebt()], {}],
    ['the token is damaged', [tokenDebt({ token: 'a b' }), leaseDebt()], {}],
    ['the address is missing', [tokenDebt(), leaseDebt()], { 'vault-url': '' }],
  ])('what is known to be owed is not passed over in silence: %s', async (_, debts, settings) => {
    const { outcomes, requests } = await ended(debts, { settings });
    expect(requests).toEqual([]);
    expect(outcomes.map((o) => o.what)).toContain('Vault lease of database/creds/readonly');
  });
});
