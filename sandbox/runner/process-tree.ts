// Processes by kinship and by the mark the runner gives its job's (Linux: /proc). Only processes found that way are ever ended.
import { readdirSync, readFileSync } from 'node:fs';

export interface Found {
  readonly pid: number;
  readonly name: string;
}

/** Ends a process and all that came from it. */
export function killTree(pid: number): void {
  const children = parents().filter((entry) => entry.parent === pid);
  kill(pid);
  for (const child of children) killTree(child.pid);
}

/** The processes whose environment holds `name=value`, but this one. */
export function marked(name: string, value: string): Found[] {
  const mark = `${name}=${value}`;
  return processes()
    .filter((pid) => pid !== process.pid && read(pid, 'environ').split('\0').includes(mark))
    .map((pid) => ({ pid, name: read(pid, 'comm').trim() }));
}

/** SIGKILL; no error where the process has gone. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself: what was wanted.
  }
}

function parents(): { pid: number; parent: number }[] {
  return processes().map((pid) => {
    // The name stands in brackets and may hold spaces and brackets itself: count from the last one.
    const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ');
    return { pid, parent: Number(fields?.[1] ?? Number.NaN) };
  });
}

function processes(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid));
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
