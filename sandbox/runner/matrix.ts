// One entry of a job's matrix: this runner plays one, the first unless told which.
import { resolve, type Scope } from './expression.ts';
import { fromData } from './expression-data.ts';

/** The first combination of `strategy.matrix`, with what `include` adds to it; undefined without a matrix. */
export function firstOfMatrix(matrix: unknown, scope: Scope): Record<string, unknown> | undefined {
  const values = plain(matrix, scope);
  if (values === undefined || values === null) return undefined;
  const { include, exclude, ...axes } = values as Record<string, unknown>;
  const entries = combinations(axes).filter(
    (entry) => !list(exclude).some((out) => matches(entry, out, Object.keys(out))),
  );
  const first = entries.find((entry) => Object.keys(entry).length > 0);
  if (first === undefined) return list(include)[0];
  // An inclusion extends a combination if it overwrites none of the original values.
  const extensions = list(include).filter((extra) =>
    matches(
      first,
      extra,
      Object.keys(axes).filter((axis) => axis in extra),
    ),
  );
  return Object.assign({}, ...extensions, first);
}

function combinations(axes: Record<string, unknown>): Record<string, unknown>[] {
  return Object.entries(axes).reduce<Record<string, unknown>[]>(
    (entries, [axis, values]) =>
      entries.flatMap((entry) => (values as unknown[]).map((value) => ({ ...entry, [axis]: value }))),
    [{}],
  );
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}

function matches(entry: Record<string, unknown>, other: Record<string, unknown>, names: readonly string[]): boolean {
  return names.every((name) => JSON.stringify(entry[name]) === JSON.stringify(other[name]));
}

// Any part of a matrix may be an expression with a value of its own type.
function plain(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') {
    const data = resolve(value, scope);
    return data === undefined ? value : fromData(data);
  }
  if (Array.isArray(value)) return value.map((item) => plain(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item, scope)]));
}
