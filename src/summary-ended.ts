// The post step's own block of the job summary: how what main got has ended.
import type { Ended } from './core/ending.ts';
import { code, escaped, table } from './core/markdown.ts';
import { outcomeOf } from './core/words.ts';

/** A line a credential; where anybody can read it, only how many ended how. */
export function endedSummary(ended: readonly Ended[], open: boolean): string {
  const told = ended.filter((one) => one.outcome.how !== 'restored' && one.outcome.how !== 'left');
  const variables = ended.length - told.length;
  const rows = open ? counted(told) : told.map(separate);
  if (variables > 0) rows.push(['Variables', `${variables} put back or left, as the log says`]);
  return ['### Workload identity: how it ended', '', ...table(['What', 'How it ended'], rows)].join('\n');
}

function separate(one: Ended): string[] {
  const line = outcomeOf(one);
  return [code(one.what), escaped(line.slice(one.what.length + 2))];
}

function counted(ended: readonly Ended[]): string[][] {
  const kinds = Object.groupBy(ended, (one) => `${one.cloud === 'step' ? one.what : one.cloud} ${one.outcome.how}`);
  return Object.values(kinds).flatMap((list) => {
    const [first] = list ?? [];
    if (!first || !list) return [];
    const who = first.cloud === 'step' ? first.what : 'credentials';
    const how = first.outcome.how === 'failed' || first.outcome.how === 'expires' ? 'not revoked' : first.outcome.how;
    return [[escaped(`${list.length} ${who}${first.cloud === 'step' ? '' : ` of ${first.cloud}`}`), how]];
  });
}
