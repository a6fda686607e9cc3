// What stands behind two of OpenBao's engines, as little of it as these ask for: RabbitMQ's management API and Kubernetes' account tokens. It keeps what
// was made, so that a test sees whether it is gone.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Backends {
  readonly origin: string;
  /** Users of RabbitMQ that are there. */
  readonly users: ReadonlySet<string>;
  /** Kubernetes' objects that were made and are there, by the path of their kind. */
  readonly objects: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** Serves both on one port of the loopback. */
export async function startBackends(): Promise<Backends> {
  const users = new Set<string>();
  const objects = new Set<string>();
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      if (pathname.startsWith('/api/users/')) rabbit(request, pathname.slice('/api/users/'.length), users, response);
      else kubernetes(request, pathname, objects, response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    users,
    objects,
    stop: () => new Promise((stopped) => server.close(() => stopped()) && server.closeAllConnections()),
  };
}

function rabbit({ method }: IncomingMessage, encoded: string, users: Set<string>, response: ServerResponse): void {
  const user = decodeURIComponent(encoded);
  if (method === 'PUT') users.add(user);
  if (method === 'DELETE') users.delete(user);
  reply(response, method === 'GET' ? 200 : 204, method === 'GET' ? [...users].map((name) => ({ name })) : undefined);
}

/** A token for an account; anything else is made, or gone, as it was asked. */
function kubernetes({ method }: IncomingMessage, path: string, objects: Set<string>, response: ServerResponse): void {
  const [, account] = /\/serviceaccounts\/([^/]+)\/token$/.exec(path) ?? [];
  if (account) {
    const status = { token: accountToken(account), expirationTimestamp: '2099-01-01T00:00:00Z' };
    const kind = { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1' };
    reply(response, 201, { ...kind, metadata: {}, spec: { audiences: [] }, status });
  } else if (method === 'DELETE') {
    // As Kubernetes' garbage collector does: what is owned by the object goes with it, here all that one token needed.
    objects.clear();
    reply(response, 200, { kind: 'Status', apiVersion: 'v1', status: 'Success' });
  } else {
    objects.add(path);
    const binding = path.endsWith('rolebindings');
    const kind = binding
      ? { kind: 'RoleBinding', apiVersion: 'rbac.authorization.k8s.io/v1' }
      : { kind: 'ServiceAccount', apiVersion: 'v1' };
    reply(response, 201, { ...kind, metadata: { name: 'made', uid: '1', namespace: 'ci' } });
  }
}

/** The engine reads the token's term, and does not look at its signature. */
function accountToken(account: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'RS256' })}.${part({ sub: account, iat: now, exp: now + 600 })}.${part({ signature: 'none' })}`;
}

function reply(response: ServerResponse, status: number, body?: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(body === undefined ? '' : JSON.stringify(body));
}
