// The time box: a session policy that denies everything after T (facts: aws 3.5). It only ever narrows a session.
import { isRecord } from '../../core/http.ts';
import { iso } from '../../core/time.ts';

/** STS refuses more characters of policy and ARNs together (facts: aws 1.1). */
export const LONGEST_POLICY = 2048;

/** Whether a time box has room beside what the user gave. */
export function boxFits(given: string | undefined, arns: readonly string[]): boolean {
  return timeBoxed(given, arns.length > 0, 0).length + arns.join('').length <= LONGEST_POLICY;
}

/**
 * The session policy `given` with a Deny from `until` (milliseconds) on. `Allow *` is added only where nobody gave a policy or ARNs:
 * beside the user's own it would undo what they narrowed.
 */
export function timeBoxed(given: string | undefined, hasArns: boolean, until: number): string {
  const deny = {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { DateGreaterThan: { 'aws:CurrentTime': iso(until) } },
  };
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
  if (given === undefined)
    return JSON.stringify({ Version: '2012-10-17', Statement: hasArns ? [deny] : [allow, deny] });
  const policy: unknown = JSON.parse(given);
  const statement = isRecord(policy) ? policy.Statement : undefined;
  const statements = Array.isArray(statement) ? statement : statement === undefined ? [] : [statement];
  return JSON.stringify({ ...(policy as object), Statement: [...statements, deny] });
}
