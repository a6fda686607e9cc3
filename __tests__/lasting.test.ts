import type { Credential, Grant } from '../src/core/grant.ts';
import { lastingOf, oweLasting } from '../src/lasting.ts';
import { recordingKeep } from './literals/keep.ts';

const NOW = Date.UTC(2026, 10, 25, 12, 0, 0);
const credential = (more: Partial<Credential>): Credential => ({
  ...{ cloud: 'gcp', kind: 'Google access token', holder: 'deploy@p.iam.gserviceaccount.com', ending: 'expires' },
  ...more,
});
const grant = (...credentials: Credential[]): Grant => ({
  ...{ cloud: 'gcp', credentials, variables: [], outputs: [], secretOutputs: [], files: [], remarks: [], warnings: [] },
});
function owed(...credentials: Credential[]) {
  const keep = recordingKeep();
  oweLasting([grant(...credentials)], keep);
  return keep.debts;
}

it.each<[string, Partial<Credential>, object]>([
  ['lives', { expiresAt: NOW + 60_000 }, { how: 'expires', at: NOW + 60_000 }],
  [
    'lives, but can do nothing any more',
    { ending: 'denied after', expiresAt: NOW + 1 },
    { how: 'expires', at: NOW + 1 },
  ],
  ['has ended', { expiresAt: NOW }, { how: 'gone' }],
  ['lives as long as it likes', {}, { how: 'expires' }],
])('what %s is told so', (_, more, outcome) => {
  expect(lastingOf(owed(credential(more)), NOW)).toEqual([
    { cloud: 'gcp', what: 'Google access token (deploy@p.iam.gserviceaccount.com)', outcome },
  ]);
});

it('what a server ends is told by who ends it', () => {
  expect(owed(credential({ ending: 'revoked by post' }), credential({ ending: 'revoked by main' }))).toEqual([]);
});

it("what a cloud's own endings tell is not told twice", () => {
  expect(owed(credential({ cloud: 'vault', kind: 'Vault batch token' }))).toEqual([]);
});

it('one record for all', () => {
  expect(owed(credential({}), credential({ cloud: 'aws', kind: 'AWS session' }))).toHaveLength(1);
});

it.each(['', 'x', '{}', '[1]', '[{"cloud":"elsewhere","what":"x"}]', '[{"cloud":"aws"}]', null, 7])(
  'a record of another form says nothing: %j',
  (credentials) => {
    expect(lastingOf([{ by: 'step', kind: 'lasting', data: { credentials } }], NOW)).toEqual([]);
  },
);
