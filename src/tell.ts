// What main says while all is well, in the log and in the job summary: the plan, what was issued and how it will end.

import type { Problem } from './core/checked.ts';
import type { Claims } from './core/claims.ts';
import type { Grant } from './core/grant.ts';
import type { Runner } from './core/ports.ts';
import { endingOf } from './core/words.ts';
import type { Orders } from './inputs/index.ts';
import { grantSummary } from './summary.ts';

/** Every problem with the inputs, one annotation each; the step fails and nothing has been done. */
export function tellProblems(problems: readonly Problem[], runner: Runner): void {
  for (const problem of problems) runner.error(`[${problem.id}] ${problem.message}`);
  runner.fail();
  runner.writeOutputs(new Map([['federated', 'false']]));
}

export function tellPlan(orders: Orders, runner: Runner): void {
  runner.group(
    'Plan',
    orders.tasks.map((task) => task.plan.summary),
  );
}

/** Who became whom, until when, and how it will end. */
export function tellGrants(grants: readonly Grant[], claims: Claims | undefined, orders: Orders, runner: Runner): void {
  const credentials = grants.flatMap((grant) => grant.credentials);
  runner.group('Issued', [
    ...credentials.map((c) => `${c.kind}${c.scope ? ` for ${c.scope}` : ''} (${c.holder}): ${endingOf(c)}`),
    ...grants.flatMap((grant) => grant.remarks),
  ]);
  for (const warning of grants.flatMap((grant) => grant.warnings)) runner.warn(warning);
  if (orders.common.summary.value !== 'true') return;
  runner.summarize(grantSummary(grants, claims ?? {}));
}
