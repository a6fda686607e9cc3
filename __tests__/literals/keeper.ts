// The keeper's world in literals: a folder in memory, one local caller, and no process at all.
import type { Reply } from '../../src/core/charge.ts';
import type { Send } from '../../src/core/http.ts';
import type { KeeperWorld } from '../../src/core/keeper-world.ts';
import type { Files, LocalCall } from '../../src/core/ports.ts';
import { type FakeClock, fakeClock } from './clock.ts';
import { fixedRandom } from './random.ts';

export const FOLDER = `workload-identity-${'0'.repeat(32)}`;
export const PORT = 4711;

/** One folder of ours, in memory; `contents` holds its files, and is undefined once the folder has gone. */
export function memoryFiles() {
  const disk: { contents: Record<string, string> | undefined } = { contents: {} };
  const write = (name: string, content: string) => {
    if (!disk.contents) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    disk.contents[name] = content;
  };
  const files: Files = {
    checkTemp: () => {},
    createFolder: () => '/temp/folder',
    createFile: (_, name, content) => write(name, String(content)),
    replaceFile: (_, name, content) => write(name, content),
    appendLine: (_, name, line) => write(name, `${disk.contents?.[name] ?? ''}${line}\n`),
    readLines: (_, name) => (disk.contents?.[name] ?? '').split('\n'),
    findFolder: (name) => (disk.contents && name === FOLDER ? '/temp/folder' : undefined),
    pathOf: (folder, name) => `${folder}/${name}`,
    original: () => ({ text: '' }),
    createInner: () => '/temp/folder/inner',
    readFile: (_, name) => disk.contents?.[name],
    removeFolder: () => false,
    guardCommandFiles: () => [],
    emptyCommandFiles: () => {},
  };
  return { files, disk };
}

export interface FakeKeeperWorld extends KeeperWorld {
  readonly clock: FakeClock;
  readonly disk: ReturnType<typeof memoryFiles>['disk'];
  /** What main would read. */
  readonly said: readonly string[];
  ask(call: Partial<LocalCall>): Promise<Reply>;
  /** Main hands over a line, or ends without one. */
  hand(line?: string): void;
  signal(): void;
  /** Whether it still listens. */
  listens(): boolean;
  /** What the runner's process is found to be. */
  runner: 'there' | 'gone' | 'unsure';
}

export function keeperWorld(send: Send): FakeKeeperWorld {
  const { files, disk } = memoryFiles();
  const said: string[] = [];
  const commission = Promise.withResolvers<string | undefined>();
  let answer: ((call: LocalCall) => Promise<Reply>) | undefined;
  let onEnd = () => {};
  const world: FakeKeeperWorld = {
    pid: 42,
    clock: fakeClock(),
    random: fixedRandom(),
    files,
    disk,
    said,
    runner: 'there',
    find: () => world.runner,
    openTransport: async () => ({ preconnect: () => {}, onTheWire: async () => {}, send, close: () => {} }),
    async listen(callback) {
      answer = callback;
      return {
        port: PORT,
        close: () => {
          answer = undefined;
        },
      };
    },
    say: (line) => void said.push(line),
    commission: () => commission.promise,
    onEnd: (then) => {
      onEnd = then;
    },
    async ask(call) {
      if (!answer) throw new Error('nobody listens');
      return answer({ method: 'GET', path: '/', host: `127.0.0.1:${PORT}`, port: PORT, headers: {}, ...call });
    },
    hand: (line) => commission.resolve(line),
    signal: () => onEnd(),
    listens: () => answer !== undefined,
  };
  return world;
}
