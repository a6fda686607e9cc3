// The post step's own block of the job summary: how what main got has ended.
import type { Ended } from './core/ending.ts';
import { escaped, table } from './core/markdown.ts';
import { outcomeOf } from './core/words.ts';

/** A line a credential; where anybody can read it, only how many ended how. */
export function endedSummary(ended: readonly Ended[], open: boolean): string {
  const told = ended.filter(({ outcome }) => outcome.how !== 'restored' && outcome.how !== 'left');
  const variables = ended.length - told.length;
  const rows = open ? counted(told) : told.map(separate);
  if (variables > 0) rows.push(['Variables', `${variables} put back or left, as the log says`]);
  return ['### Workload identity: how it ended', '', ...table(['What', 'How it ended'], rows)].join('\n');
}

/** `AWS session arn:...`: the words in front of what names somebody. */
function kindOf(what: string): string {
  return /^[A-Za-z]+(?: (?!of\b|for\b)[A-Za-z]+)*(?= |$)/.exec(what)?.[0] ?? 'A credential';
}

function separate(one: Ended): string[] {
  const line = outcomeOf(one);
  return [escaped(one.what), escaped(line.slice(one.what.length + 2))];
}

/** Vault's lines name paths: only how many ended how. The others name kinds, and nothing of what they are for. */
function counted(ended: readonly Ended[]): string[][] {
  const vault = Object.groupBy(
    ended.filter((one) => one.cloud === 'vault'),
    (one) => one.outcome.how,
  );
  const rows = Object.entries(vault).map(([how, list]) => [
    `${list.length} of Vault`,
    how === 'failed' || how === 'expires' ? 'not revoked' : how,
  ]);
  return [
    ...rows,
    ...ended.filter((one) => one.cloud !== 'vault').map((one) => separate({ ...one, what: kindOf(one.what) })),
  ];
}
