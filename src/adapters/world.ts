// The real world: the machine, the runner and the network, for the two shells.
import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { Processes } from '../core/ports.ts';
import type { World } from '../core/world.ts';
import { openFiles } from './files.ts';
import { pemReader } from './pem.ts';
import { openRunner } from './runner.ts';
import { clock, random } from './system.ts';

const LARGEST_FILE = 5 * 1024 * 1024;

type OpenTransport = typeof import('./transport.ts').openTransport;

/** The world around a process of the runner's. `shell`: the file that it runs; the keeper's is its neighbour. `openTransport`: where it is loaded already. */
export function openWorld(host: NodeJS.Process, shell: string, openTransport?: OpenTransport): World {
  const runner = openRunner(host);
  const [major = 0, minor = 0] = host.versions.node.split('.').map(Number);
  return {
    runner,
    files: openFiles(runner.env, host.platform),
    processes: lazily(async () => (await import('./processes.ts')).openProcesses(runner.env, host.platform)),
    clock,
    random,
    nodeVersion: [major, minor],
    openTransport: async (...args) => (openTransport ?? (await import('./transport.ts')).openTransport)(...args),
    readPem: pemReader(limited),
    readEvent() {
      const path = runner.env('GITHUB_EVENT_PATH');
      try {
        return path ? JSON.parse(limited(path)) : undefined;
      } catch {
        return undefined; // no event file, or none that can be read: the same as no event
      }
    },
    onCancel(then) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) host.on(signal, then);
    },
    backgrounds: async () =>
      (await import('./background.ts')).openBackgrounds(host, join(dirname(shell), `keeper${extname(shell)}`)),
    subjectCustomisation: async (...args) => (await import('./github.ts')).subjectCustomisation(...args),
  };
}

/** Few steps run a program: what runs them is loaded for those. */
function lazily(open: () => Promise<Processes>): Processes {
  let opened: Promise<Processes> | undefined;
  const processes = () => {
    opened ??= open();
    return opened;
  };
  return {
    find: async (wanted) => (await processes()).find(wanted),
    run: async (program, args, terms) => (await processes()).run(program, args, terms),
    endStray: async (pid, mark) => (await processes()).endStray(pid, mark),
  };
}

function limited(path: string): string {
  const text = readFileSync(path, 'utf8');
  if (text.length > LARGEST_FILE) throw new Error('too large');
  return text;
}
