// What the runner shows. Every line goes through the masker when it is written, and only then: a secret shown before it was masked stays.
import type { Masker } from './masker.ts';
import type { Annotation } from './result.ts';

export type OnLine = (line: string, step: string | undefined) => void;

// Limits of the real one: a message is cut, and of each level ten a step are kept as annotations. All of them stay in the log.
const longestMessage = 4096;
const mostOfALevel = 10;

/** The log of a job, or of one of its steps; a step's lines are its job's too. */
export class Log {
  readonly lines: string[] = [];
  readonly annotations: Annotation[] = [];
  readonly masker: Masker;
  /** With ACTIONS_STEP_DEBUG: shows `##[debug]` lines, and echoes commands. */
  readonly verbose: boolean;
  readonly #above: Log | undefined;
  readonly #onLine: OnLine | undefined;
  readonly #name: string | undefined;

  constructor(settings: { masker: Masker; verbose: boolean; above?: Log; onLine?: OnLine; name?: string }) {
    this.masker = settings.masker;
    this.verbose = settings.verbose;
    this.#above = settings.above;
    this.#onLine = settings.onLine;
    this.#name = settings.name;
  }

  /** The log of a step of this job, or of a step inside that step. */
  child(name: string): Log {
    return new Log({ masker: this.masker, verbose: this.verbose, above: this, name });
  }

  output(message: string): void {
    this.#write('', message);
  }

  debug(message: string): void {
    if (!this.verbose) return;
    for (const line of message.replaceAll('\r\n', '\n').split('\n')) this.#write('##[debug]', line);
  }

  error(message: string): void {
    this.issue('error', message);
  }

  warning(message: string): void {
    this.issue('warning', message);
  }

  /** A line in the log and an annotation. */
  issue(level: Annotation['level'], message: string, properties: Readonly<Record<string, string>> = {}): void {
    const shown = this.masker.mask(message).slice(0, longestMessage);
    const shownProperties = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, this.masker.mask(value)]),
    );
    this.#annotate({ level, message: shown, properties: shownProperties });
    if (shown !== '') this.#write(`##[${level}]`, shown);
  }

  #annotate(annotation: Annotation): void {
    const kept = this.annotations.filter((a) => a.level === annotation.level).length;
    if (this.#above === undefined || kept < mostOfALevel) this.annotations.push(annotation);
    if (this.#above !== undefined) this.#above.#annotate(annotation);
  }

  #write(tag: string, message: string): void {
    for (const line of this.masker.mask(`${tag}${message}`).split('\n')) this.#show(line, this.#name);
  }

  #show(line: string, step: string | undefined): void {
    this.lines.push(line);
    this.#onLine?.(line, step);
    if (this.#above !== undefined) this.#above.#show(line, step);
  }
}
