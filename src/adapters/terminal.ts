// A terminal: the words behind the command, and two streams of lines.

/** What the command line's story is given. */
export interface Terminal {
  readonly words: readonly string[];
  print(line: string): void;
  /** On the other stream; the command then ends with status 1. */
  complain(line: string): void;
}

export function openTerminal(host: NodeJS.Process): Terminal {
  // A reader that has gone away (`| head`) has what it wanted.
  host.stdout.on('error', () => {});
  return {
    words: host.argv.slice(2),
    print: (line) => void host.stdout.write(`${line}\n`),
    complain(line) {
      host.stderr.write(`${line}\n`);
      host.exitCode = 1;
    },
  };
}
