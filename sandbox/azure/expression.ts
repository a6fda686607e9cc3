// Flexible federated credentials: `claims['sub'] matches 'repo:octo-org/*' and claims['job_workflow_ref'] eq '...'` (facts: azure 8.1).

interface Comparison {
  readonly claim: string;
  readonly operator: 'eq' | 'matches';
  readonly pattern: string;
}

/** The claims that Entra lets an expression name for GitHub's issuer. */
const ALLOWED_CLAIMS = new Set(['sub', 'job_workflow_ref']);
const COMPARISON = /^claims\['([^']+)'\]\s+(eq|matches)\s+'((?:[^'\\]|\\.)*)'/;

/** Whether the claims satisfy the expression. One that does not parse, or names another claim, satisfies nobody. */
export function satisfies(claims: Readonly<Record<string, unknown>>, expression: string): boolean {
  const comparisons = parse(expression);
  return comparisons?.every((comparison) => holds(comparison, claims)) === true;
}

function parse(expression: string): Comparison[] | undefined {
  const comparisons: Comparison[] = [];
  let rest = expression.trim();
  for (;;) {
    const [whole, claim, operator, pattern] = COMPARISON.exec(rest) ?? [];
    if (whole === undefined || claim === undefined || pattern === undefined) return undefined;
    if (!ALLOWED_CLAIMS.has(claim)) return undefined;
    comparisons.push({ claim, operator: operator === 'eq' ? 'eq' : 'matches', pattern });
    rest = rest.slice(whole.length).trimStart();
    if (rest === '') return comparisons;
    if (!/^and\s/.test(rest)) return undefined;
    rest = rest.slice('and'.length).trimStart();
  }
}

function holds({ claim, operator, pattern }: Comparison, claims: Readonly<Record<string, unknown>>): boolean {
  const value = claims[claim];
  if (typeof value !== 'string') return false;
  return operator === 'eq' ? value === pattern : wildcard(pattern).test(value);
}

/** `*` is any run of characters, `?` any one; everything else is itself, in its own case. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (sign) =>
    sign === '*' ? '.*' : sign === '?' ? '.' : `\\${sign}`,
  );
  return new RegExp(`^${source}$`, 's');
}
