import { openLedger } from '../../src/core/keep.ts';
import { recall, STATE } from '../../src/core/ledger.ts';
import { fixedRandom } from '../literals/random.ts';
import { recordingRunner } from '../literals/runner.ts';

describe('the open ledger', () => {
  it('masks its nonce and its key, and saves the nonce before anything else', () => {
    const runner = recordingRunner();
    const ledger = openLedger(runner, fixedRandom());
    const nonce = '1'.padStart(32, '0');
    expect(runner.journal).toEqual([
      ['mask', 'state nonce', nonce],
      ['mask', 'fingerprint key', ledger.key],
      ['save', STATE, nonce],
    ]);
    expect(ledger.key).toHaveLength(32);
  });

  it('masks a secret at once, and writes a debt at once, each under a name of its own', () => {
    const runner = recordingRunner();
    const ledger = openLedger(runner, fixedRandom());
    const secret = ledger.secret('hvs.abc', 'Vault token');
    ledger.owe({ by: 'vault', kind: 'token', data: { token: secret.reveal() } });
    ledger.owe({ by: 'vault', kind: 'lease', data: { id: 'x' } });
    expect(runner.journal.slice(3).map(([verb, name]) => [verb, name])).toEqual([
      ['mask', 'Vault token'],
      ['save', `${STATE}_1`],
      ['save', `${STATE}_2`],
    ]);
  });

  it('can be recalled from what it saved', () => {
    const runner = recordingRunner();
    const ledger = openLedger(runner, fixedRandom());
    ledger.owe({ by: 'vault', kind: 'lease', data: { id: 'x', expiresAt: 7 } });
    ledger.owe({ by: 'step', kind: 'folder', data: { name: 'f' } });
    const state = new Map(runner.of('save').map(([name, value]) => [String(name), String(value)]));
    const recalled = recall((name) => state.get(name), [...state.keys()]);
    expect(recalled?.debts.map((d) => ({ ...d, data: { ...d.data } }))).toEqual(ledger.debts);
  });
});
