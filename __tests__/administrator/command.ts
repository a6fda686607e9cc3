// Commands as an administrator's shell would run them: `sh` itself, with stand-ins that say how they were called.
import { pasted } from '../literals/pasted.ts';

export interface Command {
  /** Words in front of the first flag. */
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string>>;
  /** What came on standard input. */
  readonly input: string;
}

/** One call of `name`; a here-document counts to it. */
export function command(name: string, lines: readonly string[]): Command {
  const parts = pasted(name, lines, lines.length > 1);
  const input = lines.length > 1 ? (parts.pop() ?? '') : '';
  const words: string[] = [];
  const flags: Record<string, string> = {};
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    if (!/^--?[a-z]/.test(part)) words.push(part);
    else if (part.includes('=')) flags[part.replace(/^--?|=.*$/gs, '')] = part.slice(part.indexOf('=') + 1);
    else flags[part.replace(/^--?/, '')] = parts[++i] ?? '';
  }
  return { words, flags, input };
}

/** The flags, all of them known. */
export function taken(given: Command, ...names: readonly string[]): Readonly<Record<string, string>> {
  const unknown = Object.keys(given.flags).filter((flag) => !names.includes(flag));
  if (unknown.length > 0) throw new Error(`unknown flags: ${unknown.join(', ')}`);
  return given.flags;
}
