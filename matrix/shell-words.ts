// Reads what the action prints for a shell: commands with their words and here-documents. Nothing is run.

export interface Command {
  readonly words: readonly string[];
  /** The here-document behind it. */
  readonly input?: string;
}

const PROGRAMS = /^(aws|az|gcloud|vault) /;

/** The commands among printed lines: whole lines, and those between backticks in a sentence. */
export function commandsOf(lines: readonly string[]): Command[] {
  const found: Command[] = [];
  for (const [i, line] of lines.entries()) {
    if (PROGRAMS.test(line)) found.push(withInput(line, lines.slice(i + 1)));
    else
      for (const [, quoted = ''] of line.matchAll(/`([^`]+)`/g))
        if (words(quoted).length > 2 && PROGRAMS.test(quoted)) found.push({ words: words(quoted) });
  }
  return found;
}

function withInput(line: string, following: readonly string[]): Command {
  const [, end] = /<<'(\w+)'$/.exec(line) ?? [];
  const own = words(line.replace(/ *<<'\w+'$/, ''));
  return end === undefined
    ? { words: own }
    : { words: own, input: following.slice(0, following.indexOf(end)).join('\n') };
}

/** Words of a POSIX shell: single quotes, double quotes without escapes, and a backslash before a quote. */
export function words(line: string): string[] {
  const parts = line.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g) ?? [];
  return parts.map((part) =>
    part.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, single, double, escaped) => single ?? double ?? escaped),
  );
}

/** The value of `--name value` or `--name=value`. */
export function flag(command: readonly string[], name: string): string | undefined {
  const at = command.indexOf(`--${name}`);
  if (at >= 0) return command[at + 1];
  return command.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** JSON documents that stand among the lines, indented as they are printed. */
export function documentsOf(lines: readonly string[]): unknown[] {
  const found: unknown[] = [];
  let start = -1;
  for (const [i, line] of lines.entries()) {
    if (line === '{') start = i;
    if (line !== '}' || start < 0) continue;
    found.push(JSON.parse(lines.slice(start, i + 1).join('\n')));
    start = -1;
  }
  return found;
}

/** For a command that the reader of advice would not know how to follow either. */
export function unknown(command: readonly string[]): never {
  throw new Error(`nobody knows how to: ${command.join(' ')}`);
}
