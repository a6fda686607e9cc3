// `vault-secrets` as words: quoted text, JSON bodies, `|` and `;`; and which of them make one request (grammar: docs/vault-secrets.md).

export interface Word {
  /** `quoted`: one text in double quotes, which no mark, method or keyword can be. `open`: a quote or a body that is not closed. */
  readonly kind: 'word' | 'quoted' | 'body' | 'bar' | 'end' | 'open';
  /** Without the quotes where it is quoted. */
  readonly text: string;
  /** Numbers of the lines it begins and ends on, from 1. */
  readonly line: number;
  readonly lastLine: number;
}

/** The calls by name; the rest of them are known, so that they can be refused by name. */
export const METHOD = /^(GET|POST|PUT|PATCH|DELETE|LIST|HEAD)$/i;
const MODIFIER = /^(as|decode)$/;
const MARKS: Readonly<Record<string, 'bar' | 'end'>> = { '|': 'bar', ';': 'end' };
/** One double-quoted text; one word, in which quotes and backticks may stand. */
const QUOTED = /"([^"\r\n]*)"(?![^\s|;])/y;
const PLAIN = /(?:[^\s|;"`]|"[^"\r\n]*"|`[^`\r\n]*`)+/y;
const LINE_REST = /[^\r\n]*/y;

/** The whole text as words. What is not closed goes to the end of its line, so that the lines behind it are still read. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? '';
    if (/\s/.test(char)) {
      if (char === '\n') line++;
      at++;
      continue;
    }
    const { length, ...word } = wordAt(text, at);
    const lastLine = line + text.slice(at, at + length).split('\n').length - 1;
    words.push({ ...word, line, lastLine });
    line = lastLine;
    at += length;
  }
  return words;
}

type Found = Pick<Word, 'kind' | 'text'> & { readonly length: number };

function wordAt(text: string, at: number): Found {
  const mark = MARKS[text[at] ?? ''];
  if (mark) return { kind: mark, text: text[at] ?? '', length: 1 };
  if (text[at] === '{' || text[at] === '[') return bodyAt(text, at) ?? openAt(text, at);
  const quoted = matchAt(QUOTED, text, at);
  if (quoted) return { kind: 'quoted', text: quoted[1] ?? '', length: quoted[0].length };
  const plain = matchAt(PLAIN, text, at)?.[0];
  const rest = plain === undefined ? undefined : text[at + plain.length];
  // A word that runs into a quote which its line does not close.
  if (plain === undefined || rest === '"' || rest === '`') return openAt(text, at);
  return { kind: 'word', text: plain, length: plain.length };
}

function openAt(text: string, at: number): Found {
  const rest = matchAt(LINE_REST, text, at)?.[0] ?? '';
  return { kind: 'open', text: rest.trimEnd(), length: Math.max(rest.length, 1) };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** A JSON object or list by its brackets, over as many lines as it takes; what is in it is read later. */
function bodyAt(text: string, at: number): Found | undefined {
  const pattern = /"(?:[^"\\\r\n]|\\.)*"|[{}[\]]/g;
  pattern.lastIndex = at;
  let depth = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    depth += found[0] === '{' || found[0] === '[' ? 1 : found[0] === '}' || found[0] === ']' ? -1 : 0;
    if (depth === 0) return { kind: 'body', text: text.slice(at, pattern.lastIndex), length: pattern.lastIndex - at };
  }
  return undefined;
}

/** One list a request: ended by `;`, or by a line end where the next line does not go on with it. */
export function statementsOf(words: readonly Word[]): Word[][] {
  const found: Word[][] = [];
  let current: Word[] = [];
  for (const word of words) {
    const newLine = word.line !== current.at(-1)?.lastLine;
    if (word.kind === 'end' || (newLine && !goesOn(current, word))) {
      found.push(current);
      current = [];
    }
    if (word.kind !== 'end') current.push(word);
  }
  return [...found, current].filter((statement) => statement.length > 0);
}

/**
 * Whether a word at the beginning of a line belongs to the request before it: what that one still lacks, a `|` and modifiers. A method, or a word
 * with a `/` behind a path, begins the next, so that a request that was left unfinished does not swallow it.
 */
function goesOn(statement: readonly Word[], word: Word): boolean {
  const last = statement.at(-1);
  // What is not closed has swallowed the rest of its line.
  if (!last || last.kind === 'open') return false;
  if (last.kind === 'bar' || word.kind === 'bar' || (word.kind === 'word' && MODIFIER.test(word.text))) return true;
  const [path, selector] = statement.filter(({ kind }, i) => kind !== 'body' && !(i === 0 && isMethod(statement[0])));
  if (!path) return !isMethod(word);
  if (word.kind === 'body') return !selector && !statement.some(({ kind }) => kind === 'body');
  return !selector && !isMethod(word) && !(word.kind === 'word' && word.text.includes('/'));
}

export function isMethod(word: Word | undefined): boolean {
  return word?.kind === 'word' && METHOD.test(word.text);
}
