// The table of requests, sent to the emulated server of each flavour.
import type { Flavour } from '../../../sandbox/vault/trust.ts';
import { emulated } from './emulated.ts';
import { ENGINES } from './engine-requests.ts';
import { differences, play } from './play.ts';
import { LEASES, LOGINS, NAMESPACES, type Row, SECRETS, TOKENS, WRAPPING } from './requests.ts';
import { trustOf } from './trust.ts';

const TABLES: readonly (readonly [string, readonly Row[]])[] = [
  ['logins', LOGINS],
  ['secrets', SECRETS],
  ['engines', ENGINES],
  ['tokens', TOKENS],
  ['leases', LEASES],
  ['namespaces', NAMESPACES],
  ['wrapping', WRAPPING],
];

describe.each(['vault', 'openbao'] as const)('%s', (flavour: Flavour) => {
  describe.each(TABLES)('%s', (_, rows) => {
    it.each(rows.filter((row) => row.only === undefined || row.only === flavour))('$name', async (row) => {
      const got = await play(row, emulated(trustOf(flavour)));
      expect(differences(row, got, flavour)).toEqual([]);
    });
  });
});
