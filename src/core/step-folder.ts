// The one folder of a step under RUNNER_TEMP: made when the first file is wanted, by an exchange or by delivery, and owed before it is made.
import type { OpenLedger } from './keep.ts';
import type { Files, Random } from './ports.ts';

/** RUNNER_TEMP inside a docker action (facts: github 3.8). */
const DOCKER_TEMP = '/github/runner_temp';

export interface StepFolder {
  /** A new file 0600 in it, or in an inner folder of it; its absolute path. */
  write(name: string, content: string | Uint8Array, inner?: string): string;
  /** Its name under RUNNER_TEMP. */
  name(): string;
  /** Where a file of that name is or will be. */
  pathOf(name: string): string;
  /** Where a docker action finds it: the runner mounts RUNNER_TEMP there. */
  pathInDocker(name: string): string;
  /** A new folder 0700 in it; its absolute path. */
  makeInner(name: string): string;
  /** What a child process wrote into an inner folder; undefined where there is nothing to read. */
  read(inner: string, name: string): string | undefined;
}

/** Its name is ours, so that it can be owed before it exists: a kill in between leaves nothing unknown. */
export function stepFolder(files: Files, random: Random, ledger: OpenLedger): StepFolder {
  let made: string | undefined;
  const own = `workload-identity-${random.hex(16)}`;
  const folder = (): string => {
    if (made !== undefined) return made;
    ledger.owe({ by: 'step', kind: 'folder', data: { name: own } });
    made = files.createFolder(own);
    return made;
  };
  return {
    name() {
      folder();
      return own;
    },
    write(name, content, inner = folder()) {
      files.createFile(inner, name, content);
      return files.pathOf(inner, name);
    },
    pathOf: (name) => files.pathOf(folder(), name),
    pathInDocker: (name) => `${DOCKER_TEMP}/${own}/${name}`,
    makeInner: (name) => files.createInner(folder(), name),
    read: (inner, name) => files.readFile(inner, name),
  };
}
