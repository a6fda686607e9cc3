// How an answer goes out on the wire: whole, or as a fault has it.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Fault, Reply } from '../service.ts';
import type { Pauses } from './pauses.ts';

/** The connection that a request came in on. */
export interface Line {
  /** Host in the form of `Call.host`. */
  readonly host: string;
  readonly encrypted: boolean;
  /** A door on loopback: its clients sign and send its own name, not the host's. */
  readonly door?: true;
  readonly socket: Socket;
  /** The TCP socket under TLS: the only thing that a reset can be sent on. */
  readonly raw: Socket;
}

/** Headers with one text a name, repeated ones joined. */
export function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** Sends a reply whole. */
export function send(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body ?? '');
  response.writeHead(reply.status, headersOf(reply, body.length));
  response.end(body);
}

function headersOf(reply: Reply, length: number): Record<string, string> {
  const bodiless = reply.status === 204 || reply.status === 304;
  return { ...(!bodiless && { 'content-length': String(length) }), ...reply.headers };
}

/** Byte by byte, `ms` apart. */
export async function sendSlowly(response: ServerResponse, reply: Reply, ms: number, pauses: Pauses): Promise<void> {
  const body = Buffer.from(reply.body ?? '');
  response.writeHead(reply.status, headersOf(reply, body.length));
  response.flushHeaders();
  for (const byte of body) {
    if (!(await pauses.wait(ms)) || response.destroyed) return;
    response.write(Buffer.from([byte]));
  }
  response.end();
}

/** Announces the whole body, sends half of it, and ends the connection. */
export function sendHalf(response: ServerResponse, reply: Reply, line: Line): void {
  const body = Buffer.from(reply.body ?? '');
  response.writeHead(reply.status, headersOf(reply, body.length));
  response.flushHeaders();
  response.write(body.subarray(0, body.length >> 1), () => line.socket.destroySoon());
}

/** 200 and `fault.bytes` of filler, at the client's pace; ends early if the client hangs up. */
export async function sendFiller(response: ServerResponse, fault: Fault): Promise<void> {
  let left = fault.bytes ?? 64 * 1024 * 1024;
  const headers = { 'content-type': 'application/json', 'content-length': String(left), ...fault.reply?.headers };
  response.writeHead(200, headers);
  const filler = Buffer.alloc(64 * 1024, 'x');
  while (left > 0 && !response.destroyed) {
    const piece = filler.subarray(0, Math.min(left, filler.length));
    left -= piece.length;
    if (!response.write(piece)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}
