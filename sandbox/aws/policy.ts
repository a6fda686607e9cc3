// IAM's decision over policies: an explicit Deny wins, an Allow is needed, and what nobody speaks of is denied.
import { holds, type RequestContext, wildcardMatch } from './conditions.ts';
import type { Policy, Selection, Statement } from './document.ts';

export type Decision = 'allow' | 'explicit deny' | 'implicit deny';

export interface Question {
  /** `sts:AssumeRole`. */
  readonly action: string;
  /** ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  readonly context: RequestContext;
}

/** The decision of a set of policies that add up. `speaks` says which statements are meant for this caller. */
export function decide(
  policies: readonly Policy[],
  question: Question,
  speaks: (statement: Statement) => boolean = () => true,
): Decision {
  const applying = policies.flat().filter((statement) => speaks(statement) && applies(statement, question));
  if (applying.some(({ effect }) => effect === 'Deny')) return 'explicit deny';
  return applying.length > 0 ? 'allow' : 'implicit deny';
}

function applies({ actions, resources, conditions }: Statement, { action, resource, context }: Question): boolean {
  const actionFits = selects(actions, (pattern) => wildcardMatch(action.toLowerCase(), pattern.toLowerCase()));
  const resourceFits = selects(resources, (pattern) => wildcardMatch(resource, pattern));
  return actionFits && resourceFits && conditions.every((condition) => holds(condition, context));
}

function selects({ patterns, inverted }: Selection, fits: (pattern: string) => boolean): boolean {
  return patterns.some(fits) !== inverted;
}
