// XML as AWS's query protocol writes it: elements only, indented by two.

export interface Element {
  readonly [name: string]: string | number | Element;
}

/** A document of one root element. */
export function element(name: string, content: Element, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<${name}${attribute}>\n${lines(content, '  ')}</${name}>\n`;
}

function lines(content: Element, indent: string): string {
  return Object.entries(content)
    .map(([name, value]) =>
      typeof value === 'object'
        ? `${indent}<${name}>\n${lines(value, `${indent}  `)}${indent}</${name}>\n`
        : `${indent}<${name}>${escaped(String(value))}</${name}>\n`,
    )
    .join('');
}

export function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
