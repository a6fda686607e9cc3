import { request as plainRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { createAuthority } from '../../../sandbox/net/authority.ts';
import { BODY_LIMIT } from '../../../sandbox/net/body.ts';
import { type ForwardProxy, type ProxyOptions, startProxy } from '../../../sandbox/net/proxy.ts';
import { agentFor, ask, echo } from './client.ts';

const running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

const service = () => echo('echo', ['api.example.com', 'api.example.com:8200', 'open.example.com:80']);

async function start(options: Partial<ProxyOptions> = {}) {
  const played = service();
  const proxy = await startProxy({ services: [played], ...options });
  const agent = agentFor(proxy);
  running.push({ stop: () => agent.destroy() }, proxy);
  return { proxy, agent, played };
}

/** What the proxy answers to these bytes; the first line. */
function talk(proxy: ForwardProxy, text: string): Promise<string> {
  const { port, hostname } = new URL(proxy.url);
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString();
      socket.destroy();
    });
    socket.on('error', reject).on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
  });
}

describe('hosts', () => {
  it('plays a host under its real name, with a certificate that the authority vouches for', async () => {
    const { agent, proxy, played } = await start();
    const seen = await ask(agent, 'https://api.example.com/a%2Fb?x=1&x=2', { method: 'POST', body: 'é' });
    expect(JSON.parse(seen.body)).toEqual({
      host: 'api.example.com',
      method: 'POST',
      path: '/a%2Fb?x=1&x=2',
      body: 'é',
    });
    expect(played.calls[0]?.url.href).toBe('https://api.example.com/a%2Fb?x=1&x=2');
    expect(proxy.journal.connects).toMatchObject([{ target: 'api.example.com:443', outcome: 'opened' }]);
    expect(proxy.journal.traffic).toMatchObject([{ service: 'echo', operation: 'a%2Fb', outcome: 200 }]);
  });

  it('keeps another port in the host', async () => {
    const { agent } = await start();
    expect(JSON.parse((await ask(agent, 'https://api.example.com:8200/v1')).body).host).toBe('api.example.com:8200');
  });

  it('answers many requests on one connection', async () => {
    const { agent, proxy } = await start({ latencyMs: 5 });
    for (const path of ['a', 'b', 'c']) await ask(agent, `https://api.example.com/${path}`);
    expect(proxy.journal.traffic.map(({ operation }) => operation)).toEqual(['a', 'b', 'c']);
    expect(proxy.journal.connects.length).toBeLessThan(3);
  });

  it('is not believed by a client that does not know the authority', async () => {
    const { proxy } = await start();
    const stranger = agentFor(proxy, createAuthority().cert);
    running.push({ stop: () => stranger.destroy() });
    await expect(ask(stranger, 'https://api.example.com/')).rejects.toThrow(/UNABLE_TO_VERIFY|SELF_SIGNED|SIGNATURE/);
    expect(proxy.journal.traffic).toEqual([]);
  });

  it.each([
    ['a host that nobody plays', 'CONNECT example.org:443 HTTP/1.1\r\n\r\n', 502],
    ['a port that nobody plays', 'CONNECT api.example.com:444 HTTP/1.1\r\n\r\n', 502],
    ['an IPv6 literal', 'CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n', 502],
    ['an IPv4 literal', 'CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n', 502],
    ['no port', 'CONNECT api.example.com HTTP/1.1\r\n\r\n', 400],
    ['a port out of range', 'CONNECT api.example.com:99999 HTTP/1.1\r\n\r\n', 400],
    ['user info', 'CONNECT a@api.example.com:443 HTTP/1.1\r\n\r\n', 400],
    ['an unclosed bracket', 'CONNECT [::1:443 HTTP/1.1\r\n\r\n', 400],
    ['a path', 'CONNECT /x HTTP/1.1\r\n\r\n', 400],
    ['a plain request for another host', 'GET http://example.org/ HTTP/1.1\r\nhost: example.org\r\n\r\n', 502],
    [
      'a plain request for a host that asks for TLS',
      'GET http://api.example.com/ HTTP/1.1\r\nhost: api.example.com\r\n\r\n',
      502,
    ],
    ['a request to the proxy itself', 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n', 400],
  ])('refuses %s', async (_what, text, status) => {
    const { proxy, played } = await start();
    const head = text.includes('\r\nhost') ? text : text.replace('\r\n', '\r\nhost: x\r\n');
    expect(await talk(proxy, head)).toContain(` ${status} `);
    expect(played.calls).toEqual([]);
    expect(await talk(proxy, 'CONNECT api.example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n')).toContain(' 200 ');
  });

  it('survives what is no HTTP at all', async () => {
    const { proxy, agent } = await start();
    await talk(proxy, '\x16\x03\x01garbage\r\n\r\n').catch(() => '');
    expect((await ask(agent, 'https://api.example.com/')).status).toBe(200);
  });

  it('forwards a plain request to a host that is open to it', async () => {
    const { proxy } = await start();
    const { hostname, port } = new URL(proxy.url);
    const status = await new Promise((resolve, reject) => {
      const options = { hostname, port, path: 'http://open.example.com/x', headers: { host: 'open.example.com' } };
      plainRequest(options, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    expect(proxy.journal.traffic[0]?.call.url.href).toBe('http://open.example.com/x');
  });

  it('answers 421 to a Host header of another host', async () => {
    const { agent, played } = await start();
    expect((await ask(agent, 'https://api.example.com/', { headers: { host: 'other.example.com' } })).status).toBe(421);
    expect(played.calls).toEqual([]);
  });
});

describe('limits', () => {
  it.each([
    [BODY_LIMIT, 200],
    [BODY_LIMIT + 1, 413],
  ])('a body of %i bytes: %i', async (size, status) => {
    const { agent } = await start();
    const seen = await ask(agent, 'https://api.example.com/', { method: 'POST', body: 'x'.repeat(size) });
    expect(seen.status).toBe(status);
  });

  it('asks for credentials where it has any', async () => {
    const { proxy, agent } = await start({ credentials: { user: 'user', password: 'p@ss' } });
    await expect(ask(agent, 'https://api.example.com/')).rejects.toThrow('ERR_PROXY_TUNNEL 407');
    const known = agentFor(proxy, proxy.authority.cert, proxy.url.replace('://', '://user:p%40ss@'));
    running.push({ stop: () => known.destroy() });
    expect((await ask(known, 'https://api.example.com/')).status).toBe(200);
    expect(proxy.journal.connects.map(({ outcome }) => outcome)).toEqual([407, 'opened']);
    expect(proxy.journal.connects[1]?.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  });

  it('reports a service that throws as a defect of the sandbox', async () => {
    const broken = echo('broken', ['api.example.com'], () => {
      throw new Error('oh');
    });
    const { agent } = await start({ services: [broken] });
    const seen = await ask(agent, 'https://api.example.com/');
    expect(seen).toMatchObject({ status: 500, body: expect.stringContaining('sandbox defect in broken') });
  });
});

describe('stop', () => {
  it('ends hanging requests and waiting ones, and closes the port', async () => {
    const { proxy, agent } = await start({ latencyMs: 60_000 });
    const waiting = ask(agent, 'https://api.example.com/');
    const outcome = waiting.catch((error: Error) => error.message);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await proxy.stop();
    expect(await outcome).toBe('ECONNRESET');
    await expect(talk(proxy, 'x')).rejects.toThrow('ECONNREFUSED');
  });

  it('may be called twice', async () => {
    const { proxy } = await start();
    await proxy.stop();
    await expect(proxy.stop()).resolves.toBeUndefined();
  });
});
