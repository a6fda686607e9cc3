// The PostgreSQL behind the played database engine, as its clients see it: its protocol as far as a sign-in and a query, on loopback, for the
// users that live in the ledger. So a real psql finds out, in the world's time, whether a leased user still works.
import { createServer, type Socket } from 'node:net';
import type { Ledger } from '../ledger.ts';

export interface PlayedPostgres {
  readonly port: number;
  stop(): Promise<void>;
}

/** Codes in the place of a protocol's version: may it be encrypted? No. */
const ENCRYPTION_WISHES: readonly number[] = [80_877_103, 80_877_104];

export async function startPlayedPostgres(ledger: Ledger): Promise<PlayedPostgres> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    converse(socket, (user, password) =>
      ledger
        .living('vault')
        .some((entry) => entry.kind === 'database user' && entry.id === user && entry.secrets.includes(password)),
    );
  });
  await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
  return {
    port: (server.address() as { port: number }).port,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((ok) => server.close(ok));
    },
  };
}

/** One client, to its end. `knows`: whether that user has that password now. */
function converse(socket: Socket, knows: (user: string, password: string) => boolean): void {
  let received = Buffer.alloc(0);
  let user: string | undefined;
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, typeof chunk === 'string' ? Buffer.from(chunk) : chunk]);
    for (;;) {
      // The first message of a client has no letter.
      const letter = user === undefined ? 0 : 1;
      if (received.length < letter + 4) return;
      const length = letter + received.readUInt32BE(letter);
      if (received.length < length) return;
      const kind = letter ? String.fromCharCode(received[0] ?? 0) : 'startup';
      const body = received.subarray(letter + 4, length);
      received = received.subarray(length);
      if (kind === 'startup') user = started(socket, body);
      if (kind === 'p') signedIn(socket, user ?? '', knows(user ?? '', textOf(body)));
      if (kind === 'Q') socket.write(Buffer.concat([COLUMN, ROW, message('C', 'SELECT 1\0'), READY]));
      if (kind === 'X') socket.end();
    }
  });
}

/** The user who wants in, and is asked for a password; undefined after a question that comes before. */
function started(socket: Socket, body: Buffer): string | undefined {
  if (ENCRYPTION_WISHES.includes(body.readUInt32BE(0))) {
    socket.write('N');
    return undefined;
  }
  const words = body.subarray(4).toString().split('\0');
  socket.write(message('R', int32(3)));
  return words[words.indexOf('user') + 1] ?? '';
}

function signedIn(socket: Socket, user: string, known: boolean): void {
  if (known) {
    socket.write(Buffer.concat([message('R', int32(0)), READY]));
    return;
  }
  const words = `SFATAL\0C28P01\0Mpassword authentication failed for user "${user}"\0\0`;
  socket.end(message('E', words));
}

function textOf(body: Buffer): string {
  return body.subarray(0, -1).toString();
}

function message(kind: string, body: Buffer | string): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(kind), int32(bytes.length + 4), bytes]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const READY = message('Z', 'I');
/** One column of the type int4, and 1 in it. */
const COLUMN = message(
  'T',
  Buffer.from('0001 3f636f6c756d6e3f00 00000000 0000 00000017 0004 ffffffff 0000'.replaceAll(' ', ''), 'hex'),
);
const ROW = message('D', Buffer.from('00010000000131', 'hex'));
