// The disk of one runner, laid out like a real one: _work/<repo>/<repo>, _work/_temp, and a home of its own. Each job gets a new one.
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Leftover } from './result.ts';

export class Machine {
  readonly work: string;
  readonly temp: string;
  /** _work/<repo>: what RUNNER_WORKSPACE names. */
  readonly pipeline: string;
  readonly workspace: string;
  readonly toolCache: string;
  readonly home: string;
  /** The system's temporary folder as the job's processes see it (TMPDIR). */
  readonly tmp: string;
  /** Journals of observed processes: outside of everything a job can be expected to write to. */
  readonly journals: string;
  readonly #ofRunner = new Set<string>();

  constructor(root: string, repository: string) {
    const name = repository.split('/').at(-1) ?? 'repo';
    this.work = join(root, '_work');
    this.temp = join(this.work, '_temp');
    this.pipeline = join(this.work, name);
    this.workspace = join(this.pipeline, name);
    this.toolCache = join(this.work, '_tool');
    this.home = join(root, 'home');
    this.tmp = join(root, 'tmp');
    this.journals = join(root, 'journals');
    for (const folder of [this.temp, this.workspace, this.toolCache, this.home, this.tmp, this.journals]) {
      mkdirSync(folder, { recursive: true });
    }
  }

  /** Writes a file as the runner itself, so that it does not count as the job's. Mode as umask has it, like the real one. */
  write(path: string, content: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    this.#ofRunner.add(path);
  }

  /** Everything there is now in the folders a job can be expected to write to. */
  leftovers(): Leftover[] {
    const areas = { temp: this.temp, workspace: this.workspace, home: this.home, tmp: this.tmp } as const;
    return Object.entries(areas).flatMap(([area, folder]) => this.#walk(area as Leftover['area'], folder));
  }

  /** What the runner does at a job's end. */
  emptyTemp(): void {
    for (const name of readdirSync(this.temp)) remove(join(this.temp, name));
  }

  #walk(area: Leftover['area'], folder: string): Leftover[] {
    return readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      const stat = lstatSync(path);
      const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'other';
      const entry: Leftover = {
        area,
        path,
        mode: stat.mode & 0o777,
        kind,
        content: kind === 'file' ? readFileSync(path) : Buffer.alloc(0),
        ofRunner: this.#ofRunner.has(path),
      };
      return kind === 'folder' ? [entry, ...this.#walk(area, path)] : [entry];
    });
  }
}

/** Removes a file or folder whatever its modes are. */
export function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    openUp(path);
    rmSync(path, { recursive: true, force: true });
  }
}

// A folder that a job made read-only cannot be emptied otherwise.
function openUp(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isDirectory()) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path)) openUp(join(path, name));
}
