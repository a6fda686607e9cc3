// What the definition of an input is. Each provider fills a table of its own with these; parser, action.yml and README come from the tables.
import type { Checked, Problem } from './checked.ts';

export type Cloud = 'aws' | 'azure' | 'gcp' | 'vault';
export const CLOUDS: readonly Cloud[] = ['aws', 'azure', 'gcp', 'vault'];

/** The type of an input: how its text becomes a value, and in which words it is asked for. */
export interface Kind<T> {
  /** Completes "It takes ...": `true or false`, `an AWS region such as eu-west-1`. */
  readonly takes: string;
  /** The value, or undefined for text that is not of this kind. */
  parse(text: string): T | undefined;
}

export interface InputDefinition<T = unknown> {
  readonly name: string;
  readonly kind: Kind<T>;
  /** As action.yml states it. */
  readonly default?: string;
  /** One or two sentences for action.yml and the README. */
  readonly description: string;
  /** Its text may be a secret: never quoted in a message, masked when read. */
  readonly secret?: true;
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds inputs of different types; each keeps its own
export type InputTable = Readonly<Record<string, InputDefinition<any>>>;

/** An input's value together with where it came from, so that another dialect can speak in its own words. */
export interface Given<T> {
  readonly value: T;
  readonly text: string;
  readonly field: InputDefinition<T>;
  /** Whether the user wrote it, or it is the default. */
  readonly origin: 'input' | 'default';
}

export type Values<Table extends InputTable> = {
  readonly [K in keyof Table]: Table[K] extends InputDefinition<infer T>
    ? Table[K] extends { readonly default: string }
      ? Given<T>
      : Given<T> | undefined
    : never;
};

/** Where input texts come from: the runner, or a test. Undefined or empty: not given. */
export type InputSource = (name: string) => string | undefined;

/** A definition, with its type inferred; one with a default always has a value. */
export function input<T>(
  definition: InputDefinition<T> & { readonly default: string },
): InputDefinition<T> & { readonly default: string };
export function input<T>(definition: InputDefinition<T>): InputDefinition<T>;
export function input<T>(definition: InputDefinition<T>): InputDefinition<T> {
  return definition;
}

/** A problem that names the input, what it got and what it takes. A secret's text is not repeated. */
export function wrong(field: InputDefinition, got: string, why?: string): Problem {
  const shown = field.secret
    ? 'a value that is kept out of this message'
    : `"${got.length > 80 ? `${got.slice(0, 80)}…` : got}"`;
  return {
    id: 'inputs/invalid',
    message: `${field.name}: got ${shown}${why ? `, ${why}` : ''}. It takes ${field.kind.takes}.`,
  };
}

/** Reads every input of a table; all problems at once. */
export function readTable<Table extends InputTable>(table: Table, source: InputSource): Checked<Values<Table>> {
  const problems: Problem[] = [];
  const values: Record<string, Given<unknown> | undefined> = {};
  for (const [key, field] of Object.entries(table)) {
    const text = source(field.name)?.trim() || undefined;
    const given = text === undefined ? field.default : text;
    if (given === undefined) continue;
    const value = field.kind.parse(given);
    if (value === undefined) problems.push(wrong(field, given));
    else
      values[key] = {
        value,
        text: given,
        field,
        origin: text === undefined || text === field.default ? 'default' : 'input',
      };
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: values as Values<Table> };
}
