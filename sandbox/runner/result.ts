// What a run leaves for its judges.
import type { JournalEntry } from './journal.ts';

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  /** As GitHub would get it: masked, at most 4,096 characters. */
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

export interface StepResult {
  readonly job: string;
  /** The step's `id:`, if it has one. */
  readonly id?: string;
  /** As the user interface shows it, masked. */
  readonly name: string;
  /** `main` and `post` are an action's two stages (`main` also a composite action as a whole); `run` is a script. */
  readonly kind: 'main' | 'post' | 'run';
  readonly uses?: string;
  /** For a step inside a composite action: the name of the step that uses it. */
  readonly within?: string;
  status: 'completed' | 'skipped';
  /** Before `continue-on-error`. */
  outcome: Conclusion;
  /** After `continue-on-error`. */
  conclusion: Conclusion;
  /** Milliseconds of the machine's clock. */
  readonly start: number;
  end: number;
  /** The lines as shown, masked. */
  readonly log: readonly string[];
  /** What the process wrote, before the masker and before commands were taken out. */
  stdout: string;
  stderr: string;
  /** The process's own environment; empty where none was started. */
  env: Readonly<Record<string, string>>;
  argv: readonly string[];
  pid?: number;
  /** 128 and more: ended by a signal. */
  exitCode?: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** What this stage saved for its post stage. */
  readonly state: Readonly<Record<string, string>>;
  /** What it wrote to GITHUB_ENV and GITHUB_PATH, as far as the runner took it. */
  readonly exported: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  /** The markdown that would be shown, masked line by line. */
  summary: string;
  readonly annotations: readonly Annotation[];
  /** Paths of its command files by kind: env, output, state, path, step_summary. */
  commandFiles: Readonly<Record<string, string>>;
  /** With `observe`: what the node process did, in order. */
  journal: readonly JournalEntry[];
}

export interface JobResult {
  readonly id: string;
  result: Conclusion;
  /** After those that may hold a secret were dropped. */
  outputs: Readonly<Record<string, string>>;
  /** Everything shown, masked, in order. */
  readonly log: readonly string[];
  readonly annotations: readonly Annotation[];
}

export interface Leftover {
  readonly area: 'temp' | 'workspace' | 'home' | 'tmp';
  /** Absolute. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** A file's bytes; empty for anything else. */
  readonly content: Buffer;
  /** Written by the runner itself, not by a step: command files, scripts, the event. */
  readonly ofRunner: boolean;
}

export interface RunResult {
  result: Conclusion;
  readonly jobs: readonly JobResult[];
  /** Of all jobs, in the order they ran, posts included; steps inside composite actions after the step that uses them began. */
  readonly steps: readonly StepResult[];
  readonly log: readonly string[];
  /** Values that were masked, as they were added. */
  readonly masks: readonly string[];
  /** What was there when each job had ended, before the runner emptied its temp folder. */
  readonly leftovers: readonly Leftover[];
  /** The runner's own folder, until `dispose`. */
  readonly root: string;
  /** Removes every file of the run. Safe to call twice. */
  dispose(): void;
}
