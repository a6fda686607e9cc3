// An answer's JSON with its numbers as the server wrote them: 12345678901234567890 and 1.0 would not survive JavaScript's numbers.
import { isRecord } from '../../core/http.ts';
import type { Data } from './pick.ts';

type Reviver = (name: string, value: unknown, context: { readonly source?: string }) => unknown;
/** In Node since 21, and not in TypeScript's library yet. */
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, reviver: Reviver): unknown;
  rawJSON(source: string): object;
};

/**
 * The JSON object in a body; undefined for anything else. Without prototypes (INVARIANTS 9). A number whose text is not JavaScript's own is left as that text:
 * an object that `JSON.stringify` writes as it was.
 */
export function exactBody(body: string): Data | undefined {
  try {
    const value = parse(body, exact);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function exact(_name: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (typeof value === 'number') return source === undefined || source === String(value) ? value : rawJSON(source);
  return isRecord(value) && !isRaw(value) ? Object.assign(Object.create(null), value) : value;
}

/** Whether a value is a number that kept its text. */
export function isRaw(value: unknown): boolean {
  return (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value);
}
