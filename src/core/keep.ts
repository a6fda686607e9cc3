// The open ledger of main: what arrives is masked and written down at once, before anything else is done with it.
import type { Keep } from './grant.ts';
import { type Debt, encode, STATE } from './ledger.ts';
import type { Random, Runner } from './ports.ts';
import { Secret } from './secret.ts';

export interface OpenLedger extends Keep {
  /** Key of the fingerprints of exported values; saved, masked. */
  readonly key: string;
  /** All debts so far. */
  readonly debts: readonly Debt[];
}

/** Opens the ledger: the nonce is the first record. */
export function openLedger(runner: Runner, random: Random): OpenLedger {
  const nonce = random.hex(16);
  const key = random.hex(16);
  const debts: Debt[] = [];
  runner.mask(new Secret(nonce, 'state nonce'));
  runner.mask(new Secret(key, 'fingerprint key'));
  runner.save(STATE, nonce);
  return {
    key,
    debts,
    secret(value, label) {
      const secret = new Secret(value, label);
      runner.mask(secret);
      return secret;
    },
    owe(debt) {
      debts.push(debt);
      const { name, value } = encode(nonce, debts.length, debt);
      runner.save(name, value);
    },
  };
}
