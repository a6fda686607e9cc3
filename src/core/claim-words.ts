// How claims, and what was found out about a trust, are told. Apart from `words.ts`: only what failed, and `check-only`, need it.
import { verdicts } from './binding.ts';
import type { Claims } from './claims.ts';
import { plain } from './plain.ts';
import type { Finding } from './probe.ts';

const ANSWERS = { yes: 'yes', no: 'NO', unknown: 'not known' } as const;

/** One finding of a check. */
export function findingLine({ named, answer, why }: Finding): string {
  return `${ANSWERS[answer].padEnd(9)}  ${plain(named)}: ${plain(why)}`;
}

/** Which claims a trust should hold, which not, and why: a line each. */
export function verdictLines(claims: Claims): string[] {
  return verdicts(claims).map(({ claim, bind, why }) => `${bind ? 'Bind to' : 'Not to '} ${claim}: ${why}`);
}
