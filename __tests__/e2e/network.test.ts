// The network at its worst, on the built action: proxies that refuse, certificates that nobody knows, hosts that answer late, half or with something else.
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { REQUEST_HOST } from '../../sandbox/github/issuer.ts';
import { type Fault, json, type Service } from '../../sandbox/service.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { AWS, AZURE, calm, cleanUp, FOUR, GCP, type Played, play, VAULT } from './scenario.ts';

const STS = 'sts.eu-west-1.amazonaws.com';
const ENTRA = 'login.microsoftonline.com';
const GOOGLE_STS = 'sts.googleapis.com';
const GOOGLE_IAM = 'iamcredentials.googleapis.com';
const VAULT_HOST = 'vault.example.com';
const EXCHANGES = [STS, ENTRA, GOOGLE_STS, GOOGLE_IAM, VAULT_HOST];

const NO_ROLE = json(400, { errors: ['role "ci" could not be found'] });

/** What the proxy finds at a loopback address: a Vault that lacks the role. */
const LOOPBACK: Service = {
  name: 'loopback',
  plays: (host) => /^127\.0\.0\.1:\d+$/.test(host),
  operation: (call) => call.path,
  answer: () => NO_ROLE,
};

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: [LOOPBACK] });
});
afterEach(() => {
  cleanUp();
  calm(world);
  // What a test allowed to be alive is not the next one's.
  for (const entry of world.ledger.owed()) world.ledger.end(entry, 'expired');
});
afterAll(() => world.stop());

/** The operations that a host was asked for, in order. */
function asked(host: string): string[] {
  return world.traffic.filter((t) => t.call.host === host).map((t) => t.operation);
}

function errors({ main }: Played): string[] {
  return main.annotations.filter((a) => a.level === 'error').map((a) => a.message);
}

/** Ids of the failures that were told, in alphabetical order. */
function failed(played: Played): string[] {
  return errors(played)
    .map((message) => /^\[([^\]]+)\]/.exec(message)?.[1] ?? message)
    .sort();
}

function expectNothingDelivered(played: Played): void {
  expect(played.result.result).toBe('failure');
  expect(played.main.exitCode).toBe(1);
  expect(played.main.exported).toEqual({});
  expect(played.main.outputs).toEqual({ federated: 'false' });
  // What it says last is the end: nothing that was under way goes on behind it.
  const { journal, commandFiles } = played.main;
  const over = journal.findLastIndex((e) => e.what === 'appendFile' && e.path === commandFiles.output);
  expect(journal.slice(over).filter((e) => e.kind === 'connect' || e.kind === 'request')).toEqual([]);
}

function everywhere(fault: Omit<Fault, 'host'>, hosts = EXCHANGES): void {
  for (const host of hosts) world.faults.push({ ...fault, host });
}

const LOGIN_PAGE = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>sign in: hotel-wifi</html>' };

describe('the proxy', () => {
  it.each([
    [407, 'the proxy wants a user name and a password'],
    [403, 'the proxy refused the connection'],
  ])('answers %i: said at once, and nothing is tried twice', async (status, cause) => {
    world.faults.push({ kind: 'connect-refused', reply: { status }, times: Number.POSITIVE_INFINITY });
    const played = await play(world, { with: AWS });
    expectNothingDelivered(played);
    expect(errors(played)).toEqual([
      `[identity/unreachable] GitHub's OIDC endpoint could not be reached: ${cause} (PROXY_${status})`,
    ]);
    expect(world.traffic).toEqual([]);
    // One connection made ahead, and the request's own.
    expect(world.connects.filter((c) => c.target === `${REQUEST_HOST}:443`)).toHaveLength(2);
  });

  it('refuses one host: the others are ended, and the host is named', async () => {
    world.faults.push({ kind: 'connect-refused', reply: { status: 407 }, host: STS, times: Number.POSITIVE_INFINITY });
    const played = await play(world, { with: FOUR });
    expectNothingDelivered(played);
    expect(failed(played)).toEqual(['aws/unreachable']);
    expect(played.log).toContain(`host ${STS}`);
    expect(asked(VAULT_HOST)).toContain('auth/token/revoke-self');
  });

  it.each(['connect-refused', 'connect-reset', 'tls-broken'] as const)(
    '%s for a moment, at every host: the connection is made again',
    async (kind) => {
      // The connection made ahead, and the first one of the request.
      everywhere({ kind, times: 2 });
      const { result } = await play(world, { with: FOUR });
      expect(result.result).toBe('success');
      expect(world.connects.filter((c) => c.outcome !== 'opened').length).toBeGreaterThanOrEqual(2 * 4);
    },
  );

  it('is not there', async () => {
    const machine = { HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: '' };
    const played = await play(world, { with: { ...AWS, timeout: '10s' }, machine });
    expectNothingDelivered(played);
    expect(failed(played)).toEqual(['identity/unreachable']);
    expect(world.connects).toEqual([]);
  });

  it('is written without a scheme, or in the variable for http, or in lower case: it is used all the same', async () => {
    for (const machine of [
      { HTTPS_PROXY: world.proxyUrl.replace('http://', ''), HTTP_PROXY: '' },
      { HTTPS_PROXY: '', HTTP_PROXY: world.proxyUrl },
      { HTTPS_PROXY: '', HTTP_PROXY: '', https_proxy: world.proxyUrl },
    ]) {
      calm(world);
      const { result } = await play(world, { with: VAULT, machine });
      expect(result.result).toBe('success');
      expect(asked(VAULT_HOST).at(-1)).toBe('auth/token/revoke-self');
    }
  });

  it('speaks SOCKS: refused, and nothing goes round it', async () => {
    const machine = { HTTPS_PROXY: 'socks5://user:socks-password-1@127.0.0.1:1080', HTTP_PROXY: world.proxyUrl };
    const played = await play(world, { with: FOUR, machine });
    expectNothingDelivered(played);
    expect(failed(played)).toEqual(['network/proxy']);
    expect(played.log).not.toContain('socks-password-1');
    expect(world.connects).toEqual([]);
    expect(played.main.journal.filter((e) => e.kind === 'connect' || e.kind === 'request')).toEqual([]);
  });

  it('asks for a password, which is in the variable: masked in every form, sent only to the proxy', async () => {
    const guarded = await startWorld({ proxyCredentials: { user: 'ci', password: 'p@ss/word: 100%' } });
    try {
      const played = await play(guarded, { with: FOUR }, { leaks: true });
      expect(played.result.result).toBe('success');
      expect(guarded.traffic.map((t) => t.operation)).toContain('auth/token/revoke-self');
      expect(guarded.traffic.filter((t) => t.call.headers['proxy-authorization'])).toEqual([]);
      // The machine itself gives it to every process, and post needs the whole URL: state has it, as it was written.
      const elsewhere = played.leaks.filter(
        ({ label, place }) =>
          !(label === 'proxy password' && /^step env (HTTPS?_PROXY|STATE_)|^state |GITHUB_STATE/i.test(place)),
      );
      expect(elsewhere.filter(({ place }) => !/set_state_|state_/.test(place))).toEqual([]);
    } finally {
      await guarded.stop();
    }
  });
});

describe('a proxy that is spoken to over TLS', () => {
  it('carries every request in a tunnel, and gets none for itself', async () => {
    const received: string[] = [];
    const back = new URL(world.proxyUrl);
    const server = createTlsServer(world.authority.issue('127.0.0.1'), (client) => {
      const proxy = connect(Number(back.port), back.hostname);
      client.on('data', (data) => received.push(data.toString('latin1')));
      client.on('error', () => proxy.destroy()).on('close', () => proxy.destroy());
      proxy.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.pipe(proxy).pipe(client);
    });
    await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
    const machine = { HTTPS_PROXY: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, HTTP_PROXY: '' };
    try {
      const { result } = await play(world, { with: FOUR, machine });
      const readable = received.join('').match(/\b(CONNECT|GET|POST) [^ \r\n]+ HTTP\/1\.1|authorization: \w+/gi) ?? [];
      expect(readable.filter((text) => !text.startsWith('CONNECT '))).toEqual([]);
      expect(result.result).toBe('success');
    } finally {
      server.close();
    }
  });
});

describe('NO_PROXY', () => {
  it('takes a host round the proxy; without it, the proxy is asked', async () => {
    const paths: (string | undefined)[] = [];
    const server = createServer(world.authority.issue('127.0.0.1'), (request, response) => {
      paths.push(request.url);
      response.writeHead(NO_ROLE.status, NO_ROLE.headers).end(NO_ROLE.body);
    });
    await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
    const { port } = server.address() as AddressInfo;
    const inputs = { ...VAULT, 'vault-url': `https://127.0.0.1:${port}` };
    try {
      const direct = await play(world, { with: inputs });
      expectNothingDelivered(direct);
      expect(paths).toEqual(['/v1/auth/jwt/login']);
      expect(world.connects.map((c) => c.target)).not.toContain(`127.0.0.1:${port}`);

      const through = await play(world, { with: inputs, machine: { NO_PROXY: '' } });
      expectNothingDelivered(through);
      expect(paths).toHaveLength(1);
      expect(asked(`127.0.0.1:${port}`)).toEqual(['/v1/auth/jwt/login']);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('covers the hosts below a name too, as curl has it', async () => {
    // The refusal of another cloud keeps the step from asking for a host without an address again and again.
    const inputs = { ...AWS, ...VAULT, 'vault-url': 'https://vault.team.invalid' };
    const tried = async (noProxy: string) => {
      calm(world);
      world.faults.push({ kind: 'status', host: STS, reply: { status: 400, body: 'no' } });
      expectNothingDelivered(await play(world, { with: inputs, machine: { NO_PROXY: noProxy } }));
      return world.connects.some((c) => c.target === 'vault.team.invalid:443');
    };
    expect(await tried('127.0.0.1,team.invalid')).toBe(false);
    expect(await tried('127.0.0.1,eam.invalid')).toBe(true);
  });
});

describe('an authority that Node does not know', () => {
  const unknown = { NODE_EXTRA_CA_CERTS: '' };

  it('is refused, once, with advice', async () => {
    const played = await play(world, { with: FOUR, machine: { ...unknown, NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expectNothingDelivered(played);
    expect(failed(played)).toEqual(['identity/unreachable']);
    expect(errors(played)[0]).toContain('its certificate is not trusted');
    expect(played.log).toContain('ca-certificate');
    expect(played.log).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0 is set');
    expect(world.traffic).toEqual([]);
  });

  it.each([
    ['as text', () => world.ca],
    ['as a path', () => world.caFile],
  ])('is trusted where ca-certificate names it, %s; by post too', async (_, given) => {
    const { result, post } = await play(world, { with: { ...FOUR, 'ca-certificate': given() }, machine: unknown });
    expect(result.result).toBe('success');
    expect(post?.stdout).toContain('Vault token: revoked');
  });

  it('is asked for in words where ca-certificate cannot be read or holds none', async () => {
    for (const given of ['/nowhere/ca.pem', '-----BEGIN CERTIFICATE-----\nnothing']) {
      const played = await play(world, { with: { ...AWS, 'ca-certificate': given }, machine: unknown });
      expect(played.result.result).toBe('failure');
      expect(errors(played)).toEqual([expect.stringMatching(/^\[inputs\/invalid\] ca-certificate: /)]);
      expect(world.connects).toEqual([]);
    }
  });
});

describe('every exchange host at once', () => {
  const passing: readonly (readonly [string, Omit<Fault, 'host'>])[] = [
    ['a reset before the request was read', { kind: 'reset' }],
    ['an end of the connection without an answer', { kind: 'close' }],
    ['429 with Retry-After', { kind: 'status', reply: { status: 429, headers: { 'retry-after': '1' } } }],
    ['500', { kind: 'status', reply: { status: 500 } }],
    ['503', { kind: 'status', reply: { status: 503, body: 'upstream\n' } }],
  ];
  it.each(passing)('%s passes: one more request each, and all is delivered', async (_, fault) => {
    everywhere({ ...fault });
    const { result } = await play(world, { with: FOUR });
    expect(result.result).toBe('success');
    expect(asked(STS)).toEqual(Array(2).fill('AssumeRoleWithWebIdentity'));
    expect(asked(ENTRA)).toEqual(Array(2).fill('token'));
    expect(asked(GOOGLE_STS)).toEqual(Array(2).fill('token'));
    expect(asked(GOOGLE_IAM)).toEqual(Array(2).fill('generateAccessToken'));
    expect(asked(VAULT_HOST).filter((o) => o === 'auth/jwt/login')).toHaveLength(2);
  });

  const lost: readonly (readonly [string, Omit<Fault, 'host'>])[] = [
    ['a reset after the work was done', { kind: 'reset-after' }],
    ['half an answer', { kind: 'truncate' }],
  ];
  it.each(lost)('%s passes too; only the grants whose answers were lost live on', async (_, fault) => {
    everywhere({ ...fault });
    const { result } = await play(world, { with: FOUR }, { alive: true });
    expect(result.result).toBe('success');
    expect(asked(STS)).toHaveLength(2);
    expect(asked(GOOGLE_IAM)).toHaveLength(2);
    // The answer to the first login never came whole, so nobody can revoke its token: it expires.
    expect(world.ledger.owed().map(({ service, kind }) => ({ service, kind }))).toEqual([
      { service: 'vault', kind: 'service token' },
    ]);
  });

  it('answers that come byte by byte are waited for', async () => {
    everywhere({ kind: 'slow', ms: 1 });
    const { result } = await play(world, { with: FOUR });
    expect(result.result).toBe('success');
    expect(asked(STS)).toHaveLength(1);
  });

  it('a login page in place of the service account, or of a secret', async () => {
    for (const [host, operation, inputs, id] of [
      [GOOGLE_IAM, 'generateAccessToken', GCP, 'gcp/bad-answer'],
      [VAULT_HOST, 'read', VAULT, 'vault/bad-answer'],
    ] as const) {
      calm(world);
      world.faults.push({ kind: 'status', reply: LOGIN_PAGE, host, operation, times: Number.POSITIVE_INFINITY });
      const played = await play(world, { with: inputs });
      expectNothingDelivered(played);
      expect(failed(played)).toEqual([id]);
      expect(played.log).not.toContain('hotel-wifi');
    }
  });
});

/** One cloud at a time: the first that fails stops the others. */
const ALONE = [
  ['aws', AWS, STS],
  ['azure', AZURE, ENTRA],
  ['gcp', GCP, GOOGLE_STS],
  ['vault', VAULT, VAULT_HOST],
] as const;

describe.each(ALONE)('answers that are of no use, from %s: told, and tried once', (cloud, inputs, host) => {
  const stay = { host, times: Number.POSITIVE_INFINITY };

  it('a login page with 200', async () => {
    world.faults.push({ kind: 'status', reply: LOGIN_PAGE, ...stay });
    const played = await play(world, { with: inputs });
    expectNothingDelivered(played);
    expect(failed(played)).toEqual([`${cloud}/bad-answer`]);
    expect(asked(host)).toHaveLength(1);
    expect(asked(GOOGLE_IAM)).toEqual([]);
    expect(played.log).not.toContain('hotel-wifi');
  });

  it('one without an end', async () => {
    world.faults.push({ kind: 'oversize', bytes: 64 * 1024 * 1024, ...stay });
    const played = await play(world, { with: inputs });
    expectNothingDelivered(played);
    expect(errors(played)).toEqual([
      expect.stringMatching(new RegExp(`^\\[${cloud}/unreachable\\] .*its answer is far too large \\(TOO_LARGE\\)$`)),
    ]);
    expect(asked(host)).toHaveLength(1);
  });

  it('503 that asks for an hour of patience', async () => {
    world.faults.push({ kind: 'status', reply: { status: 503, headers: { 'retry-after': '3600' } }, ...stay });
    const played = await play(world, { with: inputs });
    expectNothingDelivered(played);
    expect(failed(played)).toEqual([expect.stringMatching(`^${cloud}/`)]);
    expect(asked(host)).toHaveLength(1);
  });
});

describe('silence', () => {
  it("ends with the step's own time, which is said", async () => {
    const always = { times: Number.POSITIVE_INFINITY };
    world.faults.push({ kind: 'connect-hang', host: STS, ...always });
    world.faults.push({ kind: 'hang', host: ENTRA, ...always });
    world.faults.push({ kind: 'slow', ms: 5_000, host: GOOGLE_STS, ...always });
    const played = await play(world, { with: { ...FOUR, timeout: '10s' } });
    expectNothingDelivered(played);
    expect(failed(played)).not.toEqual([]);
    for (const message of errors(played)) expect(message).toMatch(/did not answer in time|time of 10 s is used up/);
    expect(asked(VAULT_HOST)).toContain('auth/token/revoke-self');
  });

  it('of Vault while another refuses is waited out: the token that comes is ended', async () => {
    world.faults.push({ kind: 'status', host: STS, reply: { status: 400, body: 'no' } });
    world.faults.push({ kind: 'delay', ms: 6_500, host: VAULT_HOST, operation: 'auth/jwt/login' });
    const played = await play(world, { with: { ...AWS, ...VAULT } });
    while (world.traffic.some((t) => t.operation === 'auth/jwt/login' && t.end === undefined)) await setTimeout(50);
    expectNothingDelivered(played);
    expect(world.ledger.owed()).toEqual([]);
    expect(asked(VAULT_HOST)).toContain('auth/token/revoke-self');
  });

  it('of one connection, or one request, is tried again', async () => {
    world.faults.push({ kind: 'connect-hang', host: STS });
    world.faults.push({ kind: 'hang', host: ENTRA });
    const { result } = await play(world, { with: { ...AWS, ...AZURE } });
    expect(result.result).toBe('success');
  });
});

describe('reads that mint', () => {
  const creds = { ...VAULT, 'vault-secrets': 'database/creds/readonly username | DB_USER' };
  const reads = () => asked(VAULT_HOST).filter((operation) => operation === 'read');
  const leases = () => world.ledger.all('vault').filter((e) => e.kind === 'lease');

  it.each(['reset-after', 'truncate'] as const)(
    'after %s are not repeated; what was made ends with the token',
    async (kind) => {
      const before = leases().length;
      world.faults.push({ kind, host: VAULT_HOST, operation: 'read' });
      const played = await play(world, { with: creds });
      expectNothingDelivered(played);
      expect(failed(played)).toEqual(['vault/unreachable']);
      expect(reads()).toHaveLength(1);
      const made = leases().slice(before);
      expect(made.map((lease) => lease.endedBy)).toEqual(['with its token']);
    },
  );

  it.each([429, 503])('are repeated after %i, which did nothing', async (status) => {
    world.faults.push({ kind: 'status', reply: { status }, host: VAULT_HOST, operation: 'read' });
    const before = leases().length;
    const { result } = await play(world, { with: creds });
    expect(result.result).toBe('success');
    expect(reads()).toHaveLength(2);
    expect(leases()).toHaveLength(before + 1);
  });

  it('are not repeated after 500, which may have done it', async () => {
    world.faults.push({ kind: 'status', reply: { status: 500 }, host: VAULT_HOST, operation: 'read' });
    const played = await play(world, { with: creds });
    expectNothingDelivered(played);
    expect(reads()).toHaveLength(1);
  });

  it('are apart from reads of secrets, which are repeated', async () => {
    world.faults.push({ kind: 'reset-after', host: VAULT_HOST, operation: 'read' });
    const inputs = { ...VAULT, 'vault-secrets': 'secret/data/app password | APP_PASSWORD' };
    const { result } = await play(world, { with: inputs });
    expect(result.result).toBe('success');
    expect(reads()).toHaveLength(2);
  });
});
