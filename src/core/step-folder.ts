// The one folder of a step under RUNNER_TEMP: made when the first file is wanted, by an exchange or by delivery, and owed before it is made.
import type { OpenLedger } from './keep.ts';
import type { Files, Random } from './ports.ts';

export interface StepFolder {
  /** A new file 0600 in it, or in an inner folder of it; its absolute path. */
  write(name: string, content: string, inner?: string): string;
  /** Its name under RUNNER_TEMP. */
  name(): string;
  /** Where a file of that name is or will be. */
  pathOf(name: string): string;
  /** A new folder 0700 in it; its absolute path. */
  makeInner(name: string): string;
  /** What a child process wrote into an inner folder; undefined where there is nothing to read. */
  read(inner: string, name: string): string | undefined;
}

/** Its name is ours, so that it can be owed before it exists: a kill in between leaves nothing unknown. */
export function stepFolder(files: Files, random: Random, ledger: OpenLedger): StepFolder {
  let name = '';
  let made: string | undefined;
  const folder = (): string => {
    if (made !== undefined) return made;
    name = `workload-identity-${random.hex(16)}`;
    ledger.owe({ by: 'step', kind: 'folder', data: { name } });
    made = files.createFolder(name);
    return made;
  };
  return {
    name() {
      folder();
      return name;
    },
    write(name, content, inner = folder()) {
      files.createFile(inner, name, content);
      return files.pathOf(inner, name);
    },
    pathOf: (name) => files.pathOf(folder(), name),
    makeInner: (name) => files.createInner(folder(), name),
    read: (inner, name) => files.readFile(inner, name),
  };
}
