// Policies: the HCL subset that `path` stanzas are written in, read strictly. What is not known is an error, not ignored.

export const CAPABILITIES = ['create', 'delete', 'deny', 'list', 'patch', 'read', 'scan', 'sudo', 'update'] as const;
export type Capability = (typeof CAPABILITIES)[number];

export interface PathRule {
  /** As written: exact, with `+` for one segment, with a trailing `*` for any rest. */
  readonly path: string;
  readonly capabilities: readonly Capability[];
}

/** Attributes that narrow a stanza; they are accepted where the real ones do, and their effect is left out. */
const IGNORED = new Set([
  'required_parameters',
  'allowed_parameters',
  'denied_parameters',
  'min_wrapping_ttl',
  'max_wrapping_ttl',
]);
const TOKEN = /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"\\\n]|\\.)*)"|([A-Za-z_][\w-]*)|([{}[\]=,])|(\d+)/y;

interface Token {
  readonly kind: 'string' | 'word' | 'sign' | 'number';
  readonly text: string;
}

/** Parses a policy. Throws with the place where it is not understood. */
export function parsePolicy(text: string): readonly PathRule[] {
  const tokens = new Tokens(tokenise(text));
  const rules: PathRule[] = [];
  while (!tokens.done()) {
    tokens.expect('word', 'path');
    const path = tokens.expect('string');
    tokens.expect('sign', '{');
    rules.push(readStanza(path, tokens));
  }
  return rules;
}

function readStanza(path: string, tokens: Tokens): PathRule {
  if (path.includes('+*')) throw new Error(`path "${path}": invalid use of wildcards ('+*' is forbidden)`);
  let capabilities: readonly Capability[] = [];
  while (!tokens.accept('sign', '}')) {
    const name = tokens.expect('word');
    if (name === 'capabilities') {
      tokens.expect('sign', '=');
      capabilities = readList(tokens).map((text) => capability(path, text));
    } else if (IGNORED.has(name)) {
      skipValue(tokens);
    } else throw new Error(`path "${path}": unknown attribute "${name}"`);
  }
  return { path: path.replace(/^\//, ''), capabilities };
}

function capability(path: string, text: string): Capability {
  const known = CAPABILITIES.find((name) => name === text);
  if (!known) throw new Error(`path "${path}": invalid capability "${text}"`);
  return known;
}

function readList(tokens: Tokens): string[] {
  tokens.expect('sign', '[');
  const values: string[] = [];
  while (!tokens.accept('sign', ']')) {
    values.push(tokens.expect('string'));
    if (!tokens.accept('sign', ',')) {
      tokens.expect('sign', ']');
      break;
    }
  }
  return values;
}

/** A value of an attribute whose effect is left out: up to its closing bracket. */
function skipValue(tokens: Tokens): void {
  tokens.accept('sign', '=');
  const first = tokens.next();
  let depth = first.text === '{' || first.text === '[' ? 1 : 0;
  while (depth > 0) {
    const { kind, text } = tokens.next();
    if (kind !== 'sign') continue;
    if (text === '{' || text === '[') depth++;
    if (text === '}' || text === ']') depth--;
  }
}

function tokenise(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match)
      throw new Error(
        `policy: unexpected ${JSON.stringify(text.slice(at, at + 12))} in line ${text.slice(0, at).split('\n').length}`,
      );
    const [, string, word, sign, number] = match;
    if (string !== undefined) found.push({ kind: 'string', text: JSON.parse(`"${string}"`) as string });
    else if (word !== undefined) found.push({ kind: 'word', text: word });
    else if (sign !== undefined) found.push({ kind: 'sign', text: sign });
    else if (number !== undefined) found.push({ kind: 'number', text: number });
  }
  return found;
}

class Tokens {
  readonly #all: readonly Token[];
  #at = 0;
  constructor(all: readonly Token[]) {
    this.#all = all;
  }
  done(): boolean {
    return this.#at >= this.#all.length;
  }
  next(): Token {
    const token = this.#all[this.#at++];
    if (!token) throw new Error('policy: it ends in the middle of a stanza');
    return token;
  }
  accept(kind: Token['kind'], text: string): boolean {
    const token = this.#all[this.#at];
    if (token?.kind !== kind || token.text !== text) return false;
    this.#at++;
    return true;
  }
  expect(kind: Token['kind'], text?: string): string {
    const token = this.next();
    if (token.kind !== kind || (text !== undefined && token.text !== text)) {
      throw new Error(`policy: "${token.text}" where ${text ? `"${text}"` : `a ${kind}`} is expected`);
    }
    return token.text;
  }
}
