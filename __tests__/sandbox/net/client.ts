// A client as plain as can be: one request through the proxy, told as what its caller would see.
import { type Agent, Agent as HttpsAgent, request } from 'node:https';
import type { ForwardProxy } from '../../../sandbox/net/proxy.ts';
import type { Call, Reply, Service } from '../../../sandbox/service.ts';

export interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** False where the connection ended before the body did. */
  readonly complete: boolean;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Gives up after so many milliseconds of silence. */
  readonly timeout?: number;
}

export function agentFor(proxy: ForwardProxy, ca: string | undefined = proxy.authority.cert, url = proxy.url): Agent {
  return new HttpsAgent({ keepAlive: true, proxyEnv: { HTTPS_PROXY: url }, ...(ca !== undefined && { ca }) });
}

/** Resolves with the answer, whole or cut. Rejects with the error code, as text, of a request that got none. */
export function ask(agent: Agent, url: string, asking: Asking = {}): Promise<Seen> {
  const { method = 'GET', headers = {}, body, timeout } = asking;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const wait = timeout === undefined ? {} : { timeout }; // as an option: only so it also bounds the CONNECT
    const sent = request(
      url,
      { method, agent, headers: { ...length, ...headers }, servername: new URL(url).hostname, ...wait },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        const done = () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text, complete: answer.complete });
        answer.on('end', done).on('error', done);
      },
    );
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('silence'), { code: 'SILENCE' })));
    sent.on('error', (error: NodeJS.ErrnoException & { statusCode?: number }) =>
      reject(new Error(`${error.code ?? error.message}${error.statusCode ? ` ${error.statusCode}` : ''}`)),
    );
    sent.end(body);
  });
}

/** A service that answers with what it was sent, and counts. */
export function echo(
  name: string,
  hosts: readonly string[],
  answer?: (call: Call) => Reply,
): Service & { calls: Call[] } {
  const calls: Call[] = [];
  return {
    name,
    calls,
    plays: (host) => hosts.includes(host),
    plainHttp: (host) => host.startsWith('open.'),
    operation: (call) => call.url.pathname.slice(1),
    answer(call) {
      calls.push(call);
      const { host, method, path, body } = call;
      return (
        answer?.(call) ?? {
          status: 200,
          headers: { 'x-played': name },
          body: JSON.stringify({ host, method, path, body }),
        }
      );
    },
  };
}
