import { connect } from 'node:net';
import { listen } from '../../src/adapters/local-server.ts';
import type { LocalCall, LocalServer } from '../../src/core/ports.ts';

let server: LocalServer;
let calls: LocalCall[] = [];
beforeEach(async () => {
  calls = [];
  server = await listen(async (call) => {
    calls.push(call);
    return { status: 200, body: '{"a":1}' };
  });
});
afterEach(() => server.close());

/** What comes back for raw bytes; empty where the connection was ended without an answer. */
function raw(text: string): Promise<string> {
  return new Promise((ok) => {
    let answer = '';
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk;
      if (answer.includes('{"a":1}')) socket.end();
    });
    socket.on('error', () => {}).on('close', () => ok(answer));
  });
}

it('hands over method, path, host and headers, and answers JSON that nobody stores', async () => {
  const answer = await raw('GET /aws?x=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: s\r\n\r\n');
  expect(calls).toEqual([
    {
      method: 'GET',
      path: '/aws?x=1',
      host: '127.0.0.1',
      port: server.port,
      headers: { host: '127.0.0.1', authorization: 's' },
    },
  ]);
  expect(answer).toMatch(
    /^HTTP\/1\.1 200 OK\r\ncontent-type: application\/json\r\ncontent-length: 7\r\ncache-control: no-store\r\nconnection: close\r\n/,
  );
  expect(answer.toLowerCase()).not.toContain('access-control');
});

it.each([
  ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, /431/],
  ['no HTTP', 'hello\r\n\r\n', /400/],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', /400/],
])('refuses %s, and answers the next', async (_, text, expected) => {
  expect(await raw(text)).toMatch(expected);
  expect(calls).toEqual([]);
  expect(await raw('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toContain('200 OK');
});

it('is told from nowhere but this machine', async () => {
  const { networkInterfaces } = await import('node:os');
  const others = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal);
  const reached = await Promise.all(
    others.map(
      ({ address }) =>
        new Promise((ok) => {
          const socket = connect(server.port, address, () => ok(address));
          socket.on('error', () => ok(undefined));
        }),
    ),
  );
  expect(reached.filter((address) => address !== undefined)).toEqual([]);
});

it('ends with all its connections', async () => {
  const open = connect(server.port, '127.0.0.1');
  await new Promise((ok) => open.on('connect', ok));
  const closed = new Promise((ok) => open.on('error', () => {}).on('close', ok));
  server.close();
  await closed;
  const refused = await new Promise((ok) =>
    connect(server.port, '127.0.0.1').on('error', ({ code }: NodeJS.ErrnoException) => ok(code)),
  );
  expect(refused).toBe('ECONNREFUSED');
});
