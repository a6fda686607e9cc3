// How post, or a main that gave up, tells what became of each debt. Apart from `tell.ts`: post loads no more than it needs.

import type { Ended } from './core/ending.ts';
import type { Runner } from './core/ports.ts';
import { outcomeOf } from './core/words.ts';

/** A group with a line for each credential, and one for all variables. */
export function tellEnded(title: string, ended: readonly Ended[], runner: Runner): void {
  const variables = ended.filter((e) => e.outcome.how === 'restored' || e.outcome.how === 'left');
  const credentials = ended.filter((e) => !variables.includes(e));
  const lines = credentials.map(outcomeOf);
  if (variables.length > 0) {
    const left = variables.filter((e) => e.outcome.how === 'left').map((e) => e.what);
    lines.push(
      `Variables: ${variables.length - left.length} put back${left.length > 0 ? `, left as they are: ${left.join(', ')}` : ''}`,
    );
  }
  if (lines.length > 0) runner.group(title, lines);
}
