// CEL as workload identity providers speak it: the language itself is @bufbuild/cel's, `extract` is Google's addition.
import {
  type CelInput,
  type CelResult,
  CelScalar,
  type CelValue,
  celEnv,
  celError,
  celMethod,
  isCelError,
  isCelList,
  parse,
  plan,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';

export type CelScope = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
export type CelOutcome = { readonly value: boolean | string | readonly string[] } | { readonly fault: string };

/** `'repo:a/b:ref'.extract('repo:{x}/')` is `a`; empty where the template does not fit (IAM conditions, "extract"). */
const extract = celMethod('extract', CelScalar.STRING, [CelScalar.STRING], CelScalar.STRING, function (template) {
  const [, before = '', after = ''] = /^(.*?)\{[^{}]+\}(.*)$/s.exec(template) ?? [];
  const start = this.indexOf(before);
  if (start < 0) return '';
  const from = start + before.length;
  const end = after === '' ? this.length : this.indexOf(after, from);
  return end < 0 ? '' : this.slice(from, end);
});

const environment = celEnv({ funcs: [...strings, extract] });
type Program = (scope: Record<string, CelInput>) => CelResult;
const programs = new Map<string, Program>();

/** Evaluates over `assertion`, `google`, `attribute`. A missing claim, a type error or a bad expression is a fault. */
export function evaluate(expression: string, scope: CelScope): CelOutcome {
  const value = outcomeOf(expression, scope);
  if (isCelError(value)) return { fault: value.message };
  if (typeof value === 'boolean' || typeof value === 'string') return { value };
  const list = stringList(value);
  return list ? { value: list } : { fault: 'neither a string, a list of strings nor a boolean' };
}

function outcomeOf(expression: string, scope: CelScope): CelResult {
  try {
    const program = programs.get(expression) ?? plan(environment, parse(expression));
    programs.set(expression, program);
    return program(Object.fromEntries(Object.entries(scope).map(([name, object]) => [name, toCel(object)])));
  } catch (thrown) {
    return celError(thrown);
  }
}

function stringList(value: CelValue): string[] | undefined {
  if (!isCelList(value)) return undefined;
  const items = [...value];
  return items.every((item) => typeof item === 'string') ? items : undefined;
}

/** Claims come from JSON; objects become maps, so that `has()` and `in` work on them. */
function toCel(value: unknown): CelInput {
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}
