// Pastes a line into a shell in which the cloud's command is a stand-in that says how it was called.
import { execFileSync } from 'node:child_process';

/** The arguments that `command` gets when these lines are run by `sh`; what comes on its standard input is the last one, if asked for. */
export function pasted(command: string, lines: readonly string[], withInput = false): string[] {
  const standIn = `${command}() { printf '%s\\0' "$@"; ${withInput ? 'cat;' : ''} }`;
  const output = execFileSync('sh', ['-eu', '-c', `${standIn}\n${lines.join('\n')}`], { encoding: 'utf8' });
  const parts = output.split('\0');
  return withInput ? parts : parts.slice(0, -1);
}
