// Plays every row and writes docs/matrix.md. With a part of a row's name: plays that one and prints what a user would read.
import { writeFileSync } from 'node:fs';
import { play } from './play.ts';
import { GROUPS } from './rows/index.ts';
import { type Group, matrixDocument, misses, share } from './table.ts';

const [wanted] = process.argv.slice(2);
if (wanted === undefined) {
  const groups: Group[] = [];
  for (const [title, rows] of GROUPS) {
    const outcomes = [];
    for (const row of rows) outcomes.push(await play(row));
    groups.push([title, outcomes]);
  }
  writeFileSync('docs/matrix.md', matrixDocument(groups));
  process.stdout.write(`cause right: ${(share(groups) * 100).toFixed(1)} %\n`);
  for (const { row, ids, trouble } of misses(groups))
    process.stdout.write(`missed: ${row.mistake} (${ids.join(' ')}) ${trouble ?? ''}\n`);
} else {
  for (const row of GROUPS.flatMap(([, rows]) => rows).filter(({ mistake }) => mistake.includes(wanted))) {
    const { log, cause, fixed, trouble } = await play(row);
    process.stdout.write(
      `\n=== ${row.mistake}\n${log.join('\n')}\n--- cause ${JSON.stringify(cause)}, fixed ${fixed} ${trouble ?? ''}\n`,
    );
  }
}
