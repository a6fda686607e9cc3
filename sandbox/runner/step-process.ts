// A step's process with everything around it: its record, the hooks, and commands taken out of its output.
import { CommandProcessor } from './command-processor.ts';
import { runProcess } from './process.ts';
import type { StepRun } from './step-run.ts';

export interface StepCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** The command line for the record: without what observing adds. */
  readonly shown: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Runs it to its end and answers the exit code. Throws `Cancelled`, or what kept it from starting. */
export async function runStepProcess(run: StepRun, command: StepCommand): Promise<number> {
  const { job, record, view } = run;
  const processor = new CommandProcessor(run);
  record.env = command.env;
  record.argv = command.shown;
  const exitCode = await runProcess({
    ...{ file: command.file, args: command.args, cwd: command.cwd, env: command.env },
    ...{ graces: job.graces, cancel: run.control.signal },
    onStart: (process) => {
      record.pid = process.pid;
      job.hooks.onStart?.(view, process);
    },
    onText: (stream, text) => {
      record[stream] += text;
    },
    onLine: (stream, line) => {
      job.hooks.onRawLine?.(view, stream, line);
      processor.take(line);
    },
    onExit: (code) => {
      record.exitCode = code;
    },
  });
  return exitCode;
}
