// Loaded into a process by `--import 'observer.ts?journal=<file>'`: writes down, in order and before it happens, what the program does.
// Everything is recorded whole, secrets too. It patches Node's modules as they are shared by require and import, before the program loads.
import type { JournalEntry } from './journal.ts';
import { observeFiles } from './observe-files.ts';
import { observeNetwork } from './observe-network.ts';
import { observeProcess } from './observe-process.ts';

const journal = new URL(import.meta.url).searchParams.get('journal');
if (journal === null) throw new Error('The observer needs a journal: observer.ts?journal=<file>');

// Taken before anything is patched. Opened by descriptor: a program that changes its folder or the file's name changes nothing.
const { openSync, writeSync } = process.getBuiltinModule('node:fs');
const file = openSync(journal, 'a', 0o600);

/** One line, written at once: what was recorded before a kill is there after it. */
function record(entry: Omit<JournalEntry, 'pid' | 'time'>): void {
  writeSync(file, `${JSON.stringify({ pid: process.pid, time: Date.now(), ...entry })}\n`);
}

observeProcess(record);
observeFiles(record);
observeNetwork(record);
process.getBuiltinModule('node:module').syncBuiltinESMExports();
