// Evaluates `${{ }}` and `if:` with GitHub's own expression package; adds what only a runner knows: the status functions and hashFiles.
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition, FunctionInfo } from '@actions/expressions/funcs/info';
import type { Conclusion } from './result.ts';
import { asCondition, cut } from './template.ts';

/** What an expression can see at one place of a workflow. */
export interface Scope {
  /** By name; every name that a place allows must be there, as null if it has no value. */
  readonly contexts: Readonly<Record<string, data.ExpressionData>>;
  /** The job's (in a composite action's main stage: the action's) status so far. */
  readonly status: Conclusion;
  /** True once the job was cancelled, whatever `status` says. */
  readonly cancelled: boolean;
  /** For hashFiles. */
  readonly workspace: string;
  /** Told of each evaluation: the runner's debug log. */
  trace?(line: string): void;
}

/** Evaluates one expression (no `${{ }}`). Throws with the package's message on a mistake or an unknown context. */
export function evaluate(expression: string, scope: Scope): data.ExpressionData {
  const definitions = functions(scope);
  const infos: FunctionInfo[] = definitions.map(({ name, minArgs, maxArgs }) => ({ name, minArgs, maxArgs }));
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(scope.contexts), infos).parse();
  const values = new data.Dictionary(...Object.entries(scope.contexts).map(([key, value]) => ({ key, value })));
  const table = new Map(definitions.map((definition) => [definition.name.toLowerCase(), definition]));
  const result = new Evaluator(tree, values, table).evaluate();
  scope.trace?.(`Evaluating: ${expression}`);
  scope.trace?.(`Result: ${result instanceof data.StringData ? `'${result.value}'` : result.coerceString()}`);
  return result;
}

/** A scalar of the workflow as text, with its expressions' values put in. */
export function interpolate(value: unknown, scope: Scope): string {
  if (typeof value !== 'string') return value === null || value === undefined ? '' : String(value);
  return cut(value)
    .map((part) => ('text' in part ? part.text : evaluate(part.expression, scope).coerceString()))
    .join('');
}

/** A value of the workflow that may be one whole expression, and then keeps its type. */
export function resolve(value: unknown, scope: Scope): data.ExpressionData | undefined {
  if (typeof value !== 'string') return undefined;
  const parts = cut(value);
  const [only] = parts;
  return parts.length === 1 && only !== undefined && 'expression' in only
    ? evaluate(only.expression, scope)
    : undefined;
}

/** An `if:`. One without a status function holds only while all went well. */
export function holds(condition: unknown, scope: Scope): boolean {
  const written = condition === undefined || condition === null ? '' : asCondition(String(condition));
  const expression = written === '' ? 'success()' : written;
  return truthy(evaluate(asksStatus(expression) ? expression : `success() && (${expression})`, scope));
}

function asksStatus(expression: string): boolean {
  const { tokens } = new Lexer(expression).lex();
  return tokens.some(({ lexeme }, at) => statusNames.has(lexeme.toLowerCase()) && tokens[at + 1]?.lexeme === '(');
}

const statusNames = new Set(['success', 'failure', 'cancelled', 'always']);

function truthy(value: data.ExpressionData): boolean {
  if (value instanceof data.Null) return false;
  if (value instanceof data.BooleanData) return value.value;
  if (value instanceof data.NumberData) return value.value !== 0 && !Number.isNaN(value.value);
  if (value instanceof data.StringData) return value.value !== '';
  return true;
}

function functions(scope: Scope): FunctionDefinition[] {
  const status = (name: string, is: boolean): FunctionDefinition => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(is),
  });
  return [
    status('always', true),
    status('success', !scope.cancelled && scope.status === 'success'),
    status('failure', !scope.cancelled && scope.status === 'failure'),
    status('cancelled', scope.cancelled),
    {
      name: 'hashFiles',
      minArgs: 1,
      maxArgs: 255,
      call: (...patterns) =>
        new data.StringData(
          hashFiles(
            scope.workspace,
            patterns.map((p) => p.coerceString()),
          ),
        ),
    },
  ];
}

// The hash of the files' hashes, in the order of their names; the empty string if nothing matches.
function hashFiles(workspace: string, patterns: readonly string[]): string {
  const files = globSync([...patterns], { cwd: workspace })
    .map((file) => join(workspace, file))
    .filter((file) => statSync(file).isFile())
    .sort();
  if (files.length === 0) return '';
  const whole = createHash('sha256');
  for (const file of files) whole.update(createHash('sha256').update(readFileSync(file)).digest());
  return whole.digest('hex');
}
