// A grammar in ISO 14977's notation, read from a document, and sentences of it for property tests.
import fc from 'fast-check';

type Expression =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'all' | 'one'; readonly parts: readonly Expression[] }
  | { readonly kind: 'optional' | 'repeated'; readonly part: Expression };

export type Grammar = ReadonlyMap<string, Expression>;

const TOKEN = /"[^"]*"|'[^']*'|[=,|;()[\]{}]|[a-z]+(?: [a-z]+)*/g;
const CLOSING = { '(': ')', '[': ']', '{': '}' } as const;

/** Throws where the text is no grammar. */
export function readGrammar(text: string): Grammar {
  const tokens = text.match(TOKEN) ?? [];
  const rules = new Map<string, Expression>();
  let at = 0;
  const take = (expected?: string) => {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`"${token}" where "${expected ?? 'more'}" is expected, token ${at}`);
    return token;
  };
  const list = (separator: string, item: () => Expression): Expression[] => {
    const items = [item()];
    while (tokens[at] === separator) {
      at++;
      items.push(item());
    }
    return items;
  };
  const either = (): Expression => ({
    kind: 'one',
    parts: list('|', () => ({ kind: 'all', parts: list(',', factor) })),
  });
  const factor = (): Expression => {
    const token = take();
    if (token === '(' || token === '[' || token === '{') {
      const part = either();
      take(CLOSING[token]);
      return token === '(' ? part : { kind: token === '[' ? 'optional' : 'repeated', part };
    }
    return /^["']/.test(token) ? { kind: 'text', text: token.slice(1, -1) } : { kind: 'rule', name: token };
  };
  while (at < tokens.length) {
    const name = take();
    take('=');
    rules.set(name, either());
    take(';');
  }
  return rules;
}

/**
 * Sentences of a rule. `words` gives what the grammar leaves to prose; `glued` names the rules between whose parts no white space stands.
 */
export function sentences(
  grammar: Grammar,
  rule: string,
  words: Readonly<Record<string, fc.Arbitrary<string>>>,
  glued: ReadonlySet<string>,
): fc.Arbitrary<string> {
  const of = (expression: Expression, inside: string): fc.Arbitrary<string[]> => {
    switch (expression.kind) {
      case 'text':
        return fc.constant([expression.text]);
      case 'all':
        return fc.tuple(...expression.parts.map((part) => of(part, inside))).map((parts) => parts.flat());
      case 'one':
        return fc.oneof(...expression.parts.map((part) => of(part, inside)));
      case 'optional':
        return fc.option(of(expression.part, inside), { nil: [] });
      case 'repeated':
        return fc.array(of(expression.part, inside), { maxLength: 2 }).map((parts) => parts.flat());
      case 'rule': {
        const word = words[expression.name];
        const defined = grammar.get(expression.name);
        if (word) return word.map((text) => [text]);
        if (!defined) throw new Error(`no rule "${expression.name}"`);
        const parts = of(defined, expression.name);
        return glued.has(expression.name) ? parts.map((texts) => [texts.join('')]) : parts;
      }
    }
  };
  return of({ kind: 'rule', name: rule }, rule).map((texts) => texts.join(' '));
}
