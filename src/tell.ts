// What main says, in the log and in the job summary: the plan, what was issued and how it will end, or what failed and what to do.

import { Budget } from './core/budget.ts';
import type { Problem } from './core/checked.ts';
import { type Claims, claim, SHOWN_CLAIMS } from './core/claims.ts';
import type { Failure } from './core/failure.ts';
import type { Grant } from './core/grant.ts';
import type { Runner } from './core/ports.ts';
import { claimLines, endingOf, failureLines } from './core/words.ts';
import type { World } from './core/world.ts';
import type { Orders } from './inputs/index.ts';
import type { Setback } from './setback.ts';
import { networkSettings } from './settings.ts';
import { failureSummary, grantSummary } from './summary.ts';

/** Every problem with the inputs, one annotation each; the step fails and nothing has been done. */
export function tellProblems(problems: readonly Problem[], runner: Runner): void {
  for (const problem of problems) runner.error(`[${problem.id}] ${problem.message}`);
  runner.fail();
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
  runner.summarize(grantSummary(credentials, claim(claims ?? {}, 'repository_visibility') === 'public'));
}

/** One annotation a failure; the evidence, the claims and the trust that would accept them in the log. Fails the step. */
export async function tellFailures(
  setbacks: readonly Setback[],
  claims: Claims | undefined,
  orders: Orders,
  world: World,
): Promise<void> {
  const { runner } = world;
  const advised = await Promise.all(setbacks.map((setback) => counselled(setback, claims)));
  for (const { failure, trust } of advised) {
    runner.error(`[${failure.id}] ${failure.message}`);
    runner.group(`What to do about [${failure.id}]`, [...failureLines(failure), ...trust]);
  }
  if (claims) runner.group('Claims that were presented', claimLines(claims, SHOWN_CLAIMS));
  const hint = advised.some((a) => a.trust.length > 0) ? await customisation(orders, world) : undefined;
  if (hint) runner.say(hint);
  if (orders.common.summary.value !== 'false')
    runner.summarize(
      failureSummary(
        advised.map((a) => a.failure),
        claims,
      ),
    );
  runner.writeOutputs(new Map([['federated', 'false']]));
  runner.fail();
}

async function counselled(
  { failure, task }: Setback,
  claims: Claims | undefined,
): Promise<{ failure: Failure; trust: readonly string[] }> {
  if (!task || !claims) return { failure, trust: [] };
  return task.counsel(failure, claims);
}

/** With `github-token`: how this repository's subjects are built. Without it, or when GitHub does not answer, nothing: it is only advice. */
async function customisation(orders: Orders, world: World): Promise<string | undefined> {
  const token = orders.common.githubToken?.value;
  const repository = world.runner.env('GITHUB_REPOSITORY');
  if (!token || !repository) return undefined;
  const budget = new Budget(world.clock, 5_000);
  world.onCancel(() => budget.cancel());
  const transport = await world.openTransport(networkSettings(orders.common.caCertificate?.value, world), budget.cut);
  try {
    return await world.subjectCustomisation(token, repository, transport.send);
  } catch {
    return undefined;
  } finally {
    budget.close();
    transport.close();
  }
}
