// The ids that src throws with words of their own, read from its syntax: the page says what the code says, and no id can be left out.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import type { Entry } from './entry.ts';

const ROOT = join(import.meta.dirname, '../..');
const AREAS = 'identity|run|inputs|files|network|end|keeper|internal|aws|azure|gcp|vault';
const ID = new RegExp(`^(${AREAS})/[a-z]+(-[a-z]+)*$`);
const ANNOTATION = new RegExp(`^\\[((?:${AREAS})/[a-z-]+)\\] (.+)$`);

type Node = Readonly<Record<string, unknown>>;

/** Every id that stands in src as a text, wherever: the measure of completeness. */
export function idsInSource(): string[] {
  const found = new Set<string>();
  for (const node of nodes()) {
    const text = literal(node);
    if (text !== undefined && ID.test(text)) found.add(text);
    const [, id] = ANNOTATION.exec(text ?? '') ?? [];
    if (id !== undefined) found.add(id);
    const area = reachedArea(node);
    if (area !== undefined) found.add(`${area}/unreachable`);
  }
  return [...found].sort();
}

/** What is thrown by `new Failure(id, message, evidence, fixes)`, or told as `[id] message`, with its words. */
export function thrown(): Entry[] {
  return [...nodes()].flatMap((node) => {
    if (node.type === 'NewExpression' && (node.callee as Node).value === 'Failure') return failureOf(node);
    const [, id, cause] = ANNOTATION.exec(literal(node) ?? '') ?? [];
    return id === undefined || cause === undefined ? [] : [{ id, cause, fixes: [] }];
  });
}

/** `reached(area, who, call)` throws `area/unreachable` for a fault of the network. */
function reachedArea(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || (node.callee as Node).value !== 'reached') return undefined;
  const [first] = node.arguments as { expression: Node }[];
  return literal(first?.expression);
}

function failureOf(node: Node): Entry[] {
  const [id, message, , fixes] = ((node.arguments ?? []) as { expression: Node }[]).map(({ expression }) => expression);
  const cause = literal(message);
  if (id === undefined || cause === undefined) return [];
  const elements = fixes?.type === 'ArrayExpression' ? (fixes.elements as ({ expression: Node } | undefined)[]) : [];
  const told = elements.flatMap((element) => literal(element?.expression) ?? []);
  return idsOf(id).map((one) => ({ id: one, cause, fixes: told }));
}

/** A text, or the texts between which a condition chooses. */
function idsOf(node: Node): string[] {
  if (node.type === 'ConditionalExpression')
    return [node.consequent, node.alternate].flatMap((one) => idsOf(one as Node));
  const text = literal(node);
  return text !== undefined && ID.test(text) ? [text] : [];
}

/** The text of a literal; of a template with … where it has an expression. */
function literal(node: Node | undefined): string | undefined {
  if (node?.type === 'StringLiteral') return node.value as string;
  if (node?.type !== 'TemplateLiteral') return undefined;
  return (node.quasis as { cooked: string }[]).map(({ cooked }) => cooked).join('…');
}

function* nodes(): Generator<Node> {
  for (const file of globSync('src/**/*.ts', { cwd: ROOT }).sort()) {
    const source = readFileSync(join(ROOT, file), 'utf8');
    yield* walk(parseSync(source, { syntax: 'typescript', target: 'es2024' }));
  }
}

function* walk(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const node = value as Node;
  if (typeof node.type === 'string') yield node;
  for (const member of Object.values(node)) yield* walk(member);
}
