// The grammar of GITHUB_ENV, GITHUB_OUTPUT and GITHUB_STATE (github.md 3.5), as on Linux: lines end with LF alone, a CR stays in the value.

export interface Pair {
  readonly name: string;
  readonly value: string;
}

export interface Pairs {
  /** In the order of the file. Those before a mistake count. */
  readonly pairs: readonly Pair[];
  /** The runner's text for the first mistake; what follows it is not read. */
  readonly error?: string;
}

/** Reads `NAME=VALUE` lines and `NAME<<DELIMITER` blocks. */
export function readPairs(text: string): Pairs {
  const lines = new Lines(text);
  const pairs: Pair[] = [];
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (line === '') continue;
    const read = readPair(line, lines);
    if (typeof read === 'string') return { pairs, error: read };
    pairs.push(read);
  }
  return { pairs };
}

/** GITHUB_PATH: one folder a line, empty lines skipped; here CR and CRLF end a line too. */
export function readPaths(text: string): string[] {
  return text.split(/\r\n|\n|\r/).filter((line) => line !== '');
}

// Whichever of `=` and `<<` comes first decides.
function readPair(line: string, lines: Lines): Pair | string {
  const equals = line.indexOf('=');
  const heredoc = line.indexOf('<<');
  if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
    return { name: line.slice(0, equals), value: line.slice(equals + 1) };
  }
  if (heredoc < 0) return `Invalid format '${line}'`;
  const name = line.slice(0, heredoc);
  const delimiter = line.slice(heredoc + 2);
  if (name === '' || delimiter === '') {
    return `Invalid format '${line}'. Name must not be empty and delimiter must not be empty`;
  }
  return readBlock(name, delimiter, lines);
}

function readBlock(name: string, delimiter: string, lines: Lines): Pair | string {
  const value: string[] = [];
  for (let line = lines.next(); line !== delimiter; line = lines.next()) {
    if (line === undefined) return `Invalid value. Matching delimiter not found '${delimiter}'`;
    if (!lines.ended) return 'Invalid value. EOF marker missing new line.';
    value.push(line);
  }
  return { name, value: value.join('\n') };
}

class Lines {
  readonly #text: string;
  #at = 0;
  /** Whether the line that was read last had its LF. */
  ended = true;
  constructor(text: string) {
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text;
  }
  next(): string | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const end = this.#text.indexOf('\n', this.#at);
    this.ended = end >= 0;
    const line = this.#text.slice(this.#at, this.ended ? end : undefined);
    this.#at = this.ended ? end + 1 : this.#text.length;
    return line;
  }
}
