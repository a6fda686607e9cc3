// Terraform's configuration language: blocks, and arguments aligned as `terraform fmt` does it. Strings are quoted by `quoting.ts`.
import { hcl } from './quoting.ts';

/** A reference to another object (`data.x.y.json`): stands without quotes. */
export class Reference {
  readonly path: string;
  constructor(path: string) {
    if (!/^[a-z_][\w-]*(\.[A-Za-z_][\w-]*)+$/.test(path)) throw new Error('not a reference');
    this.path = path;
  }
}

type Scalar = string | number | Reference;
type Value = Scalar | readonly string[] | Readonly<Record<string, string>>;
export interface Block {
  readonly type: string;
  readonly labels?: readonly string[];
  /** Those of `undefined` are left out. */
  readonly arguments: readonly (readonly [name: string, value: Value | undefined])[];
  readonly blocks?: readonly Block[];
}

/** The lines of a block. Throws for what HCL would read as a template. */
export function blockLines({ type, labels = [], arguments: given, blocks = [] }: Block): string[] {
  const present = given.filter((pair): pair is readonly [string, Value] => pair[1] !== undefined);
  const head = [type, ...labels.map(hcl), '{'].join(' ');
  const inner = [
    ...aligned(present),
    ...blocks.flatMap((block, i) => [...(i > 0 || present.length > 0 ? [''] : []), ...blockLines(block)]),
  ];
  return [head, ...inner.map((line) => (line === '' ? '' : `  ${line}`)), '}'];
}

/** `=` signs stand below each other within a run of one-line arguments, as the formatter puts them. */
function aligned(pairs: readonly (readonly [string, Value])[]): string[] {
  const runs: (readonly [string, Value])[][] = [[]];
  for (const pair of pairs) {
    if (isMap(pair[1])) runs.push([pair], []);
    else runs.at(-1)?.push(pair);
  }
  return runs.flatMap((run) => {
    const width = Math.max(0, ...run.map(([name]) => name.length));
    return run.flatMap(([name, value]) =>
      isMap(value) ? mapLines(name, value) : [`${name.padEnd(width)} = ${written(value)}`],
    );
  });
}

function mapLines(name: string, map: Readonly<Record<string, string>>): string[] {
  const keys = Object.entries(map).map(([key, value]) => [hcl(key), hcl(value)] as const);
  const width = Math.max(...keys.map(([key]) => key.length));
  return [`${name} = {`, ...keys.map(([key, value]) => `  ${key.padEnd(width)} = ${value}`), '}'];
}

function isMap(value: Value): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Reference);
}

function written(value: Scalar | readonly string[]): string {
  if (value instanceof Reference) return value.path;
  if (typeof value === 'object') return `[${value.map(hcl).join(', ')}]`;
  return typeof value === 'number' ? String(value) : hcl(value);
}

/** A name of an object in Terraform, from any text. */
export function labelOf(text: string): string {
  const label = text.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[A-Za-z_]/.test(label) ? label : `_${label}`;
}
