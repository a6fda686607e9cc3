// A part of a file that another program reads and writes too: exchanged under that program's lock, so that neither loses what the other wrote.
import type { Form } from '../core/charge.ts';
import { isRecord } from '../core/http.ts';
import type { KeeperWorld } from '../core/keeper-world.ts';
import type { Files } from '../core/ports.ts';

type Shared = Extract<Form, { kind: 'shared' }>;

/** A program holds its lock for moments. One that was killed leaves it behind, and then nobody writes. */
const PATIENCE_MS = 5_000;
const POLL_MS = 100;

/**
 * Puts `value` in the place of the part; whoever reads meanwhile gets the old file or the new one, whole. False where the part is there no
 * more: its program was told to forget it. Rejects where the file cannot be read or replaced.
 */
export async function exchangePart(
  form: Shared,
  value: string,
  stepFolder: string,
  world: KeeperWorld,
): Promise<boolean> {
  const { files } = world;
  const folder = files.pathOf(stepFolder, form.folder);
  const locked = await lock(folder, form.lock, world);
  try {
    const content = files.readFile(folder, form.name);
    const edited = content === undefined ? undefined : form.edit(content, value);
    if (edited === undefined) return false;
    files.replaceFile(folder, form.name, edited);
    return true;
  } finally {
    if (locked) files.removeFile(folder, form.lock);
  }
}

/** Until when what the program has obtained lives, milliseconds; undefined where that cannot be read. */
export function obtainedUntil({ folder, obtained }: Shared, stepFolder: string, files: Files): number | undefined {
  try {
    return obtained.ends(files.readFile(files.pathOf(stepFolder, folder), obtained.name));
  } catch {
    return undefined; // the folder is gone, or is not readable: nothing is said
  }
}

/** Whether the lock is ours. Where it is not to be had in time, the file is written all the same: at worst a login of that moment is lost. */
async function lock(folder: string, name: string, { files, clock }: KeeperWorld): Promise<boolean> {
  for (const until = clock.steady() + PATIENCE_MS; ; await clock.sleep(POLL_MS)) {
    try {
      files.createFile(folder, name, '');
      return true;
    } catch (thrown) {
      if (!isRecord(thrown) || thrown.code !== 'EEXIST') throw thrown;
      if (clock.steady() >= until) return false;
    }
  }
}
