import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createAuthority } from '../../sandbox/net/authority.ts';
import { connectAhead } from '../../src/adapters/connections.ts';
import { openTransport } from '../../src/adapters/transport.ts';
import { NetworkFault, type Request } from '../../src/core/http.ts';
import type { NetworkSettings, Transport } from '../../src/core/ports.ts';
import { type Running, startProxy, startServer } from './servers.ts';

const authority = createAuthority();
const TRUSTED: NetworkSettings = { ca: authority.cert };

let server: Running;
const open: { close(): void }[] = [];
const started: Running[] = [];

beforeAll(async () => {
  server = await startServer(authority.issue('127.0.0.1'));
});
afterAll(() => server.stop());
afterEach(async () => {
  for (const transport of open.splice(0)) transport.close();
  await Promise.all(started.splice(0).map((s) => s.stop()));
});

function transport(settings: NetworkSettings = TRUSTED, cut = new AbortController().signal): Transport {
  const opened = openTransport(settings, cut);
  open.push(opened);
  return opened;
}
async function keeping<T extends Running>(starting: Promise<T>): Promise<T> {
  const running = await starting;
  started.push(running);
  return running;
}
const get = (path: string, more: Partial<Request> = {}): Request => ({
  method: 'GET',
  url: `${server.origin}${path}`,
  ...more,
});
/** What a request comes to: its answer, or the fault. */
const outcome = (via: Transport, request: Request) =>
  (async () => via.send(request))().catch((thrown: unknown) => thrown);
const fault = (code: string | RegExp, sent: boolean) =>
  expect.objectContaining({
    name: 'NetworkFault',
    code: typeof code === 'string' ? code : expect.stringMatching(code),
    sent,
  });

describe('a request', () => {
  it('is sent as it is, and its answer comes back whole', async () => {
    const request = get('/echo?x=1', { method: 'POST', headers: { 'x-a': 'b' }, body: 'grüße' });
    const answer = await transport().send(request);
    expect(answer.status).toBe(200);
    const echoed = JSON.parse(answer.body);
    expect(echoed).toMatchObject({
      method: 'POST',
      body: 'grüße',
      headers: { 'x-a': 'b', 'content-length': '7', 'accept-encoding': 'identity' },
    });
  });

  it('has headers in lower case, several of a kind joined', async () => {
    expect((await transport().send(get('/cookies'))).headers).toMatchObject({
      'set-cookie': 'a=1, b=2',
      'x-mixed-case': 'yes',
    });
  });

  it('follows no redirect', async () => {
    const before = server.seen.length;
    const answer = await transport().send(get('/redirect'));
    expect(answer).toMatchObject({ status: 302, body: 'moved', headers: { location: '/ok' } });
    expect(server.seen.slice(before)).toEqual(['GET /redirect']);
  });

  it('takes an answer up to its limit, and none above it', async () => {
    expect((await transport().send(get('/nearly-large'))).body).toHaveLength(2 * 1024 * 1024);
    expect(await outcome(transport(), get('/large'))).toEqual(fault('TOO_LARGE', true));
  });

  it('takes no answer that was cut short', async () => {
    expect(await outcome(transport(), get('/cut'))).toEqual(fault(/^ECONNRESET|^ERR_|^HPE_/, true));
  });

  it.each(['/hang', '/hang-in-body'])('is given up when its time is over: %s', async (path) => {
    expect(await outcome(transport(), get(path, { timeoutMs: 150 }))).toEqual(fault('TIMEOUT', true));
  });

  it('that was reset had been sent', async () => {
    expect(await outcome(transport(), get('/reset', { method: 'POST', body: 'x' }))).toEqual(fault('ECONNRESET', true));
  });

  it('that found nobody had not', async () => {
    const gone = await startServer(authority.issue('127.0.0.1'));
    await gone.stop();
    const refused = await outcome(transport(), { method: 'POST', url: gone.origin, body: 'x' });
    expect(refused).toEqual(fault('ECONNREFUSED', false));
    expect(refused).toMatchObject({ host: `127.0.0.1:${gone.port}` });
  });

  it('shows nothing of itself in its fault', async () => {
    const secret = { headers: { authorization: 'Bearer hunter2' }, method: 'POST', body: 'jwt=hunter2' } as const;
    const thrown = await outcome(transport(), get('/reset?hunter2', secret));
    expect(thrown).toBeInstanceOf(NetworkFault);
    const { inspect } = await import('node:util');
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain('hunter2');
  });
});

describe('a cut', () => {
  it('ends what is under way', async () => {
    const cut = new AbortController();
    const asking = outcome(transport(TRUSTED, cut.signal), get('/hang'));
    setTimeout(() => cut.abort(), 100);
    expect(await asking).toEqual(fault('CANCELLED', true));
  });
  it('lets nothing more go out', async () => {
    const before = server.seen.length;
    const via = transport(TRUSTED, AbortSignal.abort());
    via.preconnect(server.origin);
    expect(await outcome(via, get('/after-the-cut'))).toEqual(fault('CANCELLED', false));
    expect(server.seen.slice(before)).toEqual([]);
  });
});

describe('certificates', () => {
  it.each<[string, () => NetworkSettings]>([
    ['with no further authority', () => ({})],
    ['with another authority', () => ({ ca: createAuthority('another').cert })],
  ])('are checked: %s', async (_, settings) => {
    const before = server.seen.length;
    const untrusted =
      /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|CERT_SIGNATURE_FAILURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)$/;
    const request = get('/x', { method: 'POST', body: 'secret' });
    expect(await outcome(transport(settings()), request)).toEqual(fault(untrusted, false));
    const early = transport(settings());
    early.preconnect(server.origin);
    await early.onTheWire();
    expect(await outcome(early, request)).toEqual(fault(untrusted, false));
    expect(server.seen.slice(before)).toEqual([]);
  });

  it('must be for the host', async () => {
    const other = await keeping(startServer(authority.issue('other.example.com')));
    expect(await outcome(transport(), { method: 'GET', url: other.origin })).toEqual(
      fault('ERR_TLS_CERT_ALTNAME_INVALID', false),
    );
  });

  it('are checked though NODE_TLS_REJECT_UNAUTHORIZED=0 was planted', async () => {
    const before = server.seen.length;
    const module = pathToFileURL(join(import.meta.dirname, '../../src/adapters/transport.ts')).href;
    const code = `
      const { openTransport } = await import(${JSON.stringify(module)});
      for (const early of [false, true]) {
        const via = openTransport({}, new AbortController().signal);
        if (early) { via.preconnect(${JSON.stringify(server.origin)}); await via.onTheWire(); }
        const told = await via.send({ method: 'POST', url: ${JSON.stringify(`${server.origin}/x`)}, body: 'secret' }).then((a) => 'answered ' + a.status, (f) => 'refused ' + f.code);
        process.stdout.write(told + '\\n');
        via.close();
      }`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--no-warnings', '--input-type=module', '-e', code],
      {
        env: { PATH: process.env.PATH ?? '', NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      },
    );
    expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^refused /), expect.stringMatching(/^refused /)]);
    expect(server.seen.slice(before)).toEqual([]);
  });
});

describe('plain http', () => {
  it.each(['http://localhost/', 'http://example.com/', 'http://127.0.0.1.example.com/', 'http://10.0.0.1/'])(
    'is refused before anything is sent: %s',
    async (url) => {
      expect(await outcome(transport(), { method: 'GET', url })).toMatchObject({ id: 'network/plain-http' });
    },
  );
  it('reaches a literal loopback address', async () => {
    const plain = await keeping(startServer());
    expect((await transport().send({ method: 'GET', url: `${plain.origin}/x` })).status).toBe(200);
  });
});

describe('a proxy', () => {
  const through = (proxy: Running, more: Partial<NetworkSettings> = {}) =>
    transport({ ...TRUSTED, proxy: proxy.origin, ...more });

  it('is asked for a tunnel, with the credentials it was given, decoded', async () => {
    const proxy = await keeping(startProxy(server.port));
    const via = through(proxy, { proxy: `http://user:p%40ss@127.0.0.1:${proxy.port}` });
    expect((await via.send(get('/x'))).status).toBe(200);
    const basic = Buffer.from('user:p@ss').toString('base64');
    expect(proxy.seen).toEqual([`127.0.0.1:${server.port} Basic ${basic}`]);
  });

  it('is asked by connections that are opened ahead, too', async () => {
    const proxy = await keeping(startProxy(server.port));
    const via = through(proxy);
    via.preconnect(server.origin);
    await via.onTheWire();
    expect((await via.send(get('/x'))).status).toBe(200);
    expect(proxy.seen.length).toBeGreaterThan(0);
  });

  it('is gone round for hosts of NO_PROXY', async () => {
    const proxy = await keeping(startProxy(server.port));
    expect((await through(proxy, { noProxy: '127.0.0.1' }).send(get('/x'))).status).toBe(200);
    expect(proxy.seen).toEqual([]);
  });

  it.each([
    [407, 'PROXY_407'],
    [502, 'PROXY_502'],
    [403, 'PROXY_403'],
  ])('that answers %d is told as such, and nothing had been sent', async (status, code) => {
    const proxy = await keeping(startProxy(server.port, status));
    const before = server.seen.length;
    expect(await outcome(through(proxy), get('/x', { method: 'POST', body: 'x' }))).toEqual(fault(code, false));
    expect(server.seen.slice(before)).toEqual([]);
  });

  it('that never answers does not hold the step', async () => {
    const proxy = await keeping(startProxy(server.port, 0));
    expect(await outcome(through(proxy), get('/x', { timeoutMs: 200 }))).toEqual(
      fault(/^(TIMEOUT|PROXY_TIMEOUT)$/, false),
    );
  });

  it('that speaks no HTTP is told as such', async () => {
    const other = createServer((socket) => socket.write('SSH-2.0-server\r\n\r\n', () => socket.destroySoon()));
    await new Promise<void>((ok) => other.listen(0, '127.0.0.1', ok));
    const { port } = other.address() as { port: number };
    const via = transport({ ...TRUSTED, proxy: `http://127.0.0.1:${port}`, noProxy: '' });
    expect(await outcome(via, get('/x'))).toEqual(fault('PROXY_NO_HTTP', false));
    await new Promise((ok) => other.close(ok));
  });

  it('that is not there is a fault, never a way round', async () => {
    const proxy = await startProxy(server.port);
    await proxy.stop();
    const before = server.seen.length;
    expect(await outcome(through(proxy), get('/x'))).toEqual(fault('ECONNREFUSED', false));
    expect(server.seen.slice(before)).toEqual([]);
  });
});

describe('a connection that was opened ahead', () => {
  it('is used by the request that follows', async () => {
    const via = transport();
    via.preconnect(server.origin);
    await via.onTheWire();
    expect((await via.send(get('/x'))).status).toBe(200);
  });

  it('that broke is replaced by another, which reports', async () => {
    const proxy = await keeping(startProxy(1, 200)); // tunnels to nobody
    const via = transport({ ...TRUSTED, proxy: proxy.origin, noProxy: '' });
    via.preconnect(server.origin);
    await via.onTheWire();
    expect(await outcome(via, get('/x'))).toEqual(fault(/^(ECONNRESET|PROXY_|ECONNREFUSED)/, false));
  });

  it('to nobody is no error until it is used', async () => {
    const gone = await startServer(authority.issue('127.0.0.1'));
    await gone.stop();
    const via = transport();
    via.preconnect(gone.origin);
    await via.onTheWire();
    expect((await via.send(get('/x'))).status).toBe(200);
  });

  it('does not hold the server once the transport is closed', async () => {
    const own = await startServer(authority.issue('127.0.0.1'));
    const via = openTransport(TRUSTED, new AbortController().signal);
    via.preconnect(own.origin);
    await via.onTheWire();
    via.close();
    await own.stop();
    expect(own.seen).toEqual([]);
  });
});

describe('connections that were begun before their transport', () => {
  const ahead = (settings: NetworkSettings, count = 1) => {
    const connections = connectAhead(settings, server.origin, count);
    open.push(connections);
    return connections;
  };
  const over = (settings: NetworkSettings, connections: ReturnType<typeof ahead>) =>
    openTransport(settings, new AbortController().signal, connections);

  it('are used by its requests', async () => {
    const proxy = await keeping(startProxy(server.port));
    const settings = { ...TRUSTED, proxy: proxy.origin, noProxy: '' };
    const connections = ahead(settings, 2);
    expect(connections.count).toBe(2);
    const via = over(settings, connections);
    const answers = await Promise.all([via.send(get('/x')), via.send(get('/y'))]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(proxy.seen).toHaveLength(2);
    via.close();
  });

  it('ask nothing by themselves, and hold nothing once they are closed', async () => {
    const before = server.seen.length;
    const connections = ahead(TRUSTED);
    await over(TRUSTED, connections).onTheWire();
    connections.close();
    expect(server.seen.slice(before)).toEqual([]);
  });

  it('that failed are replaced by its own', async () => {
    const via = over(TRUSTED, ahead({}));
    expect((await via.send(get('/x'))).status).toBe(200);
    via.close();
  });

  it('are not made to a proxy that is spoken to over TLS, nor over plain http', () => {
    expect(ahead({ proxy: 'https://proxy.example.com:3128' }).count).toBe(0);
    expect(connectAhead({}, 'http://127.0.0.1:1', 1).count).toBe(0);
  });
});
