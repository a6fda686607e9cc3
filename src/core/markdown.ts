// Markdown for the job summary. Text of others is escaped: it shows as it is, and is no markup, no link and no HTML.
import { plain } from './plain.ts';

/** One line in which every character stands for itself. */
export function escaped(text: string): string {
  return plain(text).replace(/[\\`*{}[\]<>|#!~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (c) => `\\${c}`);
}

/** As code: what people copy. A text with a backtick is escaped instead. */
export function code(text: string): string {
  const line = plain(text);
  return line === '' ? '' : line.includes('`') ? escaped(line) : `\`${line.replaceAll('|', '\\|')}\``;
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
