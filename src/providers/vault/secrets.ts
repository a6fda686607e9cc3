// The lines of `vault-secrets`: `path selector | NAME`, separated by `;`, or by a line end once a request is complete.
import { type Checked, Problems } from '../../core/checked.ts';
import { nameFault } from '../../core/names.ts';

export type Selector =
  | { readonly kind: 'all'; readonly keepCase: boolean }
  /** `keys` leads from the secret's data to the value; `written` is the selector without quotes, which may also be one key. */
  | { readonly kind: 'keys'; readonly keys: readonly string[]; readonly written: string };

export interface SecretRequest {
  readonly path: string;
  /** A version of a KV v2 secret. */
  readonly version?: number;
  readonly selector: Selector;
  /** Name behind `|`: of the variable, or the prefix of a wildcard's. */
  readonly name?: string;
}

/** Path and version, as a user would write them. */
export function placeOf(secret: SecretRequest): string {
  return secret.version === undefined ? secret.path : `${secret.path}?version=${secret.version}`;
}

interface Token {
  readonly text: string;
  /** Number of the line it begins on, from 1. */
  readonly line: number;
  readonly quoted: boolean;
}

/** Parses the whole input; each problem names its line. */
export function parseSecrets(text: string): Checked<readonly SecretRequest[]> {
  const problems = new Problems();
  const requests: SecretRequest[] = [];
  for (const statement of statements(tokens(text, problems))) {
    const request = parseRequest(statement, problems);
    if (request) requests.push(request);
  }
  if (requests.length === 0 && problems.list.length === 0)
    problems.add(
      'inputs/invalid',
      'vault-secrets: holds no request. It takes lines such as: secret/data/app password | APP_PASSWORD',
    );
  return problems.list.length > 0 ? { ok: false, problems: problems.list } : { ok: true, value: requests };
}

/** Words, quoted words, `|` and `;`. */
function tokens(text: string, problems: Problems): Token[] {
  const found: Token[] = [];
  const pattern = /"([^"\n]*)"|([|;])|([^\s|;"]+(?:"[^"\n]*"[^\s|;"]*)*)|(")/g;
  for (const match of text.matchAll(pattern)) {
    const line = text.slice(0, match.index).split('\n').length;
    if (match[4]) problems.add('inputs/invalid', `vault-secrets, line ${line}: a quote (") is not closed.`);
    else found.push({ text: match[1] ?? match[0], line, quoted: match[1] !== undefined });
  }
  return found;
}

/** One request each: ended by `;`, or by a line end once path and selector are there. A `|` always belongs to the request before it. */
function statements(all: readonly Token[]): Token[][] {
  const found: Token[][] = [];
  let current: Token[] = [];
  for (const token of all) {
    const last = current.at(-1);
    const complete = current.length >= 2 && !isMark(last, '|') && !isMark(token, '|') && token.line !== last?.line;
    if (complete || isMark(token, ';')) {
      found.push(current);
      current = [];
    }
    if (!isMark(token, ';')) current.push(token);
  }
  return [...found, current].filter((statement) => statement.length > 0);
}

/** Punctuation, which a quoted word never is. */
function isMark(token: Token | undefined, mark: '|' | ';'): boolean {
  return token?.text === mark && !token.quoted;
}

function parseRequest(statement: readonly Token[], problems: Problems): SecretRequest | undefined {
  const [path, selector, bar, name] = statement;
  if (!path) return undefined;
  const fail = (why: string) => {
    problems.add('inputs/invalid', `vault-secrets, line ${path.line}: ${why}`);
    return undefined;
  };
  if (!selector) return fail(`"${path.text}" has no selector. A request is: path selector | NAME`);
  if (/^(GET|POST|PUT|LIST|PATCH|DELETE)$/.test(path.text) || /^(decode|as)$/.test(bar?.text ?? '')) {
    problems.add(
      'inputs/not-yet',
      `vault-secrets, line ${path.line}: methods, bodies, \`decode base64\` and \`as file\` are not built yet.`,
    );
    return undefined;
  }
  if (statement.length === 3 || statement.length > 4 || (bar && !isMark(bar, '|'))) {
    return fail('is not of the form: path selector | NAME');
  }
  const place = parsePath(path.text);
  if (typeof place === 'string') return fail(`"${path.text}" ${place}`);
  const chosen = parseSelector(selector);
  if (typeof chosen === 'string') return fail(`"${selector.text}" ${chosen}`);
  const fault = name && nameFault(name.text, true);
  if (name && fault) return fail(`${name.text} ${fault}.`);
  return { ...place, selector: chosen, ...(name && { name: name.text }) };
}

/** Path and version; or what is wrong. Nothing in it may lead elsewhere on the server (INVARIANTS 5). */
function parsePath(text: string): { path: string; version?: number } | string {
  const [path = '', query, ...more] = text.replace(/^\/+/, '').split('?');
  const version = query === undefined ? undefined : /^version=([1-9]\d{0,8})$/.exec(query)?.[1];
  if (more.length > 0 || (query !== undefined && version === undefined))
    return 'has a query; only ?version=NUMBER is taken.';
  const segments = path.split('/');
  if (/[%#\\]|\p{Cc}/u.test(path) || segments.some((s) => s === '' || s === '.' || s === '..')) {
    return 'is not a path: it may not hold %, #, \\, empty segments, . or ..';
  }
  if (segments.length < 2) return 'is not a path: it takes a mount and a name, such as secret/data/app.';
  return { path, ...(version && { version: Number(version) }) };
}

/** A key, a dotted way to one, or a wildcard; or what is wrong. */
function parseSelector(token: Token): Selector | string {
  if (!token.quoted && (token.text === '*' || token.text === '**'))
    return { kind: 'all', keepCase: token.text === '**' };
  if (token.quoted)
    return token.text === '' ? 'is an empty key.' : { kind: 'keys', keys: [token.text], written: token.text };
  if (/[$[\](){}^<>=!&,+]|\.\.|^\.|\.$/.test(token.text)) {
    return 'is JSONata; only keys, dotted keys (data.key), "quoted keys", * and ** are taken. Read the secret and pick from it in a later step.';
  }
  const parts = [...token.text.matchAll(/"([^"]*)"|`([^`]*)`|([^."`]+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
  return { kind: 'keys', keys: parts, written: token.text.replace(/["`]/g, '') };
}
