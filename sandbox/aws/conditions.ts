// IAM's condition operators. Keys are compared without regard to case, values with it; wildcards work only where an operator says so.
import { BlockList, isIP } from 'node:net';

/** What is known of a request: condition keys in lower case, each with its values. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

export interface Condition {
  readonly operator: Operator;
  readonly key: string;
  readonly values: readonly string[];
}

export interface Operator {
  readonly name: string;
  readonly quantifier?: 'any' | 'all';
  readonly ifExists: boolean;
  readonly negated: boolean;
  /** Whether one value of the request matches one value of the policy, before negation. */
  matches(actual: string, wanted: string): boolean;
}

type Match = Operator['matches'];

const number =
  (compare: (a: number, b: number) => boolean): Match =>
  (actual, wanted) =>
    compare(Number(actual), Number(wanted));
const date =
  (compare: (a: number, b: number) => boolean): Match =>
  (actual, wanted) =>
    compare(instant(actual), instant(wanted));

/** Positive forms; `Not` before `Equals` or `Like` makes the negated one. */
const MATCHES: Readonly<Record<string, Match>> = {
  StringEquals: (actual, wanted) => actual === wanted,
  StringEqualsIgnoreCase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  StringLike: wildcardMatch,
  ArnEquals: arnMatch,
  ArnLike: arnMatch,
  Bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  IpAddress: inRange,
  NumericEquals: number((a, b) => a === b),
  NumericLessThan: number((a, b) => a < b),
  NumericLessThanEquals: number((a, b) => a <= b),
  NumericGreaterThan: number((a, b) => a > b),
  NumericGreaterThanEquals: number((a, b) => a >= b),
  DateEquals: date((a, b) => a === b),
  DateLessThan: date((a, b) => a < b),
  DateLessThanEquals: date((a, b) => a <= b),
  DateGreaterThan: date((a, b) => a > b),
  DateGreaterThanEquals: date((a, b) => a >= b),
  Null: () => false, // asks for the key's absence, not for a value: see holds()
};

/** An operator by its full name (`ForAnyValue:StringLikeIfExists`); undefined where IAM has none of that name. */
export function operatorOf(full: string): Operator | undefined {
  const [, set, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/.exec(full) ?? [];
  const negated = /^(String|Arn|Numeric|Date)Not|^NotIpAddress$/.test(name);
  const positive = negated ? name.replace('Not', '') : name;
  const matches = Object.hasOwn(MATCHES, positive) ? MATCHES[positive] : undefined;
  if (matches === undefined || (name === 'Null' && (ifExists || set))) return undefined;
  return {
    name,
    negated,
    matches,
    ifExists: ifExists !== undefined,
    ...(set !== undefined && { quantifier: set === 'ForAnyValue' ? 'any' : 'all' }),
  };
}

/** Whether a condition holds for a request. */
export function holds({ operator, key, values }: Condition, context: RequestContext): boolean {
  const actual = context.get(key.toLowerCase()) ?? [];
  if (operator.name === 'Null')
    return values.some((value) => (value.toLowerCase() === 'true') === (actual.length === 0));
  if (actual.length === 0) return holdsWithoutKey(operator);
  const fits = (one: string) => values.some((wanted) => operator.matches(one, wanted)) !== operator.negated;
  const all = operator.quantifier === 'all' || (operator.quantifier === undefined && operator.negated);
  return all ? actual.every(fits) : actual.some(fits);
}

/** A key that the request does not have: true for ForAllValues and IfExists, false for ForAnyValue, else true only if negated. */
function holdsWithoutKey({ ifExists, quantifier, negated }: Operator): boolean {
  if (ifExists || quantifier === 'all') return true;
  return quantifier === 'any' ? false : negated;
}

/** `*` is any run of characters, `?` one; everything else is itself. */
export function wildcardMatch(actual: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(actual);
}

/** Part by part of the six that an ARN has, so that a wildcard does not reach across a colon before the resource. */
function arnMatch(actual: string, pattern: string): boolean {
  const parts = split(actual);
  const wanted = split(pattern);
  return parts.length === 6 && wanted.length === 6 && wanted.every((part, i) => wildcardMatch(parts[i] ?? '', part));
}

function split(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}

/** ISO 8601 or seconds since the epoch; not a number for anything else, which no comparison holds for. */
function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function inRange(actual: string, range: string): boolean {
  const [network = '', prefix] = range.split('/');
  const family = isIP(network);
  if (family === 0 || family !== isIP(actual)) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(network, Number(prefix ?? (family === 4 ? 32 : 128)), kind);
  return block.check(actual, kind);
}
