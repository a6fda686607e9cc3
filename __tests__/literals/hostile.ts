// Texts that others may plant: what the runner would read as a command, and what would be a token.
import fc from 'fast-check';
import { jwt } from './identity.ts';

export const PLANTED_TOKEN = jwt({ sub: 'repo:octo-org/octo-repo:ref:refs/heads/main', planted: true });

/** Texts in which dangerous parts are likely, between harmless ones. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '::add-mask::x',
        '##[add-mask]x',
        '::stop-commands::x',
        '\n',
        '\r\n',
        '\u2028',
        "'",
        '"',
        '`',
        '$(',
      ),
      fc.constantFrom(` ${PLANTED_TOKEN}`, '${', '%{x}', 'repo:octo-org/octo-repo:', 'AccessDenied', ' ', '\\'),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** What must be in no line of ours: a command the runner would obey, a line break, a token. Arns hold `::`, but not at a line's start. */
export function isTame(line: string): boolean {
  return !/^\s*::|##\[|::(add-mask|stop-commands)|[\n\r\u2028\u2029]/.test(line) && !line.includes(PLANTED_TOKEN);
}
