// A plain-http door to one host of the world, on loopback: for clients that know an endpoint variable but no proxy (the AWS SDK for JavaScript).
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { perform, type Stage, serviceOf } from './stage.ts';

export interface Door {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): void;
}

/** Opens a door: what comes in is played on the same stage as what comes through the proxy, as if it had been sent to `host`. */
export async function openDoor(stage: Stage, host: string): Promise<Door> {
  const server = createServer((request, response) => {
    const { socket } = request;
    const service = serviceOf(stage.services, host);
    if (!service) return void socket.destroy();
    const line = { host, encrypted: true, door: true, socket, raw: socket } as const;
    void perform(stage, service, line, request.url ?? '', request, response);
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
