// How claims, and what was found out about a trust, are told. Apart from `words.ts`: only what failed, and `check-only`, need it.
import { verdicts } from './binding.ts';
import type { Claims } from './claims.ts';
import { plain } from './plain.ts';
import type { Finding } from './probe.ts';
import { claimLines } from './words.ts';

const ANSWERS = { yes: 'yes', no: 'NO', unknown: 'not known' } as const;

/** One finding of a check. */
export function findingLine({ named, answer, why }: Finding): string {
  return `${ANSWERS[answer].padEnd(9)}  ${plain(named)}: ${plain(why)}`;
}

/** The claims as `claimLines` has them, with a mark at those that a trust should hold. */
export function markedClaims(claims: Claims, names: readonly string[]): string[] {
  const held = new Set(verdicts(claims).flatMap(({ claim, bind }) => (bind ? [claim] : [])));
  return claimLines(claims, names).map((line, i) => `${held.has(names[i] ?? '') ? '*' : ' '} ${line}`);
}

/** Why a trust should hold the claims that are marked, and not the others: a line each. */
export function verdictLines(claims: Claims): string[] {
  return verdicts(claims).map(({ claim, bind, why }) => `${bind ? 'Bind to' : 'Not to '} ${claim}: ${why}`);
}
