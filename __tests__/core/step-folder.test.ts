import { openLedger } from '../../src/core/keep.ts';
import type { Files } from '../../src/core/ports.ts';
import { stepFolder } from '../../src/core/step-folder.ts';
import { fixedRandom } from '../literals/random.ts';
import { type Entry, recordingRunner } from '../literals/runner.ts';

/** A folder over files that keep the runner's journal too. */
function opened() {
  const journal: Entry[] = [];
  const note =
    (verb: string) =>
    (...what: string[]) => {
      journal.push([verb, ...what]);
      return `/temp/${what.join('/')}`;
    };
  const files: Files = {
    checkTemp: () => {},
    createFolder: note('folder'),
    createFile: note('file'),
    createInner: note('inner'),
    replaceFile: () => {},
    removeFile: () => {},
    appendLine: () => {},
    readLines: () => [],
    findFolder: () => undefined,
    pathOf: (folder, name) => `${folder}/${name}`,
    original: () => ({ text: '' }),
    readFile: (folder, name) => `what ${name} holds in ${folder}`,
    removeFolder: () => true,
    guardCommandFiles: () => [],
    emptyCommandFiles: () => {},
  };
  const random = fixedRandom();
  const ledger = openLedger(recordingRunner({ journal }), random);
  journal.splice(0);
  return { journal, folder: stepFolder(files, random, ledger) };
}
const verbs = (journal: readonly Entry[]) => journal.map(([verb]) => verb);

it('is neither owed nor made before something is wanted in it', () => {
  expect(opened().journal).toEqual([]);
});

it('is owed by its name, then made, then used; once', () => {
  const { journal, folder } = opened();
  folder.write('a', 'x');
  folder.makeInner('b');
  folder.write('c', 'y');
  expect(verbs(journal)).toEqual(['save', 'folder', 'file', 'inner', 'file']);
  expect(String(journal[0])).toContain(String(journal[1]?.[1]));
  expect(journal[1]?.[1]).toMatch(/^workload-identity-[0-9a-f]{32}$/);
});

it('says where its files are, in itself and in inner folders', () => {
  const { journal, folder } = opened();
  expect(folder.write('a', 'x')).toBe(folder.pathOf('a'));
  const inner = folder.makeInner('b');
  expect(folder.write('c', 'y', inner)).toBe(`${inner}/c`);
  expect(journal.at(-1)).toEqual(['file', inner, 'c', 'y']);
  expect(folder.read(inner, 'c')).toBe(`what c holds in ${inner}`);
});
