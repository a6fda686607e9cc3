// The texts that set a trust up, each in the language of one tool: what `trust.ts` of every provider writes.
import { plain } from './plain.ts';

/** One text to paste. */
export interface Snippet {
  /** What it is and where it goes, in a line. */
  readonly title: string;
  readonly language: 'json' | 'sh' | 'hcl' | 'text';
  readonly lines: readonly string[];
  /** `log`: short enough for a failing step's log, and shown everywhere; `more`: another form of the same; `setup`: for who has nothing yet. */
  readonly place: 'log' | 'more' | 'setup';
}

export interface Documents {
  /** Why there are none: then this is all. */
  readonly refused?: string;
  readonly snippets: readonly Snippet[];
  /** What they let in besides this token, and what the authority cannot tell apart. */
  readonly notes: readonly string[];
  /** Official pages. */
  readonly links: readonly string[];
}

/** No documents, and why. */
export function noDocuments(refused: string): Documents {
  return { refused, snippets: [], notes: [], links: [] };
}

/** What a failing step's log shows of them: the first text, what it lets in, and what goes with it. */
export function logLines({ refused, snippets, notes }: Documents): string[] {
  if (refused !== undefined) return [refused];
  const [first, ...rest] = snippets.filter((snippet) => snippet.place === 'log').map(textOf);
  return [...(first ?? []), ...notes, ...rest.flat()];
}

/** All texts for who has nothing yet: commands before Terraform, and what must be there first before what needs it. */
export function inOrder(snippets: readonly Snippet[]): Snippet[] {
  const rank = ({ language, place }: Snippet) => (language === 'hcl' ? 2 : 0) + (place === 'setup' ? 0 : 1);
  return [...snippets].sort((a, b) => rank(a) - rank(b));
}

/** Everything, for a terminal. */
export function allLines({ refused, snippets, notes, links }: Documents): string[] {
  if (refused !== undefined) return [refused];
  return [
    ...inOrder(snippets).flatMap((snippet) => [`# ${snippet.title}`, '', ...snippet.lines, '']),
    ...notes.map((note) => `# Mind: ${note}`),
    ...links.map((link) => `# See ${link}`),
  ];
}

/** A line of a snippet is our own writing, from claims that were found fit: `plain` holds it to one line all the same. */
function textOf(snippet: Snippet): string[] {
  return [`${plain(snippet.title)}:`, ...snippet.lines];
}
