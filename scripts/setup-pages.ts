// The commands of docs/setup: written by the same code that a refused step and `npm run trust` use. A page says for which flags, in a comment.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Documents, inOrder } from '../src/core/documents.ts';
import { documentsFor } from '../src/write-trust.ts';

export const FOLDER = 'docs/setup';
const PART = /(<!-- begin trust (.+?) -->\n)[\s\S]*?(<!-- end trust -->)/g;

/** The flags of every generated part of a page. */
export function flagsOf(page: string): string[][] {
  return [...page.matchAll(PART)].map(([, , flags = '']) => flags.split(' '));
}

/** The page with its generated parts renewed. Rejects for flags that are not right. */
export async function renewed(page: string): Promise<string> {
  const parts = await Promise.all(flagsOf(page).map(partFor));
  return page.replace(PART, (_, begin: string, __: string, end: string) => `${begin}${parts.shift()}\n${end}`);
}

async function partFor(flags: readonly string[]): Promise<string> {
  const documents = await documentsFor(flags);
  if (!documents.ok) throw new Error(documents.problems.map(({ message }) => message).join('\n'));
  return markdown(documents.value, flags);
}

function markdown({ snippets, notes, links }: Documents, flags: readonly string[]): string {
  return [
    '',
    '```sh',
    `npm run trust -- ${flags.join(' ')}`,
    '```',
    '',
    ...inOrder(snippets).flatMap(({ title, language, lines }) => [
      `${title}:`,
      '',
      `\`\`\`${language}`,
      ...lines,
      '```',
      '',
    ]),
    ...notes.map((note) => `- ${note}`),
    '',
    `Official pages: ${links.map((link) => `<${link}>`).join(', ')}`,
    '',
  ].join('\n');
}

/** Writes all pages, or says which differ. */
export async function generateSetup(check: boolean): Promise<string[]> {
  const stale: string[] = [];
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.md'))) {
    const file = join(FOLDER, name);
    const page = readFileSync(file, 'utf8');
    const wanted = await renewed(page);
    if (wanted === page) continue;
    if (check) stale.push(file);
    else writeFileSync(file, wanted);
  }
  return stale;
}
