// Runs a workflow file as its author wrote it, by the rules of GitHub's own runner, on this machine and in a folder of its own.
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { githubContext } from './context.ts';
import { holds } from './expression.ts';
import { toData } from './expression-data.ts';
import type { Event } from './identity.ts';
import { realGraces } from './interruption.ts';
import { runJob } from './job.ts';
import { setUpJob } from './job-setup.ts';
import { remove } from './machine.ts';
import type { RunOptions } from './options.ts';
import type { Conclusion, JobResult, Leftover, RunResult, StepResult } from './result.ts';
import { type Job, needsOf, order, readWorkflow, type Workflow } from './workflow.ts';

/** Everything the jobs of one run have in common. */
interface Session {
  readonly options: RunOptions;
  readonly workflow: Workflow;
  readonly event: Event;
  readonly root: string;
  readonly cancel: AbortSignal;
  readonly jobs: Map<string, JobResult>;
  readonly steps: StepResult[];
  readonly leftovers: Leftover[];
  readonly masks: Set<string>;
}

/**
 * Runs the workflow's jobs one after another in the order of their needs. Throws only where GitHub would refuse the workflow file
 * (or this runner does not play a part of it); whatever a job does is in the result. Call `dispose()` on it at the end.
 */
export async function runWorkflow(options: RunOptions): Promise<RunResult> {
  const workflow = await readWorkflow(options.workflow);
  const ids = order(workflow, options.job);
  const session: Session = {
    ...{ options, workflow, jobs: new Map(), steps: [], leftovers: [], masks: new Set<string>() },
    event: options.event ?? { name: 'push', payload: { ref: 'refs/heads/main' } },
    root: realpathSync(mkdtempSync(join(tmpdir(), 'runner-'))),
    cancel: options.cancel ?? new AbortController().signal,
  };
  try {
    for (const id of ids) await playJob(session, id, workflow.jobs[id] ?? {});
  } catch (error) {
    remove(session.root);
    throw error;
  }
  const jobs = [...session.jobs.values()];
  const { steps, leftovers, root } = session;
  const [result] = (['cancelled', 'failure'] as const).filter((bad) => jobs.some((job) => job.result === bad));
  const log = jobs.flatMap((job) => job.log);
  return {
    result: result ?? 'success',
    jobs,
    steps,
    log,
    masks: [...session.masks],
    leftovers,
    root,
    dispose: () => remove(root),
  };
}

async function playJob(session: Session, id: string, written: Job): Promise<void> {
  const needs = needsContext(session, written);
  if (!wanted(session, written, needs)) {
    const result = session.cancel.aborted ? 'cancelled' : 'skipped';
    session.jobs.set(id, { id, result, outputs: {}, log: [], annotations: [] });
    return;
  }
  // A job that runs out of its own time is cancelled like one whose user has had enough.
  const late = new AbortController();
  const cancel = AbortSignal.any([session.cancel, late.signal]);
  const { options, workflow, event, steps } = session;
  const job = await setUpJob({
    options,
    workflow,
    event,
    id,
    written,
    needs,
    cancel,
    steps,
    root: join(session.root, id),
  });
  const minutes = Number(written['timeout-minutes'] ?? 360);
  const timer = setTimeout(() => late.abort(), minutes * (options.graces?.minute ?? realGraces.minute));
  const result = await runJob(job, written).finally(() => clearTimeout(timer));
  session.leftovers.push(...job.machine.leftovers());
  job.machine.emptyTemp();
  for (const value of job.log.masker.values()) session.masks.add(value);
  const continues = written['continue-on-error'] === true && result.result === 'failure';
  session.jobs.set(id, continues ? { ...result, result: 'success' } : result);
}

function needsContext(session: Session, job: Job): Record<string, { result: Conclusion; outputs: object }> {
  return Object.fromEntries(
    needsOf(job).map((id) => {
      const { result, outputs } = session.jobs.get(id) ?? { result: 'skipped' as const, outputs: {} };
      return [id, { result, outputs }];
    }),
  );
}

// A job whose needs did not all succeed is skipped, unless its own condition asks for more.
function wanted(session: Session, job: Job, needs: Record<string, { result: Conclusion }>): boolean {
  const results = Object.values(needs).map((need) => need.result);
  const status = results.includes('failure')
    ? 'failure'
    : results.every((r) => r === 'success')
      ? 'success'
      : 'skipped';
  const { options, event, workflow } = session;
  const github = githubContext({ workflow, event, token: '', ...(options.github && { github: options.github }) }, '');
  const plain = { github, needs, vars: options.vars ?? {}, inputs: options.inputs ?? {} };
  const contexts = Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, toData(value)]));
  return holds(job.if, { contexts, status, cancelled: session.cancel.aborted, workspace: session.root });
}
