// Text that somebody else wrote, made fit for our output (INVARIANTS 1): it must not be read as a workflow command, break a line, run on, or carry a secret.

import { redact } from './redaction.ts';

const LONGEST = 300;
/** Two segments that begin as the header of one does, wherever they stand: a token may be glued to a word. */
const JWT = /(?:\bey|eyJ)[\w-]{6,}\.[\w-]{8,}\.[\w-]*/g;

/** One line of at most 300 characters in which the runner finds no command and nobody a JWT. */
export function plain(text: string): string {
  const line = breakCommands(redact(text).replace(/\p{Cc}+|\p{Cf}+|[\u2028\u2029]+/gu, ' ')).replace(JWT, '***');
  const trimmed = line.replace(/ {2,}/g, ' ').trim();
  return trimmed.length > LONGEST ? `${trimmed.slice(0, LONGEST - 1)}…` : trimmed;
}

/**
 * Parts `::` and `##[` with a space: the runner looks for the one at the start of a line and for the other anywhere in it, and takes
 * `::stop-commands::` from whoever prints it. The pair within an ARN stays: behind `arn:aws:iam` it begins no line.
 */
export function breakCommands(text: string): string {
  return text
    .replace(/(?<!\barn:[a-z-]{1,20}:[a-z0-9-]{1,30})::+/g, (colons) => [...colons].join(' '))
    .replace(/##\[/g, '## [');
}

/** For outputs and reports, which end in shell lines (INVARIANTS 3): everything outside a short list becomes `_`. */
export function inert(text: string): string {
  return redact(text)
    .replace(/[^A-Za-z0-9 ._/@:=+-]/g, '_')
    .slice(0, LONGEST);
}
