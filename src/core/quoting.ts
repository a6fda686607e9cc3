// One writer for each language in which we quote (INVARIANTS 4). What is not in a language is refused, not bent: these throw on control
// characters, which no claim, input or path of ours may hold and which would end a line of a log.

/** A JSON string, with its quotes. Also the string of a YAML flow. */
export function json(text: string): string {
  return JSON.stringify(clean(text, 'JSON'));
}

/** One word of a POSIX shell: everything between single quotes is itself, so only they are broken up. */
export function shell(text: string): string {
  return `'${clean(text, 'shell').replaceAll("'", "'\\''")}'`;
}

/** An HCL string, with its quotes. Refuses `${` and `%{`, which begin a template and which HCL 1 and 2 escape differently. */
export function hcl(text: string): string {
  if (/[$%]\{/.test(text)) throw new Error('templates are not quoted for HCL');
  return json(clean(text, 'HCL'));
}

/** A CEL string, with its quotes: its escapes of `"` and `\` are JSON's. */
export function cel(text: string): string {
  return json(clean(text, 'CEL'));
}

/** A string of an Entra matching expression, with its quotes. Refuses what it would have to escape: how Entra reads an escape is not documented. */
export function entra(text: string): string {
  if (/['\\*?]/.test(text)) throw new Error('quotes and patterns are not quoted for Entra');
  return `'${clean(text, 'Entra')}'`;
}

/** A value as JSON over several lines, for people to paste. Throws on control characters in any of its texts. */
export function jsonLines(value: object): string[] {
  const refuse = (_key: string, member: unknown) => (typeof member === 'string' ? clean(member, 'JSON') : member);
  return JSON.stringify(value, refuse, 2).split('\n');
}

function clean(text: string, language: string): string {
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text)) throw new Error(`control characters are not quoted for ${language}`);
  return text;
}
