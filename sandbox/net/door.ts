// A plain-http door to one host of the world, on loopback: for clients that know an endpoint variable but no proxy (the AWS SDK for JavaScript).
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Service, Traffic } from '../service.ts';
import { readBody } from './body.ts';
import { flatten } from './delivery.ts';

export interface Door {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): void;
}

/**
 * Opens a door: every request is answered by `service` as if it had been sent to `host`, and journalled. The Host header stays what the
 * client signed.
 */
export async function openDoor(service: Service, host: string, traffic: Traffic[]): Promise<Door> {
  const server = http.createServer((request, response) => {
    pass(service, host, traffic, request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function pass(
  service: Service,
  host: string,
  traffic: Traffic[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const start = Date.now();
  const path = request.url ?? '/';
  const body = (await readBody(request)) ?? '';
  const url = new URL(path, `https://${host}`);
  const call = { host, method: request.method ?? 'GET', path, url, headers: flatten(request.headers), body };
  const entry: Traffic = { service: service.name, operation: service.operation(call), call, start };
  traffic.push(entry);
  const reply = await service.answer(call);
  response.writeHead(reply.status, { ...reply.headers }).end(reply.body ?? '');
  Object.assign(entry, { end: Date.now(), outcome: reply.status });
}
