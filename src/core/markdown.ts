// Markdown for the job summary. Text of others is escaped: it shows as it is, and is no markup, no link and no HTML.
import { plain } from './plain.ts';

/** One line in which every character stands for itself; addresses are broken too, since GitHub makes links of bare ones. */
export function escaped(text: string): string {
  return unmarked(plain(text));
}

function unmarked(line: string): string {
  return line
    .replace(/[\\`*{}[\]<>|#!~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (c) => `\\${c}`)
    .replaceAll('@', '&#64;')
    .replaceAll('://', ':&#47;/')
    .replace(/\bwww\./gi, (www) => www.replace('.', '&#46;'));
}

/** As code: what people copy. A text with a backtick is escaped instead. */
export function code(text: string): string {
  const line = plain(text);
  return line === '' ? '' : line.includes('`') ? escaped(line) : `\`${line.replaceAll('|', '\\|')}\``;
}

/** Sentences of ours, in which code stands between backticks. */
export function prose(text: string): string {
  const parts = plain(text).split(/`([^`]+)`/);
  return parts.map((part, i) => (i % 2 === 1 ? code(part) : unmarked(part))).join('');
}

/** Cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

/** A part that is folded up; `title` is plain text. */
export function folded(title: string, lines: readonly string[]): string[] {
  const text = plain(title).replace(/[<>&]/g, (c) => `&#${c.charCodeAt(0)};`);
  return [`<details><summary>${text}</summary>`, '', ...lines, '', '</details>', ''];
}

/** A block of code: no line can end it early. */
export function fenced(language: string, lines: readonly string[]): string[] {
  return [`\`\`\`${language}`, ...lines.map((line) => line.replaceAll('```', "'''")), '```', ''];
}

/** A cell of two lines, the second one smaller. */
export function annotated(line: string, note: string): string {
  return note === '' ? line : `${line}<br><sub>${note}</sub>`;
}
