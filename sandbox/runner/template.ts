// Text with `${{ }}` in it, cut into what stands as written and what is to be evaluated.

export type Part = { readonly text: string } | { readonly expression: string };

/** The parts of a text, in order. An expression without its end is an error, in the runner's words. */
export function cut(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (let start = text.indexOf('${{'); start >= 0; start = text.indexOf('${{', from)) {
    const end = endOf(text, start + 3);
    if (end < 0) {
      throw new Error(
        `The expression is not closed. An unescaped \${{ sequence was found, but the closing }} sequence was not found.`,
      );
    }
    if (start > from) parts.push({ text: text.slice(from, start) });
    parts.push({ expression: text.slice(start + 3, end).trim() });
    from = end + 2;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/**
 * An `if:` as one expression. It may be written with `${{ }}`, without, or mixed: mixed is a text with values put in, and so always true,
 * a mistake that many workflows hold and that the real one does not forgive either.
 */
export function asCondition(text: string): string {
  const parts = cut(text.trim());
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return 'expression' in only ? only.expression : only.text.trim();
  const expressions = parts.flatMap((part) => ('expression' in part ? [part.expression] : []));
  let count = 0;
  const format = parts.map((part) => ('text' in part ? quotable(part.text) : `{${count++}}`)).join('');
  return parts.length === 0 ? '' : `format('${format}', ${expressions.join(', ')})`;
}

function quotable(text: string): string {
  return text.replaceAll("'", "''").replaceAll('{', '{{').replaceAll('}', '}}');
}

// `}}` inside a string of the expression is not its end.
function endOf(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted;
    else if (!quoted && text.startsWith('}}', at)) return at;
  }
  return -1;
}
