// What leaves the observed process: requests when they are made, connections when they are begun.
import type { ClientRequest } from 'node:http';
import { before, type Record } from './observe-process.ts';

export function observeNetwork(record: Record): void {
  const { subscribe } = process.getBuiltinModule('node:diagnostics_channel');
  // Node's own channels: they tell of every client, however it got hold of the module, and load nothing.
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { request: ClientRequest };
    const authority = String(request.getHeader('host') ?? request.host);
    const target = request.method === 'CONNECT' ? request.path : `${authority}${request.path}`;
    record({ kind: 'request', method: request.method, target });
  });
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: { origin: unknown; path: string; method: string } };
    const { host } = new URL(String(request.origin));
    record({ kind: 'request', method: request.method, target: `${host}${request.path}` });
  });
  before(process.getBuiltinModule('node:net').Socket.prototype, 'connect', ([first, second]) => {
    record({ kind: 'connect', target: destination(first, second) });
  });
}

// Node hands its own normalised arguments over as an array.
function destination(first: unknown, second: unknown): string {
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options === 'number') return `${typeof second === 'string' ? second : 'localhost'}:${options}`;
  if (typeof options === 'string') return options;
  const { host, port, path } = options as { host?: string; port?: number | string; path?: string };
  return port === undefined ? (path ?? '') : `${host ?? 'localhost'}:${port}`;
}
