// How a `run:` script becomes a process: GitHub's shells and their arguments, or the author's own `command ... {0}`.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Shell {
  /** Absolute path of the program. */
  readonly program: string;
  /** As shown in the log; `{0}` stands for the script. */
  readonly format: string;
  readonly extension: string;
}

const known: Readonly<Record<string, { format: string; extension: string }>> = {
  bash: { format: '--noprofile --norc -e -o pipefail {0}', extension: '.sh' },
  sh: { format: '-e {0}', extension: '.sh' },
  python: { format: '{0}', extension: '.py' },
  pwsh: { format: `-command ". '{0}'"`, extension: '.ps1' },
};

/**
 * The shell of a step. Without a name: `bash -e {0}` (no pipefail), or sh where there is no bash.
 * Throws in the runner's words if the program is not on `path` or a shell of one's own has no `{0}`.
 */
export function findShell(name: string | undefined, path: string): Shell {
  if (name === undefined || name === '') {
    const program = which('bash', path) ?? required('sh', path);
    return { program, format: '-e {0}', extension: '.sh' };
  }
  const space = name.indexOf(' ');
  const command = space < 0 ? name : name.slice(0, space);
  const own = space < 0 ? '' : name.slice(space + 1).trimStart();
  const program = required(command, path);
  const format = own === '' ? (known[command]?.format ?? '') : own;
  if (!format.includes('{0}')) {
    throw new Error(
      "Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'",
    );
  }
  return { program, format, extension: known[command]?.extension ?? '' };
}

/** The arguments for one script. Double quotes keep an argument together, as on the runner's command line. */
export function argumentsFor(shell: Shell, script: string): string[] {
  const words = shell.format.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? [];
  return words.map((word) => word.replace(/"((?:\\.|[^"\\])*)"/g, '$1').replaceAll('{0}', script));
}

function required(command: string, path: string): string {
  const program = which(command, path);
  if (program === undefined) throw new Error(`${command}: command not found`);
  return program;
}

function which(command: string, path: string): string | undefined {
  if (command.includes('/')) return runnable(command) ? command : undefined;
  return path
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find(runnable);
}

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
