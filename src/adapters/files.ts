// The step's own folder under RUNNER_TEMP, and the runner's command files. Written against neighbours on the same machine (INVARIANTS 13).
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Files } from '../core/ports.ts';
import { originals } from './originals.ts';

const FOLDER = /^workload-identity-[0-9a-f]{32}$/;
const COMMAND_FILE = /^[A-Za-z0-9_-]{1,120}$/;
const LARGEST_READ = 5 * 1024 * 1024;
/** The command files that will hold what we export, by the variable that names them. */
const COMMAND_VARIABLES = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE'] as const;

/** Windows has no such flag: there a link needs rights that a job rarely has. */
const NOFOLLOW = fs.constants.O_NOFOLLOW ?? 0;
/** Some 200 bytes a renewal: a keeper of twelve hours writes less. */
const LARGEST_JOURNAL = 2 * 1024 * 1024;

/** `env` reads the runner's variables; `platform` decides whether modes and owners mean anything. */
export function openFiles(env: (name: string) => string | undefined, platform: NodeJS.Platform): Files {
  const posix = platform !== 'win32';
  const temp = () => checkedTemp(env('RUNNER_TEMP'), posix);
  const commandFiles = () => COMMAND_VARIABLES.map((name) => env(name)).filter((file) => file !== undefined);
  return {
    checkTemp: () => void temp(),
    createFolder(name) {
      const folder = path.join(temp(), owned(name));
      fs.mkdirSync(folder, { mode: 0o700 });
      return folder;
    },
    createFile(folder, name, content) {
      writeNew(path.join(folder, name), content);
    },
    replaceFile(folder, name, content) {
      const fresh = `${path.join(folder, name)}.new`;
      fs.rmSync(fresh, { force: true });
      writeNew(fresh, content);
      fs.renameSync(fresh, path.join(folder, name));
    },
    removeFile(folder, name) {
      fs.rmSync(path.join(folder, name), { force: true });
    },
    appendLine(folder, name, line) {
      const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_APPEND | NOFOLLOW;
      withFile(path.join(folder, name), flags, (handle) => fs.writeFileSync(handle, `${line}\n`));
    },
    readLines(folder, name) {
      const file = path.join(folder, name);
      const found = fs.lstatSync(file, { throwIfNoEntry: false });
      const foreign = posix && found?.uid !== process.getuid?.();
      if (!found?.isFile() || foreign || found.size > LARGEST_JOURNAL) return [];
      return withFile(file, fs.constants.O_RDONLY | NOFOLLOW, (handle) => fs.readFileSync(handle, 'utf8')).split('\n');
    },
    findFolder(name) {
      const folder = path.join(temp(), owned(name));
      return fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ? folder : undefined;
    },
    pathOf: (folder, name) => path.join(folder, name),
    original: originals(env),
    createInner(folder, name) {
      const inner = path.join(folder, name);
      fs.mkdirSync(inner, { mode: 0o700 });
      return inner;
    },
    readFile(folder, name) {
      const file = path.join(folder, name);
      const found = fs.lstatSync(file, { throwIfNoEntry: false });
      return found?.isFile() && found.size <= LARGEST_READ ? fs.readFileSync(file, 'utf8') : undefined;
    },
    removeFolder(name) {
      const folder = path.join(temp(), owned(name));
      const found = fs.lstatSync(folder, { throwIfNoEntry: false });
      if (!found) return false;
      if (!found.isDirectory())
        throw new Failure('files/not-ours', `${name} is not the folder that this step made; left alone`);
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      return true;
    },
    guardCommandFiles() {
      const missing = COMMAND_VARIABLES.find((name) => !env(name));
      if (missing) {
        throw new Failure('run/not-actions', `${missing} is not set: this is no step of a GitHub Actions job`, {}, [
          'Run the action as a step of a workflow.',
        ]);
      }
      if (posix) for (const file of commandFiles()) fs.chmodSync(file, 0o600);
      return commandFiles().map((file) => path.basename(file));
    },
    emptyCommandFiles(names) {
      const state = env('GITHUB_STATE');
      if (!state) return;
      const current = new Set(commandFiles().map((file) => path.basename(file)));
      for (const name of names) {
        const file = path.join(path.dirname(state), name);
        // Under a runner that reuses one file for all steps, it is ours to write to, not to empty.
        if (!COMMAND_FILE.test(name) || current.has(name) || !fs.lstatSync(file, { throwIfNoEntry: false })?.isFile())
          continue;
        fs.truncateSync(file);
      }
    },
  };
}

/** A file that must not be there yet, whatever a link of its name leads to. */
function writeNew(file: string, content: string | Uint8Array): void {
  const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL | NOFOLLOW;
  withFile(file, flags, (handle) => fs.writeFileSync(handle, content));
}

function withFile<T>(file: string, flags: number, work: (handle: number) => T): T {
  const handle = fs.openSync(file, flags, 0o600);
  try {
    return work(handle);
  } finally {
    fs.closeSync(handle);
  }
}

function owned(name: string): string {
  if (!FOLDER.test(name))
    throw new Failure('files/not-ours', 'The name of the step folder in state is not one that this action makes');
  return name;
}

function checkedTemp(temp: string | undefined, posix: boolean): string {
  const found = temp && path.isAbsolute(temp) ? fs.statSync(temp, { throwIfNoEntry: false }) : undefined;
  if (!temp || !found?.isDirectory()) {
    throw new Failure(
      'files/unsafe-temp',
      'RUNNER_TEMP is not set to a folder, so there is no safe place for credential files',
      {},
      ['Run this action in a GitHub Actions job; the runner sets RUNNER_TEMP.'],
    );
  }
  const open = posix && (found.mode & 0o002) !== 0 && (found.mode & 0o1000) === 0;
  if (!open) return temp;
  throw new Failure(
    'files/unsafe-temp',
    'RUNNER_TEMP can be written by every user of the machine, so files in it could be exchanged',
    {},
    [
      'On the runner machine, take the write permission for others from that folder (chmod o-w), or set its sticky bit.',
    ],
  );
}
