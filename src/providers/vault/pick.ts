// From a secret's answer to named values: where its data is, what a selector means, and what a value looks like as text.
import { isRecord } from '../../core/http.ts';
import { nameFault } from '../../core/names.ts';
import { nearest } from '../../core/nearest.ts';

import type { SecretRequest } from './secrets.ts';

export type Data = Readonly<Record<string, unknown>>;

/** A value that was picked. A variable's and an output's name differ only where the user gave none. */
export interface Picked {
  readonly variable: string;
  readonly output: string;
  readonly value: string;
  /** From a wildcard without prefix: never replaces a variable that is set. */
  readonly wild: boolean;
}

/**
 * The key-value data of an answer's `data`. KV v2 wraps it with metadata: recognised by both, so that a v1 secret with a key called
 * `data` is not taken for one. Undefined: a deleted version.
 */
export function dataOf(data: Data): Data | undefined {
  const { data: inner, metadata } = data;
  const versioned = isRecord(metadata) && typeof metadata.version === 'number' && Object.keys(data).length === 2;
  if (!versioned) return data;
  return isRecord(inner) ? inner : undefined;
}

/** The values that a request selects; or why there are none, in words without any value. */
export function pick(request: SecretRequest, data: Data): readonly Picked[] | string {
  const { selector, name } = request;
  if (selector.kind === 'keys') {
    const found = find(data, selector.keys, selector.written);
    if (found === undefined) return missing(selector.written, data);
    const plain = nameOf(selector.written);
    const picked = { variable: name ?? plain.toUpperCase(), output: name ?? plain, value: asText(found), wild: false };
    const fault = nameFault(picked.variable, name !== undefined);
    return fault ? `${picked.variable} ${fault}; give it a name behind |` : [picked];
  }
  const picks: Picked[] = [];
  for (const [key, value] of Object.entries(data)) {
    const plain = selector.keepCase ? nameOf(key) : nameOf(key).toUpperCase();
    const variable = `${name ?? ''}${plain}`;
    const fault = nameFault(variable, false);
    if (fault) return `the key ${variable} ${fault}; read it by its own line and name`;
    picks.push({ variable, output: variable, value: asText(value), wild: name === undefined });
  }
  return picks;
}

/** A dotted selector is a way into the value; a key that is written with dots is that key. */
function find(data: Data, keys: readonly string[], written: string): unknown {
  let value: unknown = data;
  for (const key of keys) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value !== undefined ? value : Object.hasOwn(data, written) ? data[written] : undefined;
}

/** Keys are shown, at most the five nearest; values never are (INVARIANTS 4). */
function missing(written: string, data: Data): string {
  const keys = Object.keys(data);
  const near = nearest(written, keys);
  const shown = [...new Set([...(near ? [near] : []), ...keys])].slice(0, 5);
  return `it has no key ${written}; ${shown.length > 0 ? `its keys are ${shown.join(', ')}${keys.length > 5 ? ' ...' : ''}` : 'it is empty'}`;
}

/** Strings as they are; everything else as JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** vault-action's normalisation of a key: `.` becomes `__`, everything but letters, digits and `_` goes. The caller decides about the case. */
export function nameOf(key: string): string {
  return key.replaceAll('.', '__').replace(/[^\p{L}\p{N}_]/gu, '');
}
