// An HTTPS forward proxy that is every host behind it: CONNECT, then TLS with a certificate of our own authority for that host,
// then the services. A host that nobody plays is refused, so nothing leaves the machine.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Fault, Service } from '../service.ts';
import { type Authority, createAuthority } from './authority.ts';
import { type Line, send } from './delivery.ts';
import type { Journal } from './journal.ts';
import { Pauses } from './pauses.ts';
import { perform, type Stage, serviceOf } from './stage.ts';
import { readAbsolute } from './target.ts';
import { authorized, CHALLENGE, connect, type House } from './tunnel.ts';

export interface ProxyOptions {
  /** Asked in order: the first that plays a host answers for it. */
  readonly services: readonly Service[];
  /** Live. */
  readonly faults?: readonly Fault[];
  readonly authority?: Authority;
  /** Asked of every client where given: Basic, 407 without. */
  readonly credentials?: ProxyCredentials;
  /** Milliseconds before each request is answered. */
  readonly latencyMs?: number;
  /** Milliseconds before each CONNECT is answered. */
  readonly connectMs?: number;
  /** The time of the authorities; the machine's unless given. */
  readonly now?: () => number;
}

export interface ProxyCredentials {
  readonly user: string;
  readonly password: string;
}

export interface ForwardProxy {
  /** `http://127.0.0.1:port`, without credentials. */
  readonly url: string;
  readonly journal: Journal;
  readonly authority: Authority;
  readonly stage: Stage;
  /** Destroys every connection; resolves when the port is closed. */
  stop(): Promise<void>;
}

export async function startProxy(options: ProxyOptions): Promise<ForwardProxy> {
  const house = build(options);
  const sockets = new Set<Socket>();
  const front = createServer((request, response) => void plain(house, request, response));
  front.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  front.on('connect', (request, socket, head) => void connect(house, request, socket as Socket, head));
  front.on('clientError', (_error, socket) => socket.destroy());
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    journal: house.journal,
    authority: house.authority,
    stage: house,
    async stop() {
      house.pauses.stop();
      if (!front.listening) return;
      const closed = once(front, 'close');
      front.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function build(options: ProxyOptions): House {
  const inside = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void tunnelled(house, request, response);
  });
  inside.on('clientError', (_error, socket) => socket.destroy());
  const house: House = {
    services: options.services,
    faults: options.faults ?? [],
    journal: { traffic: [], connects: [] },
    pauses: new Pauses(),
    latencyMs: options.latencyMs ?? 0,
    now: options.now ?? Date.now,
    connectMs: options.connectMs ?? 0,
    authority: options.authority ?? createAuthority(),
    contexts: new Map(),
    inside,
    lines: new WeakMap<Socket, Line>(),
    authorization: options.credentials && basic(options.credentials),
  };
  return house;
}

function basic({ user, password }: ProxyCredentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

async function tunnelled(house: House, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const line = house.lines.get(request.socket);
  const service = line && serviceOf(house.services, line.host);
  if (line === undefined || service === undefined) return void request.socket.destroy();
  await perform(house, service, line, request.url ?? '', request, response);
}

/** A request in the absolute form: forwarded only to a host whose service may be reached without TLS. */
async function plain(house: House, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!authorized(house, request)) return send(response, { status: 407, headers: CHALLENGE });
  const wanted = readAbsolute(request.url ?? '');
  if (wanted === undefined) return send(response, { status: 400, body: 'this is a proxy\n' });
  const { host } = wanted.target;
  const service = serviceOf(house.services, host);
  if (service?.plainHttp?.(host) !== true) return send(response, { status: 502, body: 'no such host\n' });
  const line: Line = { host, encrypted: false, socket: request.socket, raw: request.socket };
  await perform(house, service, line, wanted.path, request, response);
}
