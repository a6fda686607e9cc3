// What the page says of one id: a cause, and what to do; more than once where the id has several.

export interface Entry {
  readonly id: string;
  readonly cause: string;
  readonly fixes: readonly string[];
}
