// What an exchange does with a value the moment it has it, in order.
import type { Keep } from '../../src/core/grant.ts';
import type { Debt } from '../../src/core/ledger.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Entry } from './runner.ts';

export interface RecordingKeep extends Keep {
  /** `['mask', value]` and `['owe', kind, data]`. */
  readonly journal: readonly Entry[];
  readonly debts: readonly Debt[];
  readonly masked: readonly string[];
}

export function recordingKeep(journal: Entry[] = []): RecordingKeep {
  const debts: Debt[] = [];
  const masked: string[] = [];
  return {
    journal,
    debts,
    masked,
    secret(value, label) {
      journal.push(['mask', value]);
      masked.push(value);
      return new Secret(value, label);
    },
    owe(debt) {
      journal.push(['owe', debt.kind, debt.data]);
      debts.push(debt);
    },
  };
}
