// Advice: rules as data that turn an authority's answer into a cause with a stable id and what to do. Pure, and without the network.
import type { Claims } from './claims.ts';
import type { Evidence, Failure } from './failure.ts';
import { plain } from './plain.ts';

/** What advice is made from. */
export interface Facts<Request> {
  readonly failure: Failure;
  readonly evidence: Evidence;
  readonly request: Request;
  readonly claims: Claims;
}

type Words<F, T> = T | ((facts: F) => T);

/** The first rule whose conditions all hold gives its id and words. */
export interface Rule<Request> {
  /** Stable: the README's troubleshooting is keyed by it. */
  readonly id: string;
  /** Id of the failure as it was thrown. */
  readonly from?: string;
  readonly status?: number;
  readonly code?: RegExp;
  /** In the authority's own text, in upper or lower case: its versions differ in that. */
  readonly said?: RegExp;
  /** One line. */
  readonly cause: Words<Facts<Request>, string>;
  /** Imperative sentences, each at most 300 characters. */
  readonly fixes: Words<Facts<Request>, readonly string[]>;
}

/** A cause that the answer does not tell from others. */
export interface Cause<F> {
  /** How likely, as far as this token and request show; 0: it cannot be. */
  readonly weight: number | ((facts: F) => number);
  /** What it is, and how to tell. */
  readonly tell: (facts: F) => string;
}

/**
 * The failure in the words of the first rule that fits. Without one it stays what it is, and gets `general` where it came without fixes.
 * Every fix passes through `plain`: whatever a claim or an answer holds, it is one line without a command or a token.
 */
export function adviseBy<Request>(
  rules: readonly Rule<Request>[],
  general: readonly string[],
  failure: Failure,
  request: Request,
  claims: Claims,
): Failure {
  const facts: Facts<Request> = { failure, evidence: failure.evidence, request, claims };
  const rule = rules.find((candidate) => fits(candidate, failure));
  if (rule) {
    const { cause, fixes } = wordsOf(rule, facts);
    return failure.advised(cause, fixes, rule.id);
  }
  return failure.fixes.length > 0 ? failure : failure.advised(failure.message, general.map(plain));
}

/** What a rule says of these facts: also what the troubleshooting page is made from. */
export function wordsOf<Request>(
  rule: Rule<Request>,
  facts: Facts<Request>,
): { readonly cause: string; readonly fixes: readonly string[] } {
  return { cause: plain(said(rule.cause, facts)), fixes: said(rule.fixes, facts).map(plain) };
}

function fits(rule: Omit<Rule<never>, 'cause' | 'fixes'>, failure: Failure): boolean {
  const { status, code = '', said: text = '' } = failure.evidence;
  return (
    (rule.from === undefined || rule.from === failure.id) &&
    (rule.status === undefined || rule.status === status) &&
    (rule.code === undefined || rule.code.test(code)) &&
    (rule.said === undefined || new RegExp(rule.said, 'i').test(text))
  );
}

function said<F, T>(words: Words<F, T>, facts: F): T {
  return typeof words === 'function' ? (words as (facts: F) => T)(facts) : words;
}

/** The causes that can be, numbered, the likeliest first; those of the same weight in the order of the table. */
export function ranked<F>(causes: readonly Cause<F>[], facts: F): string[] {
  const weigh = ({ weight }: Cause<F>) => (typeof weight === 'number' ? weight : weight(facts));
  const possible = causes.map((cause) => ({ cause, weight: weigh(cause) })).filter(({ weight }) => weight > 0);
  possible.sort((a, b) => b.weight - a.weight);
  if (possible.length === 1) return possible.map(({ cause }) => cause.tell(facts));
  return possible.map(({ cause }, i) => `Possible cause ${i + 1} of ${possible.length}: ${cause.tell(facts)}`);
}
