// The job summary, as Markdown. On a public repository success names no account, tenant or secret path.
import { type Claims, SHOWN_CLAIMS } from './core/claims.ts';
import type { Failure } from './core/failure.ts';
import type { Credential } from './core/grant.ts';
import { plain } from './core/plain.ts';
import { claimLines, endingOf, failureLines } from './core/words.ts';

/** A table of what was issued and how each will end. */
export function grantSummary(credentials: readonly Credential[], isPublic: boolean): string {
  const rows = credentials.map((c) => [
    c.kind,
    ...(isPublic ? [] : [`${c.holder}${c.scope ? ` for ${c.scope}` : ''}`]),
    endingOf(c),
  ]);
  return [
    '### Workload identity',
    '',
    ...table(isPublic ? ['Credential', 'How it ends'] : ['Credential', 'Holder', 'How it ends'], rows),
  ].join('\n');
}

/** Cause and fixes of each failure, and the claims that were presented. */
export function failureSummary(failures: readonly Failure[], claims: Claims | undefined): string {
  const blocks = failures.flatMap((failure) => [
    `**\`${cell(failure.id)}\`** ${cell(failure.message)}`,
    '',
    ...failureLines(failure).map(item),
    '',
  ]);
  const shown = claims
    ? [
        '<details><summary>Claims that were presented</summary>',
        '',
        '```text',
        ...claimLines(claims, SHOWN_CLAIMS).map(fenced),
        '```',
        '</details>',
      ]
    : [];
  return ['### Workload identity: no credentials', '', ...blocks, ...shown].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** Text of others in Markdown: what would be markup or HTML is escaped. */
function cell(text: string): string {
  return text === '---' ? text : plain(text).replace(/[\\`*_{}[\]<>|#!]/g, (c) => (c === '_' ? c : `\\${c}`));
}
function item(line: string): string {
  return line.startsWith('- ') ? `- ${cell(line.slice(2))}` : `- ${cell(line)}`;
}
function fenced(line: string): string {
  return line.replaceAll('```', "'''");
}
