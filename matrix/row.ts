// One known mistake: how it is made, what the action must say of it, and how the printed fix is followed.
import type { Follow } from './follow.ts';
import type { Scene } from './scene.ts';

/** How the mistake comes to be in the sandbox. */
export type Played = 'trust document' | 'workflow' | 'inputs' | 'token' | 'recorded answer' | 'network';

export interface Row {
  readonly mistake: string;
  /** Section of the fact sheets. */
  readonly source: string;
  readonly played: Played;
  readonly scene: Scene;
  readonly id: string;
  /** The true cause, as it must be printed. */
  readonly cause: RegExp;
  /** How to follow the printed fix; or why nobody can from here. */
  readonly fix: Follow | string;
}

/** What became of a row when it was played. */
export interface Outcome {
  readonly row: Row;
  readonly ids: readonly string[];
  /** `certain`: named as the cause. A rank: one of the possible causes, in the order printed. `no`: not named. */
  readonly cause: 'certain' | { readonly rank: number; readonly of: number } | 'no';
  readonly fixed: 'pasted' | 'followed' | false | 'not ours';
  /** Why the fix did not help, for people. */
  readonly trouble?: string;
  readonly log: readonly string[];
}
