// Loaded into a process by `--import 'time-of-process.ts?port=<port>'`: puts it into the world's time (shared-time.ts). Nothing of the program knows:
// Date and performance.now are shifted, and a timer fires when either the machine or the world has come to its moment.
import type { Socket } from 'node:net';

const { connect } = process.getBuiltinModule('node:net');
const port = Number(new URL(import.meta.url).searchParams.get('port'));

let shift = 0;
const RealDate = Date;
const real = { now: Date.now, set: setTimeout, clear: clearTimeout, steady: performance.now.bind(performance) };
const now = () => real.now() + shift;

interface Pending {
  readonly due: number;
  readonly fire: () => void;
}
const pending = new Map<NodeJS.Timeout, Pending>();

globalThis.Date = class extends RealDate {
  constructor(...parts: unknown[]) {
    super(...((parts.length === 0 ? [now()] : parts) as [number]));
  }
  static override now = now;
} as DateConstructor;
performance.now = () => real.steady() + shift;

globalThis.setTimeout = Object.assign(
  (then: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    const fire = () => {
      pending.delete(timer);
      then(...args);
    };
    const timer = real.set(fire, ms);
    pending.set(timer, { due: now() + ms, fire });
    return timer;
  },
  { __promisify__: real.set.__promisify__ },
) as typeof setTimeout;
globalThis.clearTimeout = ((timer?: NodeJS.Timeout) => {
  if (timer) pending.delete(timer);
  real.clear(timer);
}) as typeof clearTimeout;

/** What is due fires in order. What it sets is due from now on: time passed at once. */
function moveTo(next: number): void {
  shift = next;
  const due = [...pending].filter(([, { due: at }]) => at <= now()).sort(([, a], [, b]) => a.due - b.due);
  for (const [timer, { fire }] of due) {
    if (!pending.has(timer)) continue;
    real.clear(timer);
    fire();
  }
}

const socket: Socket = connect(port, '127.0.0.1');
await new Promise<void>((ok) => {
  let text = '';
  socket.on('error', () => ok());
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const { shift: next } = JSON.parse(line) as { shift?: number };
      if (next !== undefined) moveTo(next);
      // Asked whether it is idle, it answers when what it does at the moment is done: loading code takes longer than any look at the traffic.
      else setImmediate(() => setImmediate(() => socket.write('idle\n')));
    }
    ok();
  });
  socket.write('live\n');
});
socket.unref();
