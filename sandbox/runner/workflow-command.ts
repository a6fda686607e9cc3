// One line of a step's output read as a workflow command, by both grammars of the runner: `::name key=value::data` at the start of a line
// (after white space), and the older `##[name key=value]data` anywhere in it.

export interface WorkflowCommand {
  readonly name: string;
  /** Names in lower case: the runner looks them up without regard to case. */
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** The command a line holds, or undefined. Only `known` names (lower case) are commands; any other line is output. */
export function readCommand(line: string, known: ReadonlySet<string>): WorkflowCommand | undefined {
  return readColons(line.trimStart(), known) ?? readBrackets(line, known);
}

function readColons(line: string, known: ReadonlySet<string>): WorkflowCommand | undefined {
  if (!line.startsWith('::')) return undefined;
  const end = line.indexOf('::', 2);
  if (end < 0) return undefined;
  const [name, rest] = nameAndRest(line.slice(2, end));
  if (!known.has(name.toLowerCase())) return undefined;
  const properties = readProperties(rest.trim(), ',', propertyEscapes);
  return { name, properties, data: restore(line.slice(end + 2), dataEscapes) };
}

function readBrackets(line: string, known: ReadonlySet<string>): WorkflowCommand | undefined {
  const start = line.indexOf('##[');
  if (start < 0) return undefined;
  const end = line.indexOf(']', start);
  if (end < 0) return undefined;
  const [name, rest] = nameAndRest(line.slice(start + 3, end));
  if (!known.has(name.toLowerCase())) return undefined;
  return {
    name,
    properties: readProperties(rest, ';', bracketEscapes),
    data: restore(line.slice(end + 1), bracketEscapes),
  };
}

function nameAndRest(info: string): [name: string, rest: string] {
  const space = info.indexOf(' ');
  return space < 0 ? [info, ''] : [info.slice(0, space), info.slice(space + 1)];
}

type Escapes = readonly (readonly [escaped: string, plain: string])[];

// `%25` comes last, so that `%250A` means the text `%0A`.
const dataEscapes: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
];
const propertyEscapes: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
];
const bracketEscapes: Escapes = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
];

function restore(text: string, escapes: Escapes): string {
  return escapes.reduce((value, [escaped, plain]) => value.replaceAll(escaped, plain), text);
}

function readProperties(text: string, separator: string, escapes: Escapes): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const part of text.split(separator)) {
    const equals = part.indexOf('=');
    // A property without a name or a value is dropped without a word.
    if (equals < 1 || equals === part.length - 1) continue;
    properties[part.slice(0, equals).toLowerCase()] = restore(part.slice(equals + 1), escapes);
  }
  return properties;
}
