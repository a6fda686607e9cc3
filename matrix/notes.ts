// What a step says, written down in the place of the runner.
import type { Runner } from '../src/core/ports.ts';

/** What the step said and left. */
export interface Told {
  readonly passed: boolean;
  /** Ids of the errors, in order. */
  readonly ids: readonly string[];
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** Every line of the log, those of groups too. */
  readonly log: readonly string[];
  readonly summary: string;
  /** `service operation`, each request in order. */
  readonly asked: readonly string[];
}

/** Writes down what is said. */
export class Notes {
  readonly #errors: string[] = [];
  readonly #warnings: string[] = [];
  readonly #log: string[] = [];
  #summary = '';
  #failed = false;

  runner(env: Readonly<Record<string, string>>, inputs: Readonly<Record<string, string>>): Runner {
    const say = (line: string) => void this.#log.push(line);
    return {
      env: (name) => env[name] || undefined,
      input: (name) => inputs[name] || undefined,
      inputNames: () => Object.keys(inputs),
      state: () => undefined,
      stateNames: () => [],
      mask() {},
      save() {},
      say,
      group: (title, lines) => void this.#log.push(`▼ ${title}`, ...lines),
      notice: say,
      warn: (line) => void (this.#warnings.push(line) && this.#log.push(`Warning: ${line}`)),
      error: (line) => void (this.#errors.push(line) && this.#log.push(`Error: ${line}`)),
      debug() {},
      fail: () => {
        this.#failed = true;
      },
      writeEnvironment() {},
      writeOutputs() {},
      summarize: (markdown) => {
        this.#summary += markdown;
      },
    };
  }

  told(asked: readonly string[]): Told {
    const ids = this.#errors.flatMap((error) => /^\[([\w/-]+)\]/.exec(error)?.[1] ?? []);
    const said = { errors: this.#errors, warnings: this.#warnings, log: this.#log, summary: this.#summary };
    return { passed: !this.#failed, ids, asked, ...said };
  }
}
