// What main says when something was refused: one annotation a failure; evidence, claims and the trust that would accept them in the log and in
// the summary. Loaded only then, and by `check-only`.
import { Budget } from './core/budget.ts';
import { verdictLines } from './core/claim-words.ts';
import { type Claims, SHOWN_CLAIMS } from './core/claims.ts';
import type { Runner } from './core/ports.ts';
import { placed } from './core/surroundings.ts';
import type { Counselled } from './core/task.ts';
import { claimLines, failureLines } from './core/words.ts';
import type { World } from './core/world.ts';
import type { Orders } from './inputs/index.ts';
import type { Setback } from './setback.ts';
import { networkSettings } from './settings.ts';
import { failureSummary } from './summary-failures.ts';

/** Fails the step. */
export async function tellFailures(
  setbacks: readonly Setback[],
  claims: Claims | undefined,
  orders: Orders,
  world: World,
): Promise<void> {
  const { runner } = world;
  const advised = await Promise.all(
    setbacks.map(async (setback) => {
      const counsel = await counselled(setback, claims);
      return { title: setback.task?.title, ...counsel, failure: placed(counsel.failure, runner.env) };
    }),
  );
  for (const { failure, trust } of advised) {
    runner.error(`[${failure.id}] ${failure.message}`);
    runner.group(`What to do about [${failure.id}]`, [...failureLines(failure), ...trust]);
  }
  const presented = claims && ofAllTokens(claims, orders);
  if (presented) tellClaims(presented, runner);
  const hint = advised.some((a) => a.trust.length > 0) ? await customisation(orders, world) : undefined;
  if (hint) runner.say(hint);
  if (orders.common.summary.value !== 'false') {
    const told = advised.map(({ title, failure, documents }) => ({
      failure,
      ...(title && { title }),
      ...(documents && { documents }),
    }));
    const plan = orders.tasks.map((task) => task.plan.summary);
    runner.summarize(failureSummary(told, plan, presented, hint));
  }
  runner.writeOutputs(new Map([['federated', 'false']]));
  runner.fail();
}

/** The claims that were presented, and which of them a trust should hold. */
export function tellClaims(claims: Claims, runner: Runner): void {
  runner.group('Claims that were presented', [...claimLines(claims, SHOWN_CLAIMS), '', ...verdictLines(claims)]);
}

/** The job's tokens differ in their audience alone: all of them are shown. */
export function ofAllTokens(claims: Claims, { tasks }: Orders): Claims {
  const audiences = [...new Set(tasks.flatMap((task) => Object.values(task.plan.audiences)))];
  return audiences.length > 1 ? { ...claims, aud: audiences } : claims;
}

async function counselled({ failure, task }: Setback, claims: Claims | undefined): Promise<Counselled> {
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
