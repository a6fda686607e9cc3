// The shapes in which a secret can lie around: more than the runner masks, because people and programs make more of them.

export interface Form {
  readonly name: string;
  readonly needle: string;
  /** The needle is in lower case: compare with the text in lower case. */
  readonly ignoreCase?: true;
  /** May be wrapped: compare with the text without its line ends. */
  readonly wrapped?: true;
}

// What is shorter is found by chance everywhere.
const shortest = 6;

/** Every form of a value, each needle once; the value itself comes first. Values below six characters have none. */
export function formsOf(value: string): Form[] {
  if (value.length < shortest) return [];
  const forms = [...texts(value), ...base64(value), ...hex(value), ...percent(value), ...json(value), ...jwt(value)];
  const seen = new Set<string>();
  return forms.filter(({ needle, ignoreCase }) => {
    const key = `${needle}${ignoreCase ?? ''}`;
    if (needle.length < shortest || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

// A value of several lines is seldom seen whole.
function texts(value: string): Form[] {
  const lines = value.split(/\r?\n/).filter((line) => line.length >= 16 && !/^-----/.test(line));
  return [value, ...(lines.length > 1 ? lines : [])].map((needle) => ({ name: 'raw', needle }));
}

function base64(value: string): Form[] {
  const whole = [
    { name: 'base64', bytes: Buffer.from(value) },
    { name: 'base64 with a final newline', bytes: Buffer.from(`${value}\n`) },
  ].map(({ name, bytes }) => ({ name, needle: bytes.toString('base64'), wrapped: true as const }));
  const inside = [0, 1, 2].map((at): Form => {
    return { name: `base64 at alignment ${at}`, needle: aligned(value, at), wrapped: true };
  });
  const urlSafe = [...whole, ...inside].map((form): Form => {
    const needle = form.needle.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    return { ...form, name: form.name.replace('base64', 'base64url'), needle };
  });
  return [...whole, ...inside, ...urlSafe];
}

/** The characters of base64 that depend on the value alone when `at` (mod 3) bytes stand before it, whatever follows. */
function aligned(value: string, at: number): string {
  const bytes = Buffer.from(value);
  const encoded = Buffer.concat([Buffer.alloc(at), bytes]).toString('base64');
  return encoded.slice(Math.ceil((at * 8) / 6), Math.floor(((at + bytes.length) * 8) / 6));
}

function hex(value: string): Form[] {
  return [{ name: 'hex', needle: Buffer.from(value).toString('hex'), ignoreCase: true }];
}

function percent(value: string): Form[] {
  const uri = encodeURIComponent(value.toWellFormed());
  const strict = uri.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ v: value }).toString().slice(2);
  return [uri, strict, form].flatMap((needle) => [
    { name: 'percent-encoded', needle },
    { name: 'percent-encoded, lower case', needle: needle.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()) },
  ]);
}

function json(value: string): Form[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const ascii = escaped.replace(/[<>&'\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [escaped, ascii, escaped.replaceAll('/', '\\/')].map((needle) => ({ name: 'JSON-escaped', needle }));
}

// Who holds the signature and can guess the claims holds the token; the claims alone open nothing.
function jwt(value: string): Form[] {
  const signature = /^eyJ[\w-]+\.eyJ[\w-]+\.([\w-]{20,})$/.exec(value)?.[1];
  return signature === undefined ? [] : [{ name: 'signature of the token', needle: signature }];
}

/** The forms of `forms` that stand in a text. */
export function formsIn(text: string, forms: readonly Form[]): Form[] {
  const lower = text.toLowerCase();
  const joined = text.replace(/\r?\n/g, '');
  return forms.filter(({ needle, ignoreCase, wrapped }) => {
    if (ignoreCase) return lower.includes(needle);
    return text.includes(needle) || (wrapped === true && joined.includes(needle));
  });
}
