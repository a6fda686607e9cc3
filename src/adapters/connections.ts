// Connections: opened ahead of the request that will use them, through a proxy where one is set, certificates always checked.
// `getBuiltinModule`, since `import 'node:https'` in an ES module loads undici (23 ms).
import type { AgentOptions, RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { turn } from '../core/parallel.ts';
import type { Connections, HostTls, NetworkSettings } from '../core/ports.ts';

const https = process.getBuiltinModule('node:https');
const { isIP } = process.getBuiltinModule('node:net');
const tls = process.getBuiltinModule('node:tls');

/** One try, of connecting or of asking. */
export const TRY_MS = 10_000;

type Done = (error: Error | null, socket: Duplex) => void;
const place = (o: RequestOptions) => `${o.host}:${o.port || 443}`;
const nothing = () => {};

/** TLS with one host in Node's words. `rejectUnauthorized` is always said (INVARIANTS 6). */
export type TlsOf = (host: string) => {
  rejectUnauthorized: boolean;
  ca?: string | string[];
  cert?: string;
  key?: string;
};

/** For each connection, not for the agent: what an agent is told wins over what a request says, for every host. */
export function tlsOptions({ ca, tls: own }: NetworkSettings): TlsOf {
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
export class PreconnectingAgent extends https.Agent implements Connections {
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
    await turn();
    await turn();
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

/** An agent for these settings, without a connection yet. */
export function agentFor({ proxy, noProxy }: NetworkSettings): PreconnectingAgent {
  const options: AgentOptions = { keepAlive: true, maxSockets: 8 };
  if (proxy) options.proxyEnv = { HTTPS_PROXY: proxy, NO_PROXY: noProxy ?? '' };
  return new PreconnectingAgent(options);
}

/** To a proxy that is itself spoken to over TLS, Node shows no sign by which the tunnel could be told from that connection. */
export function preconnects(to: URL, { proxy }: NetworkSettings): boolean {
  return to.protocol === 'https:' && !proxy?.startsWith('https:');
}
