// Plain values to and from GitHub's expression data.
import { data } from '@actions/expressions';

/** Names are kept as they are: `env.path` is not `env.PATH` on Linux, while every other context ignores case. */
class CaseSensitiveDictionary extends data.Dictionary {
  readonly #entries = new Map<string, data.ExpressionData>();
  override add(key: string, value: data.ExpressionData): void {
    if (!this.#entries.has(key)) this.#entries.set(key, value);
  }
  override get(key: string): data.ExpressionData | undefined {
    return this.#entries.get(key);
  }
  override values(): data.ExpressionData[] {
    return [...this.#entries.values()];
  }
  override pairs(): { key: string; value: data.ExpressionData }[] {
    return [...this.#entries].map(([key, value]) => ({ key, value }));
  }
}

/** Any JSON-like value as expression data; undefined is null. */
export function toData(value: unknown): data.ExpressionData {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  const dictionary = new data.Dictionary();
  for (const [key, item] of Object.entries(value as object)) dictionary.add(key, toData(item));
  return dictionary;
}

/** The `env` context. */
export function toEnvData(env: ReadonlyMap<string, string>): data.ExpressionData {
  const dictionary = new CaseSensitiveDictionary();
  for (const [name, value] of env) dictionary.add(name, new data.StringData(value));
  return dictionary;
}

/** Expression data as a plain value, for matrices and `fromJSON`. */
export function fromData(value: data.ExpressionData): unknown {
  if (value instanceof data.Dictionary) {
    return Object.fromEntries(value.pairs().map((pair) => [pair.key, fromData(pair.value)]));
  }
  if (value instanceof data.Array) return value.values().map(fromData);
  if (value instanceof data.StringData || value instanceof data.NumberData || value instanceof data.BooleanData) {
    return value.value;
  }
  return null;
}
