// Plays one row: the mistake, what is said of it, and the same step with the printed fix in place.
import { paste } from './follow.ts';
import type { Told } from './notes.ts';
import type { Outcome, Row } from './row.ts';
import { step } from './stage.ts';

export async function play(row: Row): Promise<Outcome> {
  const told = await step(row.scene);
  const seen = { row, ids: told.ids, cause: causeIn(told, row.cause), log: told.log };
  if (told.passed) return { ...seen, ids: ['passed'], fixed: false, trouble: 'the mistake was not refused' };
  if (typeof row.fix === 'string') return { ...seen, fixed: 'not ours' };
  try {
    const mended = await step(row.fix(told, row.scene));
    const trouble = mended.errors.join('; ');
    const how = row.fix === paste ? 'pasted' : 'followed';
    return { ...seen, fixed: mended.passed && how, ...(trouble && { trouble }) };
  } catch (thrown) {
    return { ...seen, fixed: false, trouble: String(thrown) };
  }
}

/** Where the true cause is printed: as the one cause, or among those that are possible. */
function causeIn({ log }: Told, pattern: RegExp): Outcome['cause'] {
  const advice = log.filter((line) => line.startsWith('Error: ') || line.startsWith('- '));
  const line = advice.find((one) => pattern.test(one));
  if (line === undefined) return 'no';
  const [, rank, of] = /^- Possible cause (\d+) of (\d+): /.exec(line) ?? [];
  return rank === undefined ? 'certain' : { rank: Number(rank), of: Number(of) };
}
