// One time for the world and the processes of a job. The world's clock is the machine's, shifted; a process that is started with `env()` connects
// here, is told the shift, and from then on lives in the world's time: Date, performance.now and its timers (time-of-process.ts). Whoever asks
// for an hour to pass gets an answer when it has: it passes in strides, and each is over once every process has fired its timers and no
// authority has a request to answer.
import { createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { World } from './world.ts';

export interface SharedTime {
  /** NODE_OPTIONS of the processes that are to live in this time, and where others ask for it. */
  env(): Record<string, string>;
  /** Lets time pass for the world and all its processes. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What a stride is: smaller than what any of the processes' own patience is about. */
const STRIDE_MS = 30_000;
/** How often in a row nothing may be under way, at this distance, with every process idle in between, before a stride is over. */
const CALM = { looks: 3, everyMs: 8 };

export async function shareTime(world: World, strideMs = STRIDE_MS): Promise<SharedTime> {
  const living = new Set<Socket>();
  /** Processes that were asked whether they are idle, and what waits for their answer. */
  const asked = new Map<Socket, () => void>();
  const answer = (socket: Socket) => {
    asked.get(socket)?.();
    asked.delete(socket);
  };
  const idle = () =>
    Promise.all(
      [...living].map(
        (socket) =>
          new Promise<void>((ok) => {
            asked.set(socket, ok);
            socket.write('{}\n');
          }),
      ),
    );
  let shift = 0;
  let passing: Promise<void> = Promise.resolve();

  const stride = async (ms: number) => {
    shift += ms;
    world.clock.advance(ms);
    for (const socket of living) socket.write(`${JSON.stringify({ shift })}\n`);
    await calm(world, idle);
  };
  const pass = (ms: number) => {
    passing = passing.then(async () => {
      for (let left = ms; left > 0; left -= strideMs) await stride(Math.min(left, strideMs));
    });
    return passing;
  };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('close', () => {
      living.delete(socket);
      answer(socket);
    });
    socket.on('data', (chunk) => {
      for (const line of chunk
        .toString()
        .split('\n')
        .filter((text) => text !== '')) {
        if (line === 'live') {
          living.add(socket);
          socket.write(`${JSON.stringify({ shift })}\n`);
        } else if (line === 'idle') answer(socket);
        else void pass(Number(line)).then(() => socket.end(`${JSON.stringify({ now: world.clock.now() })}\n`));
      }
    });
  });
  await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
  const { port } = server.address() as { port: number };
  const preload = new URL('./time-of-process.ts', import.meta.url);
  preload.searchParams.set('port', String(port));
  return {
    env: () => ({ NODE_OPTIONS: `--import ${preload.href}`, WORLD_TIME: String(port) }),
    pass,
    async close() {
      for (const socket of living) socket.destroy();
      await new Promise((ok) => server.close(ok));
    },
  };
}

async function calm(world: World, idle: () => Promise<unknown>): Promise<void> {
  for (let looks = 0, seen = -1; looks < CALM.looks; ) {
    await pause(CALM.everyMs);
    await idle();
    const busy = world.traffic.some((t) => t.outcome === undefined) || world.traffic.length !== seen;
    seen = world.traffic.length;
    looks = busy ? 0 : looks + 1;
  }
}
