// A server on 127.0.0.1 for processes of this machine. It answers short requests without a body, and waits for nobody.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalCall, LocalServer } from '../core/ports.ts';

const http = process.getBuiltinModule('node:http');

const LIMITS = { maxHeaderSize: 16_384, headersTimeout: 5_000, requestTimeout: 5_000 };
const MOST_CONNECTIONS = 256;
const LARGEST_BODY = 1024;

type Answer = (call: LocalCall) => Promise<{ readonly status: number; readonly body: string }>;

/** Listens at a port that the machine chooses. Rejects where it cannot. */
export function listen(answer: Answer): Promise<LocalServer> {
  const server = http.createServer(LIMITS, (request, response) => void serve(request, response, answer));
  server.maxConnections = MOST_CONNECTIONS;
  return new Promise((ok, bad) => {
    server.once('error', bad);
    // The address, not a name: nothing else of the machine's interfaces listens.
    server.listen(0, '127.0.0.1', () => {
      server.off('error', bad);
      server.on('error', () => {});
      const address = server.address();
      ok({
        port: typeof address === 'object' && address ? address.port : 0,
        close() {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}

async function serve(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LARGEST_BODY) request.destroy();
  });
  request.on('error', () => {});
  response.on('error', () => {});
  const { method = '', url = '', headers, socket } = request;
  const call: LocalCall = {
    method,
    path: url,
    host: headers.host ?? '',
    port: socket.localPort ?? 0,
    headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, Array.isArray(v) ? v.join(',') : v])),
  };
  const { status, body } = await answer(call);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    // No client can meet a connection that is just being closed.
    connection: 'close',
  });
  response.end(body);
}
