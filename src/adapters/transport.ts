// The only way out: requests with time and size limits and without redirects, over connections.ts.
// `getBuiltinModule`, since `import 'node:http'` in an ES module loads undici (23 ms).
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import { Failure } from '../core/failure.ts';
import { type Answer, NetworkFault, type Request } from '../core/http.ts';
import { isLoopbackHttp } from '../core/kinds.ts';
import type { Connections, NetworkSettings, Transport } from '../core/ports.ts';
import { agentFor, PreconnectingAgent, preconnects, type TlsOf, TRY_MS, tlsOptions } from './connections.ts';

const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

const LARGEST_BODY = 2 * 1024 * 1024;

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
