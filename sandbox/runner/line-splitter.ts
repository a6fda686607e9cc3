// Text that arrives in pieces, cut into lines. LF, CRLF and CR alone all end one, as in the stream reader of the real runner.

export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    this.#rest += text;
    const pieces = this.#rest.split(/\r\n|\n|\r(?!$)/);
    // The last piece has no end yet; a CR at its end may be the first half of a CRLF.
    this.#rest = pieces.pop() ?? '';
    for (const line of pieces) this.#onLine(line);
  }

  /** Hands over a last line that has no end. */
  end(): void {
    const rest = this.#rest;
    this.#rest = '';
    if (rest !== '') this.#onLine(rest.replace(/\r$/, ''));
  }
}
