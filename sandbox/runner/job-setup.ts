// What a job starts with: its disk, its identity, its masks, its environment.
import { randomBytes, randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { githubContext, runnerContext } from './context.ts';
import { interpolate } from './expression.ts';
import { type Event, environmentOf, type Identity, isFork, mayMint } from './identity.ts';
import { realGraces } from './interruption.ts';
import { jobScope } from './job.ts';
import type { JobState } from './job-state.ts';
import { Log } from './log.ts';
import { Machine } from './machine.ts';
import { Masker } from './masker.ts';
import { firstOfMatrix } from './matrix.ts';
import type { RunOptions } from './options.ts';
import type { StepResult } from './result.ts';
import type { Job, Workflow } from './workflow.ts';

export interface JobSetup {
  readonly options: RunOptions;
  readonly workflow: Workflow;
  readonly event: Event;
  readonly id: string;
  readonly written: Job;
  readonly needs: object;
  readonly cancel: AbortSignal;
  /** Where results of steps go. */
  readonly steps: StepResult[];
  /** The machine's folder. */
  readonly root: string;
}

/** Makes the machine and all that the job's steps share. Throws on an expression that cannot be evaluated in `env:`, `defaults:` or the matrix. */
export async function setUpJob(setup: JobSetup): Promise<JobState> {
  const { options, workflow, event, id, written, cancel } = setup;
  const claimed = typeof options.identity === 'function' ? undefined : options.identity?.claims?.actor;
  const actor = String(options.github?.actor ?? claimed ?? '');
  const minting = mayMint(workflow, written, event, actor);
  const identity = await identityOf(setup, minting);
  const token = `ghs_${randomBytes(27).toString('base64url').replaceAll(/[-_]/g, '0')}`;
  const facts = {
    workflow,
    event,
    token,
    ...(identity && { identity }),
    ...(options.github && { github: options.github }),
  };
  const github = githubContext(facts, id);
  const machine = new Machine(setup.root, String(github.repository));
  github.workspace = machine.workspace;
  const secrets = isFork(event) ? {} : (options.secrets ?? {});
  const runtimeToken = (minting ? identity?.requestToken : undefined) ?? randomBytes(48).toString('base64url');
  const masker = maskerFor([
    ...Object.values(secrets),
    token,
    runtimeToken,
    identity?.requestToken ?? '',
    basicAuth(token),
  ]);
  const verbose = options.debug ?? false;
  const log = new Log({ masker, verbose, ...(options.onLine && { onLine: options.onLine }) });
  const node = options.node ?? process.execPath;
  const job: JobState = {
    ...{
      id,
      machine,
      log,
      github,
      node,
      actions: options.actions,
      hooks: options.hooks ?? {},
      checkout: options.checkout ?? {},
    },
    ...{ graces: { ...realGraces, ...options.graces }, observe: options.observe ?? false, cancel },
    ...{ runner: runnerContext(machine, verbose), machineEnv: machineEnv(machine, node, options.env ?? {}) },
    serviceEnv: serviceEnv(runtimeToken, minting ? identity : undefined),
    fixed: { ...fixedContexts(options), needs: setup.needs, secrets: { ...secrets, GITHUB_TOKEN: token } },
    ...{
      defaults: {},
      env: new Map(),
      paths: [],
      status: 'success',
      checkedOut: false,
      facts: new Map(),
      states: new Map(),
    },
    ...{ posts: new Map(), stack: [], loaded: new Map(), results: setup.steps },
  };
  return withOwnSettings(job, workflow, written, options);
}

function fixedContexts(options: RunOptions): Record<string, unknown> {
  return { vars: options.vars ?? {}, inputs: options.inputs ?? {}, strategy: { 'job-index': 0, 'job-total': 1 } };
}

// Matrix first, then `env:` of workflow and job, then the defaults: each sees what came before it.
function withOwnSettings(job: JobState, workflow: Workflow, written: Job, options: RunOptions): JobState {
  const matrix = options.matrix ?? firstOfMatrix(written.strategy?.matrix, jobScope(job)) ?? null;
  const withMatrix = { ...job, fixed: { ...job.fixed, matrix } };
  for (const env of [workflow.env, written.env]) {
    const scope = jobScope(withMatrix);
    for (const [name, value] of Object.entries(env ?? {})) job.env.set(name, interpolate(value, scope));
  }
  const run = { ...workflow.defaults?.run, ...written.defaults?.run };
  const scope = jobScope(withMatrix);
  const defaults = Object.fromEntries(Object.entries(run).map(([name, value]) => [name, interpolate(value, scope)]));
  return { ...withMatrix, defaults };
}

async function identityOf({ options, event, id, written }: JobSetup, minting: boolean): Promise<Identity | undefined> {
  const { identity } = options;
  if (typeof identity !== 'function') return identity;
  const environment = environmentOf(written);
  return identity({ id, event, mayMint: minting, ...(environment === undefined ? {} : { environment }) });
}

function maskerFor(values: readonly string[]): Masker {
  const masker = new Masker();
  for (const value of values) masker.addWithLines(value.trim());
  return masker;
}

function basicAuth(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString('base64');
}

function machineEnv(machine: Machine, node: string, given: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: `${dirname(node)}:${process.env.PATH ?? '/usr/bin:/bin'}`,
    ...{ HOME: machine.home, TMPDIR: machine.tmp, LANG: 'C.UTF-8' },
    ...given,
    RUNNER_TRACKING_ID: `github_${randomUUID()}`,
  };
}

// The request token is the same as the runtime token, as on GitHub.
function serviceEnv(runtimeToken: string, identity: Identity | undefined): JobState['serviceEnv'] {
  const host = 'actions.githubusercontent.com';
  const javaScript = {
    ACTIONS_RUNTIME_URL: `https://pipelinesghubeus1.${host}/`,
    ACTIONS_RUNTIME_TOKEN: runtimeToken,
    ACTIONS_RESULTS_URL: `https://results-receiver.${host}/`,
  };
  if (identity === undefined) return { javaScript, all: {} };
  const all = {
    ACTIONS_ID_TOKEN_REQUEST_URL: identity.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: identity.requestToken,
  };
  return { javaScript, all };
}
