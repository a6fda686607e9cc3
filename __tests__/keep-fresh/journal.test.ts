import { encode } from '../../src/core/ledger.ts';
import { openJournal, readJournal } from '../../src/keep-fresh/journal.ts';
import { memoryFiles } from '../literals/keeper.ts';

const NONCE = 'e'.repeat(64);
const AT = '/temp/folder';
const line = (nonce: string, kind: string, data = {}, by = 'keeper') => encode(nonce, 1, { by, kind, data }).value;

it('tells what was written', () => {
  const { files } = memoryFiles();
  const journal = openJournal(files, AT, NONCE);
  journal.write({ kind: 'begun' });
  journal.write({ kind: 'renewed', what: 'AWS session', end: 2_000 });
  journal.write({ kind: 'failed', what: 'AWS session', id: 'aws/refused' });
  journal.write({ kind: 'failed', what: 'Vault token', id: 'vault/not-renewed' });
  journal.write({ kind: 'renewed', what: 'AWS session', end: 3_000 });
  journal.write({ kind: 'renewed', what: 'Vault token', prolongs: 'Vault token', end: 9_000 });
  journal.write({ kind: 'renewed', what: 'Vault token', prolongs: 'Vault token', end: 8_000 });
  journal.write({ kind: 'failed', what: 'Vault token', id: 'vault/not-renewed' });
  journal.write({ kind: 'seen', what: "Azure CLI's login", prolongs: 'Azure CLI login (app)', end: 7_000 });
  journal.write({ kind: 'ended', why: 'lifetime' });
  expect(readJournal(files, AT, NONCE)).toEqual({
    begun: true,
    renewals: 4,
    lastEnds: new Map([['AWS session', 3_000]]),
    // Those of the last renewal, be they nearer: nothing is kept beyond lifetime.
    prolonged: new Map([
      ['Vault token', 8_000],
      ['Azure CLI login (app)', 7_000],
    ]),
    failed: new Map([['Vault token', 'vault/not-renewed']]),
    ended: 'lifetime',
  });
});

it.each([
  ['another nonce', line('x', 'ended', { why: 'lifetime' })],
  ['another writer', line(NONCE, 'ended', { why: 'lifetime' }, 'vault')],
  ['words that are none of its own', line(NONCE, 'ended', { why: '::error::x' })],
  ['a kind of credential that breaks a line', line(NONCE, 'renewed', { what: 'AWS\nsession', end: 1 })],
  ['a name that breaks a line', line(NONCE, 'seen', { what: 'x\ny', prolongs: 'Vault\ntoken', end: 1 })],
  ['a list', '[]'],
  ['no JSON', '{"nonce":'],
  ['nothing', ''],
])('does not believe %s', (_, planted) => {
  const { files } = memoryFiles();
  files.appendLine(AT, 'keeper.journal', planted);
  const told = readJournal(files, AT, NONCE);
  expect(told.ended).toBeUndefined();
  expect([told.begun, told.lastEnds.size, told.prolonged.size, told.failed.size]).toEqual([false, 0, 0, 0]);
});

it('a disk that refuses is no reason to end', () => {
  const { files, disk } = memoryFiles();
  disk.contents = undefined;
  expect(() => openJournal(files, AT, NONCE).write({ kind: 'begun' })).not.toThrow();
});
