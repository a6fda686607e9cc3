// What the steps of one job share, and where a step stands in it.
import type { Action, ActionSource } from './action.ts';
import type { Context } from './context.ts';
import type { Graces } from './interruption.ts';
import type { Log } from './log.ts';
import type { Machine } from './machine.ts';
import type { Running } from './process.ts';
import type { Conclusion, StepResult } from './result.ts';
import type { Step } from './workflow.ts';

/** What an expression can read of a finished step. */
export interface StepFacts {
  outputs: Record<string, string>;
  outcome?: Conclusion;
  conclusion?: Conclusion;
}

/** A step as hooks see it. */
export interface StepView {
  readonly job: string;
  readonly id?: string;
  readonly name: string;
  readonly kind: StepResult['kind'];
  readonly uses?: string;
  readonly within?: string;
}

/** A test's way into a run. */
export interface Hooks {
  /** Before each step is looked at (its `if:` too), inside composite actions too. */
  beforeStep?(step: StepView): void | Promise<void>;
  /** When a step's process has started: end it here, or keep its handle for later. */
  onStart?(step: StepView, process: Running): void;
  /** Each line as the process wrote it, before commands and masks. */
  onRawLine?(step: StepView, stream: 'stdout' | 'stderr', line: string): void;
}

export interface JobState {
  readonly id: string;
  readonly machine: Machine;
  readonly log: Log;
  readonly actions: ActionSource;
  readonly hooks: Hooks;
  readonly graces: Graces;
  /** Path of the node that runs JavaScript actions. */
  readonly node: string;
  readonly observe: boolean;
  /** Aborted when the user cancels the run. */
  readonly cancel: AbortSignal;
  /** What the machine gives every process. */
  readonly machineEnv: Readonly<Record<string, string>>;
  /** ACTIONS_* of JavaScript actions, and of every process. */
  readonly serviceEnv: {
    readonly javaScript: Readonly<Record<string, string>>;
    readonly all: Readonly<Record<string, string>>;
  };
  readonly github: Context;
  readonly runner: Readonly<Record<string, string>>;
  /** Plain values of the contexts that do not change: secrets, vars, needs, strategy, matrix, inputs. */
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly defaults: { readonly shell?: string; readonly 'working-directory'?: string };
  /** Files that actions/checkout brings. */
  readonly checkout: Readonly<Record<string, string>>;
  /** The job's `env:`, then what steps exported. */
  readonly env: Map<string, string>;
  /** GITHUB_PATH so far; the last comes first in PATH. */
  paths: string[];
  status: Conclusion;
  checkedOut: boolean;
  /** By the scope of a composite action ('' is the job's own), then by step id. */
  readonly facts: Map<string, Map<string, StepFacts>>;
  /** State of each step by its key, until its post stage. */
  readonly states: Map<string, Map<string, string>>;
  /** Keys of the steps (also those in composite actions) whose post stage will run, with its `post-if`. */
  readonly posts: Map<string, string>;
  /** The job's own post stages, to be run from the last. */
  readonly stack: Planned[];
  readonly loaded: Map<string, Action>;
  readonly results: StepResult[];
}

/** Where a step stands: in the job itself, or in a composite action. */
export interface Frame {
  /** Key of the composite step, or '' for the job. */
  readonly scope: string;
  readonly log: Log;
  /** The composite's inputs. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly actionPath?: string;
  /** `env:` of the composite step and those around it. */
  readonly env: ReadonlyMap<string, string>;
  /** Name of the step around it. */
  readonly within?: string;
  /** The composite's status so far, which `success()` asks in its main stage. */
  status?(): Conclusion;
  /** When the step around it runs out of time, in milliseconds of the machine's clock. */
  readonly deadline?: number;
}

/** One stage of one step. */
export interface Planned {
  readonly step: Step;
  /** Unique in the job, the same for both stages. */
  readonly key: string;
  /** What GITHUB_ACTION says. */
  readonly action: string;
  readonly stage: 'main' | 'post';
  readonly condition: unknown;
  readonly frame: Frame;
}

/** Adds a result that is worse than what there is; a cancelled job stays cancelled. */
export function worse(status: Conclusion, result: Conclusion): Conclusion {
  const rank: Readonly<Record<Conclusion, number>> = { skipped: 0, success: 0, failure: 1, cancelled: 2 };
  return rank[result] > rank[status] ? result : status;
}
