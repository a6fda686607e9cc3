// IAM's JSON policy language, read strictly: a document is refused where IAM would not store it.
import { type Condition, operatorOf } from './conditions.ts';
import type { PolicyDocument } from './trust.ts';

/** Thrown with IAM's text for what is wrong. */
export class MalformedPolicy extends Error {}

export interface Selection {
  /** NotAction, NotResource. */
  readonly inverted: boolean;
  readonly patterns: readonly string[];
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** By kind: `AWS`, `Federated`, `Service`; `*` alone stands under `AWS` and `Federated`. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
  readonly actions: Selection;
  readonly resources: Selection;
  readonly conditions: readonly Condition[];
}

export type Policy = readonly Statement[];

type Kind = 'trust' | 'permissions';
type Fields = Readonly<Record<string, unknown>>;

const EVERYTHING: Selection = { inverted: false, patterns: ['*'] };
const STATEMENT_FIELDS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** Reads a document. Throws MalformedPolicy. */
export function readPolicy(document: PolicyDocument, kind: Kind): Policy {
  const fields = typeof document === 'string' ? parsed(document) : document;
  if (!isFields(fields)) throw new MalformedPolicy('This policy contains invalid Json');
  for (const name of Object.keys(fields)) {
    if (!['Version', 'Id', 'Statement'].includes(name)) throw new MalformedPolicy('Syntax errors in policy.');
  }
  const { Version = '2008-10-17', Statement } = fields;
  if (Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw new MalformedPolicy('Policy document must be version 2012-10-17 or greater.');
  }
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  if (statements.length === 0) throw new MalformedPolicy('Syntax errors in policy.');
  rejectRepeatedSids(statements);
  return statements.map((statement) => readStatement(statement, kind));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedPolicy('This policy contains invalid Json');
  }
}

function rejectRepeatedSids(statements: readonly unknown[]): void {
  const sids = statements.flatMap((statement) =>
    isFields(statement) && statement.Sid !== undefined ? [statement.Sid] : [],
  );
  if (new Set(sids).size < sids.length)
    throw new MalformedPolicy('Statement IDs (SID) in a single policy must be unique.');
}

function readStatement(statement: unknown, kind: Kind): Statement {
  if (!isFields(statement)) throw new MalformedPolicy('Syntax errors in policy.');
  for (const name of Object.keys(statement)) {
    if (!STATEMENT_FIELDS.has(name)) throw new MalformedPolicy('Syntax errors in policy.');
  }
  const { Effect, Principal, Condition } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw new MalformedPolicy(`Invalid effect: ${String(Effect)}`);
  if (kind === 'permissions' && Principal !== undefined)
    throw new MalformedPolicy('Policy document should not specify a principal.');
  if (kind === 'trust' && Principal === undefined) throw new MalformedPolicy('Missing required field Principal');
  if (kind === 'trust' && (statement.Resource ?? statement.NotResource) !== undefined) {
    throw new MalformedPolicy('Has prohibited field Resource');
  }
  const actions = selection(statement, 'Action') ?? missing('Action');
  if (actions.patterns.some((action) => action !== '*' && !/^[\w-]+:[\w*?-]+$/.test(action))) {
    throw new MalformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  const resources = kind === 'trust' ? EVERYTHING : (selection(statement, 'Resource') ?? missing('Resource'));
  for (const resource of resources.patterns) {
    if (resource !== '*' && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:./.test(resource)) {
      throw new MalformedPolicy(`Resource ${resource} must be in ARN format or "*".`);
    }
  }
  return {
    effect: Effect,
    principals: readPrincipals(Principal),
    actions,
    resources,
    conditions: readConditions(Condition),
  };
}

function missing(field: string): never {
  throw new MalformedPolicy(`Missing required field ${field}`);
}

function selection(statement: Fields, field: 'Action' | 'Resource'): Selection | undefined {
  const positive = statement[field];
  const negative = statement[`Not${field}`];
  if (positive !== undefined && negative !== undefined) throw new MalformedPolicy('Syntax errors in policy.');
  const value = positive ?? negative;
  return value === undefined ? undefined : { inverted: negative !== undefined, patterns: texts(value) };
}

function readPrincipals(principal: unknown): Record<string, readonly string[]> {
  if (principal === undefined) return {};
  if (principal === '*') return { AWS: ['*'], Federated: ['*'] };
  if (!isFields(principal)) throw new MalformedPolicy('Invalid principal in policy');
  const unknown = Object.keys(principal).some(
    (kind) => !['AWS', 'Federated', 'Service', 'CanonicalUser'].includes(kind),
  );
  if (unknown) throw new MalformedPolicy('Invalid principal in policy');
  return Object.fromEntries(Object.entries(principal).map(([kind, value]) => [kind, texts(value)]));
}

function readConditions(block: unknown): Condition[] {
  if (block === undefined) return [];
  if (!isFields(block)) throw new MalformedPolicy('Syntax errors in policy.');
  return Object.entries(block).flatMap(([name, keys]) => {
    const operator = operatorOf(name);
    if (operator === undefined) throw new MalformedPolicy(`Invalid Condition type : ${name}.`);
    if (!isFields(keys)) throw new MalformedPolicy('Syntax errors in policy.');
    return Object.entries(keys).map(([key, value]) => ({ operator, key, values: texts(value) }));
  });
}

/** A text or a list of them; numbers and booleans are texts to IAM. */
function texts(value: unknown): readonly string[] {
  const all = Array.isArray(value) ? value : [value];
  const plain = all.every((one) => ['string', 'number', 'boolean'].includes(typeof one));
  if (!plain || all.length === 0) throw new MalformedPolicy('Syntax errors in policy.');
  return all.map(String);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
