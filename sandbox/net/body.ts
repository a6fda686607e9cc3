// A request's body, whole, up to the limit that a real front end would have.
import type { IncomingMessage } from 'node:http';

export const BODY_LIMIT = 1024 * 1024;

/** The body as UTF-8; undefined if it is larger than the limit (the rest is left unread). Rejects if the client goes away. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not destroy the socket: a 413 has yet to go out on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
