// A machine with a stand-in for the Azure CLI on its PATH, and what it was asked to do.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Fault } from './program.ts';

export interface Started {
  readonly args: readonly string[];
  /** Names of its environment. */
  readonly variables: readonly string[];
  readonly folder: string;
  readonly cwd: string;
  readonly pid: number;
}

export interface AzMachine {
  /** The folder that holds `az`. */
  readonly bin: string;
  /** A PATH with node and that folder. */
  readonly path: string;
  /** Every start, in order. */
  started(): readonly Started[];
  remove(): void;
}

/** As az is: a script that starts its interpreter as a child of its own (the Debian package) or becomes it (pip). */
export function azMachine(fault?: Fault, form: 'child' | 'exec' = 'child'): AzMachine {
  const root = mkdtempSync(join(tmpdir(), 'az-'));
  const bin = join(root, 'bin');
  const log = join(root, 'log');
  mkdirSync(bin);
  writeFileSync(log, '');
  const faults = new URL('./faults.ts', import.meta.url).href;
  const call = `import(${JSON.stringify(faults)}).then((m) => m.run(${JSON.stringify(fault)}, process.argv.slice(1), ${JSON.stringify(log)})).then((s) => { process.exitCode = s })`;
  const start = `${JSON.stringify(process.execPath)} -e '${call}' -- "$@"`;
  writeFileSync(join(bin, 'az'), `#!/bin/sh\n${form === 'exec' ? 'exec ' : ''}${start}\n`);
  chmodSync(join(bin, 'az'), 0o755);
  return {
    bin,
    path: [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
    started() {
      if (!existsSync(log)) return [];
      const lines = readFileSync(log, 'utf8').split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Started);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Whether a process runs (Linux). One that has ended and was not waited for does not: a container's first process may wait for none. */
export function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
