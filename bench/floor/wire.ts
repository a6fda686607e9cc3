// The floor's network: Node's own https and agent, connections opened ahead, whole answers as text. No time-outs, no limits, no retries.
import type { RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';

const https = process.getBuiltinModule('node:https');

type Done = (error: Error | null, socket: Duplex) => void;

class EarlyAgent extends https.Agent {
  readonly #early = new Map<string, Promise<Duplex>[]>();

  open(host: string): void {
    const opened = new Promise<Duplex>((resolve, reject) => {
      const done: Done = (error, socket) => (error ? reject(error) : resolve(socket));
      super.createConnection({ ...this.options, host, port: 443, servername: host } as RequestOptions, done);
    });
    opened.catch(() => {}); // the request that waits for it fails
    this.#early.set(host, [...(this.#early.get(host) ?? []), opened]);
  }
  override createConnection(options: RequestOptions, done?: Done): Duplex | null | undefined {
    const early = this.#early.get(String(options.host))?.shift();
    if (!early || !done) return super.createConnection(options, done);
    early.then(
      (socket) => done(null, socket),
      (error: Error) => done(error, undefined as never),
    );
    return undefined;
  }
}

const agent = new EarlyAgent({ keepAlive: true, maxSockets: 8, proxyEnv: process.env });

/** Opens a connection that the next request to this host takes over. */
export const preconnect = (host: string): void => agent.open(host);

/** Sends a request; resolves to the body of whatever was answered. */
export function ask(method: string, url: string, headers: Record<string, string>, body?: string): Promise<string> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers: { ...headers, ...length }, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve(text));
    });
    request.on('error', reject).end(body);
  });
}

/** POSTs a form. */
export function post(url: string, form: Record<string, string>): Promise<string> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return ask('POST', url, type, new URLSearchParams(form).toString());
}

/** Lets the process end. */
export const hangUp = (): void => agent.destroy();
