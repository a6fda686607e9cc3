// What a run is told.
import type { ActionSource } from './action.ts';
import type { Event, Identity, JobFacts } from './identity.ts';
import type { Graces } from './interruption.ts';
import type { Hooks } from './job-state.ts';
import type { OnLine } from './log.ts';

export interface RunOptions {
  /** Path of a workflow file, or its text. */
  readonly workflow: string;
  /** What stands behind `uses:`. `actions/checkout@*` is built in. */
  readonly actions: ActionSource;
  /** What the machine gives every process: proxy, certificates. Nothing else of this process's environment reaches the job but PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the job asks for identity tokens, or how to find that out once it is known who the job is. */
  readonly identity?: Identity | ((job: JobFacts) => Identity | Promise<Identity>);
  /** Only this job, and those it needs. */
  readonly job?: string;
  /** `push` with a payload of the default branch unless given. */
  readonly event?: Event;
  /** Facts of the github context that win over the identity's claims. */
  readonly github?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** Of workflow_dispatch. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** The matrix entry to play; the first one unless given. */
  readonly matrix?: Readonly<Record<string, unknown>>;
  /** Files that actions/checkout brings, by their path in the repository. */
  readonly checkout?: Readonly<Record<string, string>>;
  /** ACTIONS_STEP_DEBUG. */
  readonly debug?: boolean;
  /** Records what node processes do: StepResult.journal. */
  readonly observe?: boolean;
  /** Path of the node for JavaScript actions; this process's own unless given. */
  readonly node?: string;
  /** Abort it, and the run is cancelled as by its user. */
  readonly cancel?: AbortSignal;
  /** Shorter waits, for tests. */
  readonly graces?: Partial<Graces>;
  readonly hooks?: Hooks;
  /** Each line as it is shown. */
  readonly onLine?: OnLine;
}
