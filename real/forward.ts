// The sandbox's service that is not played: it hands each call on to a real server on loopback. The action reaches it as it reaches
// everything, under a public host name and through the proxy.
import { request } from 'node:http';
import type { Call, Reply, Service } from '../sandbox/service.ts';

/** What belongs to one connection, not to the call. */
const HOP = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export interface ForwardOptions {
  /** The host that is played: `vault.example.com`. */
  readonly host: string;
  /** Where the server really is: `http://127.0.0.1:PORT`. Asked at each call: the server may start after the world. */
  origin(): string;
}

/** A service that answers for `host` with what the server at `origin` answers. */
export function forward({ host, origin }: ForwardOptions): Service {
  return {
    name: 'vault',
    plays: (asked) => asked === host,
    operation: (call) => call.url.pathname.replace(/^\/v1\//, ''),
    answer: (call) => passOn(call, origin()),
  };
}

function passOn(call: Call, origin: string): Promise<Reply> {
  const headers = Object.fromEntries(Object.entries(call.headers).filter(([name]) => !HOP.has(name)));
  return new Promise((resolve, reject) => {
    const outgoing = request(`${origin}${call.path}`, { method: call.method, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const kept = Object.entries(incoming.headers).filter(([name]) => !HOP.has(name) && name !== 'content-length');
        const headers = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
        resolve({ status: incoming.statusCode ?? 502, headers, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(call.body);
  });
}
