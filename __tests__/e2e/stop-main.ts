// Loaded into main by NODE_OPTIONS, in front of the observer: stops it exactly at the n-th entry of a kind that the observer is about to write down,
// which is before the deed itself. `kill`: SIGKILL by its own hand, so that not one more instruction runs. `pause`: all of it stands still until the test goes on.
const { fs, place } = { fs: process.getBuiltinModule('node:fs'), place: new URL(import.meta.url).searchParams };
const { writeSync, writeFileSync, existsSync } = fs;

interface Entry {
  readonly kind: string;
  readonly what?: string;
  readonly path?: string;
  readonly text?: string;
}

if (process.argv[1]?.endsWith('/dist/main.js')) fs.writeSync = watch as typeof writeSync;

let seen = 0;
let armed = false;

/** The observer takes `writeSync` before it patches anything: its journal passes here, line by line. */
function watch(...args: Parameters<typeof writeSync>): number {
  const entry = typeof args[1] === 'string' ? entryOf(args[1]) : undefined;
  if (entry && reached(entry)) stop();
  return writeSync(...args);
}

function entryOf(line: string): Entry | undefined {
  return line.startsWith('{"pid":') && line.endsWith('}\n') ? (JSON.parse(line) as Entry) : undefined;
}

/** With `after`, the entry behind the n-th: then the n-th has been done. */
function reached(entry: Entry): boolean {
  if (armed) return true;
  if (kindOf(entry) !== place.get('kind') || ++seen !== Number(place.get('n'))) return false;
  armed = place.has('after');
  return !armed;
}

function kindOf({ kind, path, text = '', what }: Entry): string {
  if (kind === 'stdout') return text.startsWith('::add-mask::') ? 'mask' : 'line';
  if (kind !== 'fs') return kind;
  if (path === process.env.GITHUB_STATE && what !== 'chmod') return 'state';
  return path === process.env.GITHUB_ENV && what !== 'chmod' ? 'env' : 'fs';
}

function stop(): void {
  armed = false;
  if (place.get('how') === 'kill') process.kill(process.pid, 'SIGKILL');
  const marker = place.get('marker') ?? '';
  writeFileSync(`${marker}.reached`, '');
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(`${marker}.go`)) Atomics.wait(nothing, 0, 0, 5);
}
