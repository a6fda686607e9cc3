// The keeper's process, as main starts it and post finds it again. The only file that starts or ends a process (INVARIANTS 16).
import { type ChildProcess, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import type { Background, Backgrounds } from '../core/ports.ts';
import { beginningOf, find } from './lives.ts';

/**
 * What the keeper gets of main's environment: the runner's mark, by which the runner ends it with the job (facts: github 3.7), the folder of its
 * files, how Node finds certificates, and what Windows' sockets cannot do without. No request token, no input, no state (INVARIANTS 11).
 */
const INHERITED = [
  'RUNNER_TRACKING_ID',
  'RUNNER_TEMP',
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'SystemRoot',
];
const LONGEST_LINE = 4096;

/** `script`: the keeper's file. */
export function openBackgrounds(host: NodeJS.Process, script: string): Backgrounds {
  const began = (pid: number) => beginningOf(pid, host.platform);
  return {
    startKeeper() {
      const env = Object.fromEntries(INHERITED.flatMap((name) => (host.env[name] ? [[name, host.env[name]]] : [])));
      const child = spawn(host.execPath, [script], {
        cwd: dirname(script), // not the workspace: on Windows nobody could remove it
        detached: true,
        windowsHide: true,
        stdio: ['pipe', 'pipe', 'ignore'],
        env,
      });
      return backgroundOf(child, began(child.pid ?? 0));
    },
    find: (pid, expected) => find(pid, expected, host),
    kill(pid) {
      try {
        host.kill(pid, 'SIGKILL');
      } catch {
        // it has ended by itself: what was wanted
      }
    },
    parent() {
      // 0 and 1: in a container nobody else is there (docker exec), or the parent has gone.
      if (host.ppid <= 1) return undefined;
      const begun = began(host.ppid);
      return { pid: host.ppid, ...(begun && { began: begun }) };
    },
  };
}

function backgroundOf(child: ChildProcess, began: string | undefined): Background {
  const { stdin, stdout } = child;
  const gone = Promise.withResolvers<void>();
  child.on('error', () => gone.resolve());
  child.on('exit', () => gone.resolve());
  stdin?.on('error', () => {}); // told by `release`
  child.unref();
  const drop = () => {
    stdin?.destroy();
    stdout?.destroy();
  };
  return {
    pid: child.pid ?? 0,
    ...(began && { began }),
    firstLine(ms) {
      const late = new Promise<undefined>((ok) => setTimeout(() => ok(undefined), ms).unref());
      return Promise.race([lineOf(stdout), gone.promise.then(() => undefined), late]);
    },
    async release(line) {
      const taken = new Promise<boolean>((ok) => {
        stdin?.once('error', () => ok(false)).once('close', () => ok(false));
        stdin?.end(`${line}\n`, () => ok(true));
      });
      const outcome = await Promise.race([taken, gone.promise]);
      drop();
      return outcome === true;
    },
    drop,
  };
}

function lineOf(stream: NodeJS.ReadableStream | null): Promise<string | undefined> {
  return new Promise((ok) => {
    let text = '';
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\n');
      if (end >= 0 || text.length > LONGEST_LINE) ok(end < 0 ? undefined : text.slice(0, end));
    });
    stream?.on('end', () => ok(undefined));
    stream?.on('error', () => ok(undefined));
  });
}
