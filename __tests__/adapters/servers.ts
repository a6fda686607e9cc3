// Servers on loopback for the transport: one that speaks https and misbehaves on demand, and a proxy.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Leaf } from '../../sandbox/net/authority.ts';

export interface Running {
  readonly port: number;
  readonly origin: string;
  /** `METHOD path` of every request, or the target of every CONNECT. */
  readonly seen: readonly string[];
  stop(): Promise<void>;
}

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** Paths and what is done with a request for them; any other path echoes the request. */
const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  '/hang': () => {},
  '/hang-in-body': (_, response) => void response.writeHead(200).write('begun'),
  '/reset': (asked) => void asked.socket.destroy(),
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('only this');
    setImmediate(() => response.destroy());
  },
  '/large': (_, response) => void response.end(Buffer.alloc(3 * 1024 * 1024, 'x')),
  '/nearly-large': (_, response) => void response.end(Buffer.alloc(2 * 1024 * 1024, 'x')),
  '/redirect': (_, response) => void response.writeHead(302, { location: '/ok' }).end('moved'),
  '/cookies': (_, response) =>
    void response.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Mixed-Case': 'yes' }).end(),
};

function echo(asked: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  asked.on('data', (chunk: Buffer) => chunks.push(chunk));
  asked.on('end', () => {
    const body = Buffer.concat(chunks).toString('utf8');
    response.end(JSON.stringify({ method: asked.method, headers: asked.headers, body }));
  });
}

async function running(server: Server, scheme: string, seen: readonly string[]): Promise<Running> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `${scheme}://127.0.0.1:${port}`,
    seen,
    async stop() {
      const closed = new Promise((go) => server.close(go));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** `clients`: PEM of the authority whose client certificates it demands. */
export function startServer(leaf?: Leaf, clients?: string): Promise<Running> {
  const seen: string[] = [];
  const answer = (asked: IncomingMessage, response: ServerResponse) => {
    seen.push(`${asked.method} ${asked.url}`);
    (BEHAVIOURS[asked.url?.split('?')[0] ?? ''] ?? echo)(asked, response);
  };
  const demand = clients === undefined ? {} : { ca: clients, requestCert: true, rejectUnauthorized: true };
  const server = leaf ? createSecureServer({ ...leaf, ...demand }, answer) : createServer(answer);
  return running(server as Server, leaf ? 'https' : 'http', seen);
}

/** A proxy that tunnels everything to `port`, or answers every CONNECT with a status; 0: never answers. */
export function startProxy(port: number, status = 200): Promise<Running> {
  const seen: string[] = [];
  const server = createServer();
  server.on('connect', (asked: IncomingMessage, client: Duplex) => {
    seen.push(`${asked.url} ${asked.headers['proxy-authorization'] ?? ''}`.trim());
    client.on('error', () => {});
    if (status === 0) return;
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  return running(server, 'http', seen);
}
