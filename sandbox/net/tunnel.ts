// CONNECT: whether a tunnel opens, and the server's half of TLS at its end, with a certificate for the host that was asked for.
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { HostTls } from '../service.ts';
import type { Authority } from './authority.ts';
import type { Line } from './delivery.ts';
import { takeFault } from './faults.ts';
import type { Connection } from './journal.ts';
import { type Stage, serviceOf } from './stage.ts';
import { readTarget, type Target } from './target.ts';

/** What one running proxy is made of. */
export interface House extends Stage {
  readonly authority: Authority;
  readonly contexts: Map<string, SecureContext>;
  /** Speaks HTTP inside the tunnels; it never listens. */
  readonly inside: Server;
  readonly lines: WeakMap<Socket, Line>;
  /** The `Proxy-Authorization` that is asked of every client. */
  readonly authorization: string | undefined;
  readonly connectMs: number;
}

export const CHALLENGE = { 'proxy-authenticate': 'Basic realm="proxy"' };

/** As long as Node's own servers wait for a client to finish it. */
const HANDSHAKE_MS = 120_000;

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  407: 'Proxy Authentication Required',
  502: 'Bad Gateway',
};

export function authorized(house: House, request: IncomingMessage): boolean {
  return house.authorization === undefined || request.headers['proxy-authorization'] === house.authorization;
}

/** Answers one CONNECT. The connection is journalled whatever becomes of it. */
export async function connect(house: House, request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
  const target = request.url ?? '';
  const authorization = request.headers['proxy-authorization'];
  const entry: Connection = { target, ...(authorization !== undefined && { authorization }), at: Date.now() };
  house.journal.connects.push(entry);
  if (!authorized(house, request)) return refuse(socket, entry, 407, CHALLENGE);
  const place = readTarget(target);
  if (place === undefined) return refuse(socket, entry, 400);
  const service = serviceOf(house.services, place.host);
  if (service === undefined) return refuse(socket, entry, 502);
  const fault = takeFault(house.faults, { service: service.name, host: place.host });
  if (house.connectMs > 0 && !(await house.pauses.wait(house.connectMs))) return;
  if (fault?.kind === 'connect-refused') return refuse(socket, entry, fault.reply?.status ?? 502, fault.reply?.headers);
  if (fault !== undefined) entry.outcome = fault.kind;
  if (fault?.kind === 'connect-hang') return;
  if (fault?.kind === 'connect-reset') return void socket.resetAndDestroy();
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  if (head.length > 0) socket.unshift(head);
  if (fault?.kind === 'tls-broken') return void socket.once('data', () => socket.resetAndDestroy());
  secure(house, place, service.tls?.(place.host), socket, entry);
}

function refuse(
  socket: Socket,
  entry: Connection,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  entry.outcome = status;
  const all = { ...headers, 'content-length': '0', connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${REASONS[status] ?? 'Refused'}\r\n${lines.join('')}\r\n`);
}

/** The certificate is that of the host that was asked for, whatever name the client then sends. */
function secure(house: House, place: Target, tls: HostTls | undefined, raw: Socket, entry: Connection): void {
  const secureContext = contextFor(house, place.name, tls);
  const demand = tls?.clients ? { requestCert: true, rejectUnauthorized: true } : {};
  const encrypted = new TLSSocket(raw, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'], ...demand });
  const failed = (error: Error & { code?: string }) => {
    entry.outcome ??= `tls failed: ${error.code ?? error.message}`;
    raw.destroy();
  };
  encrypted.on('error', failed).on('_tlsError', failed); // the second is all that a failed handshake emits
  raw.on('close', () => encrypted.destroy());
  encrypted.setTimeout(HANDSHAKE_MS, () => raw.destroy());
  encrypted.once('secure', () => {
    if (tls?.clients && !isClientOf(tls.clients, encrypted)) return failed(new Error('unknown client certificate'));
    entry.outcome = 'opened';
    encrypted.setTimeout(0).removeAllListeners('timeout');
    house.lines.set(encrypted, { host: place.host, encrypted: true, socket: encrypted, raw });
    house.inside.emit('connection', encrypted);
  });
}

/** OpenSSL refuses a client without a certificate; whose it is, Node leaves to the server. */
function isClientOf(clients: Authority, socket: TLSSocket): boolean {
  const shown = socket.getPeerX509Certificate();
  return shown?.verify(new X509Certificate(clients.cert).publicKey) === true;
}

/** One for each host, as long as it speaks TLS in the same way. */
function contextFor(house: House, name: string, tls: HostTls = {}): SecureContext {
  const authority = tls.authority ?? house.authority;
  const key = [name, authority.cert, tls.clients?.cert].join();
  const known = house.contexts.get(key);
  if (known !== undefined) return known;
  const made = createSecureContext({ ...authority.issue(name), ...(tls.clients && { ca: tls.clients.cert }) });
  house.contexts.set(key, made);
  return made;
}
