// Validation that reports everything it found: a value, or all of its problems.

/** One thing that is wrong with one input, in words that need no other context. */
export interface Problem {
  /** Stable, `inputs/...`. */
  readonly id: string;
  readonly message: string;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Collects the problems of many checks, so that all are reported together. */
export class Problems {
  readonly list: Problem[] = [];
  /** The value, or undefined when there is none; its problems are kept. */
  take<T>(checked: Checked<T>): T | undefined {
    if (checked.ok) return checked.value;
    this.list.push(...checked.problems);
    return undefined;
  }
  add(id: string, message: string): void {
    this.list.push({ id, message });
  }
}
