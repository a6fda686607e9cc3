// From a secret's answer to named values: where its data is, what a selector means, and what a value looks like as text.
import { isRecord } from '../../core/http.ts';
import { nameFault } from '../../core/names.ts';
import { distance } from '../../core/nearest.ts';
import { bytesOf, textOf } from './base64.ts';
import { isRaw } from './exact-json.ts';
import type { SecretRequest } from './secrets.ts';
import { nameOf } from './selector.ts';

export type Data = Readonly<Record<string, unknown>>;

/** A value that was picked. A variable's and an output's name differ only where the user gave none. */
export interface Picked {
  readonly variable: string;
  readonly output: string;
  readonly value: string;
  /** The key at the top of the data that it comes from. */
  readonly field: string;
  /** From a wildcard without prefix: never replaces a variable that is set. */
  readonly wild: boolean;
  /** What the file holds: the value itself, or the bytes that it encodes. */
  readonly file?: string | Buffer;
}

/**
 * The key-value data of an answer's `data`. KV v2 wraps it with metadata: recognised by both and by the path, so that a v1 secret with a key called
 * `data` is not taken for one. Undefined: a deleted version.
 */
export function dataOf(path: string, data: Data): Data | undefined {
  if (!isVersioned(path, data)) return data;
  return isRecord(data.data) ? data.data : undefined;
}

/** Whether this is an answer of KV v2. */
export function isVersioned(path: string, data: Data): boolean {
  const { metadata } = data;
  return (
    /\/data\//.test(path) &&
    isRecord(metadata) &&
    typeof metadata.version === 'number' &&
    Object.keys(data).length === 2
  );
}

/** The values that a request selects; or why there are none, in words without any value. */
export function pick(request: SecretRequest, data: Data): readonly Picked[] | string {
  const { selector, name } = request;
  if (!selector) return [];
  if (selector.kind === 'keys') {
    const found = find(data, selector.keys, selector.written);
    if (found === undefined) return missing(selector.written, data);
    const plain = nameOf(selector.written);
    const variable = name ?? plain.toUpperCase();
    const fault = nameFault(variable, name !== undefined);
    if (fault) return `${variable} ${fault}; give it a name behind |`;
    const value = { variable, output: name ?? plain, value: asText(found.value), field: found.field, wild: false };
    const shaped = shape(value, request);
    return typeof shaped === 'string' ? shaped : [shaped];
  }
  const picks: Picked[] = [];
  for (const [key, value] of Object.entries(data)) {
    const output = `${name ?? ''}${nameOf(key)}`;
    const variable = selector.keepCase ? output : output.toUpperCase();
    const fault = nameFault(variable, false);
    if (fault) return `the key ${variable} ${fault}; read it by its own line and name`;
    const shaped = shape({ variable, output, value: asText(value), field: key, wild: name === undefined }, request);
    if (typeof shaped === 'string') return `the key ${key}: ${shaped}`;
    picks.push(shaped);
  }
  return picks;
}

/** The value as the modifiers want it. */
function shape(picked: Picked, { decode, file }: SecretRequest): Picked | string {
  if (!decode) return file ? { ...picked, file: picked.value } : picked;
  const bytes = bytesOf(picked.value);
  if (!bytes) return 'its value is not base64, so decode base64 cannot be done';
  if (file) return { ...picked, file: bytes };
  const text = textOf(bytes);
  return text === undefined
    ? 'what its base64 holds is no text, which a variable cannot hold: add as file'
    : { ...picked, value: text };
}

/** A dotted selector is a way into the value; a key that is written with dots is that key, and quotes around a way do not change it. */
function find(data: Data, keys: readonly string[], written: string): { value: unknown; field: string } | undefined {
  for (const way of [keys, [written], written.split('.')]) {
    const value = follow(data, way);
    if (value !== undefined) return { value, field: way[0] ?? '' };
  }
  return undefined;
}

/** Through a list a way leads to what it finds in each of its members: one value, or a list (as in JSONata). */
function follow(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  if (Array.isArray(value)) {
    const found = value.flatMap((member: unknown) => follow(member, [key, ...rest]) ?? []);
    return found.length > 1 ? found : found[0];
  }
  return isRecord(value) && !isRaw(value) && Object.hasOwn(value, key) ? follow(value[key], rest) : undefined;
}

/** Keys are shown, at most the five nearest; values never are (INVARIANTS 4). */
function missing(written: string, data: Data): string {
  const keys = Object.keys(data);
  const shown = keys.toSorted((a, b) => distance(written, a) - distance(written, b)).slice(0, 5);
  return `it has no key ${written}; ${shown.length > 0 ? `its keys are ${shown.join(', ')}${keys.length > 5 ? ' ...' : ''}` : 'it is empty'}`;
}

/** Strings as they are; everything else as JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
