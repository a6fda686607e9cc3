// The only way out: connections opened ahead, a proxy where one is set, time and size limits, no redirects, certificates always checked.
// `getBuiltinModule`, since `import 'node:http'` in an ES module loads undici (23 ms).
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { AgentOptions, RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { Failure } from '../core/failure.ts';
import { type Answer, NetworkFault, type Request } from '../core/http.ts';
import { isLoopbackHttp } from '../core/kinds.ts';
import type { Connections, HostTls, NetworkSettings, Transport } from '../core/ports.ts';

const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');
const { isIP } = process.getBuiltinModule('node:net');
const tls = process.getBuiltinModule('node:tls');

const TRY_MS = 10_000;
const LARGEST_BODY = 2 * 1024 * 1024;
type Done = (error: Error | null, socket: Duplex) => void;
const place = (o: RequestOptions) => `${o.host}:${o.port || 443}`;
const nothing = () => {};

/** TLS with one host in Node's words. `rejectUnauthorized` is always said (INVARIANTS 6). */
type TlsOf = (host: string) => { rejectUnauthorized: boolean; ca?: string | string[]; cert?: string; key?: string };

/** For each connection, not for the agent: what an agent is told wins over what a request says, for every host. */
function tlsOptions({ ca, tls: own }: NetworkSettings): TlsOf {
  // `ca` replaces the default roots, NODE_EXTRA_CA_CERTS included: so they are named again.
  const further = ca && [...tls.getCACertificates('default'), ca];
  return (host) => {
    const { ca: only, certificate, key, skipVerify }: HostTls = own?.[host] ?? {};
    const roots = only ?? further;
    return {
      rejectUnauthorized: !skipVerify,
      ...(roots && { ca: roots }),
      ...(certificate && key && { cert: certificate, key }),
    };
  };
}

/** An agent whose next connection to a place may have been opened already. */
class PreconnectingAgent extends https.Agent implements Connections {
  count = 0;
  readonly #ready = new Map<string, Promise<Duplex>[]>();
  /** Connections that are being made: nobody else holds them yet. */
  readonly #opening = new Set<Duplex>();
  #closed = false;
  /** The place that was named first, which everything else waits for, and the connections to it. */
  #first: { readonly place: string; readonly opened: Promise<unknown>[] } | undefined;

  preconnect(url: URL, tlsOf: TlsOf): void {
    const where = { host: url.hostname, port: Number(url.port || 443) };
    const opened = this.#open({ ...where, servername: isIP(url.hostname) ? '' : url.hostname, ...tlsOf(url.host) });
    // While nobody uses it, nobody hears its errors: the request that finds it broken opens another, and reports.
    opened.then((socket) => socket.on('error', nothing), nothing);
    this.#first ??= { place: place(where), opened: [] };
    if (this.#first.place === place(where)) this.#first.opened.push(opened);
    this.#ready.set(place(where), [...(this.#ready.get(place(where)) ?? []), opened]);
  }
  async onTheWire(): Promise<void> {
    await Promise.allSettled(this.#first?.opened ?? []);
    // The requests that waited for the connections write first.
    for (let turn = 0; turn < 2; turn++) await new Promise((go) => setImmediate(go));
  }
  override createConnection(options: RequestOptions, done?: Done): Duplex | null | undefined {
    const early = this.#ready.get(place(options))?.shift();
    if (!early || !done) return super.createConnection(options, done);
    early
      .then((socket) => (socket.destroyed ? this.#open(options) : socket))
      .catch(() => this.#open(options))
      .then(
        (socket) => done(null, socket),
        (error) => done(error, undefined as never),
      );
    return undefined;
  }
  close(): void {
    this.#closed = true;
    for (const socket of this.#opening) socket.destroy();
    for (const opened of [...this.#ready.values()].flat()) opened.then((socket) => socket.destroy(), nothing);
    this.#ready.clear();
    this.destroy();
  }
  #open(options: RequestOptions): Promise<Duplex> {
    if (this.#closed) return Promise.reject(new Error('closed'));
    return new Promise((ok, bad) => {
      // Called back for a tunnel; a direct connection speaks for itself.
      const done: Done = (error, socket) => (error ? bad(error) : ok(socket));
      const all = { ...this.options, timeout: TRY_MS, ...options } as RequestOptions;
      const direct = super.createConnection(all, done);
      if (!direct) return;
      this.#opening.add(direct);
      direct.on('close', () => {
        this.#opening.delete(direct);
        bad(new Error('closed'));
      });
      direct.on('error', bad).once('secureConnect', () => ok(direct));
    });
  }
}

/** Opens `count` connections to the host of `url`, for a transport that comes later. */
export function connectAhead(settings: NetworkSettings, url: string, count: number): Connections {
  const agent = agentFor(settings);
  const to = new URL(url);
  if (!preconnects(to, settings)) return agent;
  const tlsOf = tlsOptions(settings);
  for (; agent.count < count; agent.count++) agent.preconnect(to, tlsOf);
  return agent;
}

function agentFor({ proxy, noProxy }: NetworkSettings): PreconnectingAgent {
  const options: AgentOptions = { keepAlive: true, maxSockets: 8 };
  if (proxy) options.proxyEnv = { HTTPS_PROXY: proxy, NO_PROXY: noProxy ?? '' };
  return new PreconnectingAgent(options);
}

/** To a proxy that is itself spoken to over TLS, Node shows no sign by which the tunnel could be told from that connection. */
function preconnects(to: URL, { proxy }: NetworkSettings): boolean {
  return to.protocol === 'https:' && !proxy?.startsWith('https:');
}

/**
 * A transport for one process. `cut` ends every request under way; `ahead` are connections of `connectAhead`. Throws `network/...` failures for
 * settings that would make Node go round the proxy in silence.
 */
export function openTransport(settings: NetworkSettings, cut: AbortSignal, ahead?: Connections): Transport {
  const agent = ahead instanceof PreconnectingAgent ? ahead : agentFor(settings);
  const loopback = new http.Agent({ keepAlive: true });
  const tlsOf = tlsOptions(settings);
  return {
    preconnect(url) {
      const to = new URL(url);
      if (preconnects(to, settings) && !cut.aborted) agent.preconnect(to, tlsOf);
    },
    onTheWire: () => agent.onTheWire(),
    send: (request) => exchange(request, (url) => (url.protocol === 'http:' ? loopback : agent), tlsOf, cut),
    close() {
      agent.close();
      loopback.destroy();
    },
  };
}

function exchange(request: Request, agentOf: (url: URL) => unknown, tlsOf: TlsOf, cut: AbortSignal): Promise<Answer> {
  const url = new URL(request.url);
  if (url.protocol !== 'https:' && !isLoopbackHttp(url)) {
    throw new Failure(
      'network/plain-http',
      `Plain http to ${url.host} is refused: only https, or http to a loopback address`,
    );
  }
  return new Promise((ok, bad) => {
    const call = open(request, url, agentOf(url), tlsFor(request, url, tlsOf));
    let sent = false;
    const fail = (code: string) => {
      finish();
      call.destroy();
      bad(new NetworkFault(code, url.host, sent));
    };
    const onCut = () => fail('CANCELLED');
    const timer = setTimeout(() => fail('TIMEOUT'), request.timeoutMs ?? TRY_MS);
    const finish = () => {
      clearTimeout(timer);
      cut.removeEventListener('abort', onCut);
    };
    cut.addEventListener('abort', onCut);
    call.on('finish', () => {
      sent = true;
      request.onSent?.();
    });
    call.on('error', (error) => fail(faultCode(error)));
    let answered = false;
    // Node swallows a TLS error that comes just when the handshake is done: then the end of the connection is all there is to hear.
    call.on('close', () => {
      if (!answered) fail('ECONNRESET');
    });
    call.on('response', (response) => {
      answered = true;
      collect(response).then(
        (body) => {
          finish();
          ok({ status: response.statusCode ?? 0, headers: flat(response), body });
        },
        (error: unknown) => fail(faultCode(error)),
      );
    });
    if (cut.aborted) onCut();
    else call.end(request.body);
  });
}

/** A host that another one leads to is judged by that one's authorities; its client certificate, or no check at all, are not for it. */
function tlsFor({ judgedLike }: Request, url: URL, tlsOf: TlsOf): object {
  const ca = judgedLike === undefined ? undefined : tlsOf(judgedLike).ca;
  return { ...tlsOf(url.host), ...(ca && { ca }) };
}

function open(request: Request, url: URL, agent: unknown, tlsOptions: object): ClientRequest {
  const headers: Record<string, string> = { ...request.headers, 'accept-encoding': 'identity' };
  if (request.body !== undefined) headers['content-length'] = String(Buffer.byteLength(request.body));
  const options = { method: request.method, headers, agent, timeout: request.timeoutMs ?? TRY_MS } as RequestOptions;
  return url.protocol === 'http:' ? http.request(url, options) : https.request(url, { ...options, ...tlsOptions });
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw Object.assign(new Error('too large'), { code: 'TOO_LARGE' });
    chunks.push(chunk);
  }
  if (!response.complete) throw Object.assign(new Error('cut short'), { code: 'ECONNRESET' });
  return Buffer.concat(chunks).toString('utf8');
}

function flat(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headers).map(([k, v]) => [k, Array.isArray(v) ? v.join(', ') : (v ?? '')]);
  return Object.fromEntries(entries);
}

/** Where the status is not a number, what listens there speaks no HTTP. */
function proxyCode(statusCode: unknown): string {
  if (typeof statusCode !== 'number') return 'PROXY_TIMEOUT';
  return Number.isInteger(statusCode) ? `PROXY_${statusCode}` : 'PROXY_NO_HTTP';
}

/** A stable code for an error of Node's: its own, or the proxy's status. The message may hold anything and is dropped. */
function faultCode(error: unknown): string {
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (code === 'ERR_PROXY_TUNNEL') return proxyCode(statusCode);
  return typeof code === 'string' && /^[A-Z0-9_]{2,60}$/.test(code) ? code : 'NETWORK';
}
