// Whether a process is still the one that was known by its number.
import { readFileSync } from 'node:fs';
import type { Backgrounds } from '../core/ports.ts';

/** In place of the beginning of a process that has ended: equal to none. */
const ENDED = 'ended';

/** When a process began, in the kernel's ticks since it started; undefined where there is no /proc. */
export function beginningOf(pid: number, platform: NodeJS.Platform): string | undefined {
  if (platform !== 'linux') return undefined;
  try {
    // The name stands in brackets and may hold spaces and brackets itself: count from the last one.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    // One that has ended stays listed until its parent takes note, which the first process of a container may never do.
    return fields[0] === 'Z' ? ENDED : fields[19];
  } catch {
    return undefined;
  }
}

function runs(pid: number, host: NodeJS.Process): boolean {
  try {
    return host.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether process `pid`, which began at `expected`, is there; where the beginning cannot be known, only that none of this number is. */
export function find(pid: number, expected: string | undefined, host: NodeJS.Process): ReturnType<Backgrounds['find']> {
  if (!runs(pid, host)) return 'gone';
  const found = beginningOf(pid, host.platform);
  if (found === undefined || expected === undefined) return 'unsure';
  return found === expected ? 'there' : 'gone';
}
