// The machine around the keeper: two pipes to main, a listener, files, the network. It has no output: nobody reads it (INVARIANTS 1).
import type { KeeperWorld } from '../core/keeper-world.ts';
import { openFiles } from './files.ts';
import { find } from './lives.ts';
import { listen } from './local-server.ts';
import { clock, random } from './system.ts';

/** The commission holds tokens, requests and certificates; more than this is none. */
const LARGEST_COMMISSION = 4 * 1024 * 1024;

export function openKeeperWorld(host: NodeJS.Process): KeeperWorld {
  silence(host);
  const env = (name: string) => host.env[name] || undefined;
  return {
    pid: host.pid,
    clock,
    random,
    files: openFiles(env, host.platform),
    find: (pid, expected) => find(pid, expected, host),
    openTransport: async (...given) => (await import('./transport.ts')).openTransport(...given),
    listen,
    say: (line) => void host.stdout.write(`${line}\n`),
    commission: () => firstLine(host.stdin),
    onEnd(then) {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) host.on(signal, then);
    },
  };
}

/** What nobody caught must not end the keeping: the next tick tries again. What a library prints goes nowhere. */
function silence(host: NodeJS.Process): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) host.on(event, () => {});
  host.removeAllListeners('warning');
  host.on('warning', () => {});
  for (const stream of [host.stdout, host.stderr]) stream.on('error', () => {});
}

function firstLine(stream: NodeJS.ReadStream): Promise<string | undefined> {
  return new Promise((ok) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (line?: string) => {
      stream.destroy();
      ok(line);
    };
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (chunk.includes(10)) end(Buffer.concat(chunks).toString('utf8').split('\n')[0]);
      else if (size > LARGEST_COMMISSION) end();
    });
    stream.on('end', () => end());
    stream.on('error', () => end());
  });
}
