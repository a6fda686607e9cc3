// A value that must not be seen, and the forms in which it could be.

const inspect = Symbol.for('nodejs.util.inspect.custom');

/** Below this length a mask would black out ordinary text (INVARIANTS 2). */
const SHORTEST_MASK = 4;

/**
 * Holds a secret. Only `reveal()` gives it away: printing shows `***` and JSON throws, so that a secret that strays into a report
 * is a bug that a test meets, not a leak.
 */
export class Secret {
  readonly #value: string;
  /** What it is, for messages: `AWS_SESSION_TOKEN`, `Vault token`. Never secret itself. */
  readonly label: string;

  constructor(value: string, label: string) {
    this.#value = value;
    this.label = label;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '***';
  }
  toJSON(): never {
    throw new Error(`${this.label} is a secret and was about to be written as JSON`);
  }
  [inspect](): string {
    return '***';
  }
  /** False for values that the log is full of anyway: shorter than four characters, `true`, `false`, only white space. */
  get maskable(): boolean {
    const value = this.#value.trim();
    return value.length >= SHORTEST_MASK && value !== 'true' && value !== 'false';
  }
  /** Every text that the runner must replace by `***`; empty where `maskable` is false. */
  masks(): string[] {
    return this.maskable ? maskForms(this.#value) : [];
  }
}

/**
 * The forms of `value` that people produce and the runner's own encoders miss (facts: github 3.6): base64 and base64url cut to whole
 * 3-byte groups at each of the three alignments, hex, percent-encoding in both cases and as a form does it, a JWT's signature alone.
 * A value of several lines is masked line by line, never as a block: the runner would mask its line `{` everywhere.
 */
export function maskForms(value: string): string[] {
  const lines = value.split(/\r\n|\r|\n/).map((line) => line.trim());
  const plain = lines.length === 1 ? [value] : lines;
  const found = new Set<string>();
  for (const text of [...plain, ...encodings(value), ...(lines.length > 1 ? encodings(value.trimEnd()) : [])]) {
    if (text.trim().length >= SHORTEST_MASK) found.add(text);
  }
  return [...found];
}

function encodings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const hex = bytes.toString('hex');
  const forms = [hex, hex.toUpperCase(), ...percentForms(value), ...base64Forms(bytes)];
  const jwt = /^[\w-]+\.[\w-]+\.([\w-]{16,})$/.exec(value);
  return jwt?.[1] ? [...forms, jwt[1]] : forms;
}

/** Percent-encoding as languages do it: JavaScript's leaves `!'()*`, RFC 3986 leaves none of them, forms write `+` for a space and encode `~`. */
function percentForms(value: string): string[] {
  const whole = value.toWellFormed();
  const loose = encodeURIComponent(whole);
  const strict = loose.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ v: whole }).toString().slice(2);
  const upper = [loose, strict, form, strict.replaceAll('%20', '+')];
  return [...upper, ...upper.map((text) => text.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()))];
}

/** What stays the same of the base64 of any text around `bytes`: the whole groups, at each place in a group where the value may start. */
function base64Forms(bytes: Buffer): string[] {
  const forms: string[] = [];
  for (let skip = 0; skip < 3; skip++) {
    const whole = bytes.subarray(skip, skip + Math.floor((bytes.length - skip) / 3) * 3);
    // Under two groups the form would be as short as a word and mask at random.
    if (whole.length >= 6) forms.push(whole.toString('base64'), whole.toString('base64url'));
  }
  return forms;
}
