// One stage of a step while it runs: what it may set, and the record of it.
import { type Context, githubEnv, runnerEnv } from './context.ts';
import { interpolate, type Scope } from './expression.ts';
import type { JobState, Planned, StepFacts, StepView } from './job-state.ts';
import type { Log } from './log.ts';
import type { Conclusion, StepResult } from './result.ts';
import { stepScope } from './step-scope.ts';

export class StepRun {
  readonly job: JobState;
  readonly planned: Planned;
  readonly log: Log;
  readonly view: StepView;
  /** The env context: the job's and exported variables, then `env:` of the steps around, then its own. */
  readonly env: Map<string, string>;
  /** `env:` of the steps around and its own: what steps inside it inherit. */
  readonly ownEnv: Map<string, string>;
  readonly github: Context;
  /** Aborted when this stage must end: cancelled, or out of time. */
  readonly control = new AbortController();
  readonly record: StepResult;
  echo: boolean;
  failed = false;
  /** Milliseconds of the machine's clock. */
  deadline: number | undefined;
  readonly #outputs: Record<string, string> = {};
  readonly #state: Record<string, string> = {};
  readonly #exported: Record<string, string> = {};
  readonly #paths: string[] = [];

  constructor(job: JobState, planned: Planned, name: string) {
    this.job = job;
    this.planned = planned;
    this.log = planned.frame.log.child(name);
    this.env = new Map([...job.env, ...planned.frame.env]);
    this.ownEnv = new Map(planned.frame.env);
    this.echo = job.log.verbose;
    const { actionPath } = planned.frame;
    this.github = {
      ...job.github,
      action: planned.action,
      ...(actionPath === undefined ? {} : { action_path: actionPath }),
    };
    const { step, stage, frame } = planned;
    const kind = step.run !== undefined ? 'run' : stage;
    const optional = {
      ...(step.id === undefined ? {} : { id: step.id }),
      ...(step.uses === undefined ? {} : { uses: step.uses }),
      ...(frame.within === undefined ? {} : { within: frame.within }),
    };
    this.view = { job: job.id, name, kind, ...optional };
    this.record = {
      ...{ ...this.view, status: 'completed', outcome: 'success', conclusion: 'success', start: Date.now(), end: 0 },
      ...{ log: this.log.lines, stdout: '', stderr: '', env: {}, argv: [], summary: '', commandFiles: {}, journal: [] },
      ...{ outputs: this.#outputs, state: this.#state, exported: this.#exported, paths: this.#paths },
      annotations: this.log.annotations,
    };
    job.results.push(this.record);
  }

  /** What its expressions see now. */
  scope(): Scope {
    return stepScope(this);
  }

  text(value: unknown): string {
    return interpolate(value, this.scope());
  }

  /** The process environment, in the runner's order: what comes later wins. `inputs` and `state` are the INPUT_ and STATE_ variables. */
  processEnv(
    inputs: Readonly<Record<string, string>>,
    services: Readonly<Record<string, string>>,
  ): Record<string, string> {
    const { job } = this;
    const state = this.planned.stage === 'post' ? (job.states.get(this.planned.key) ?? []) : [];
    const env: Record<string, string> = { ...job.machineEnv, ...Object.fromEntries(this.env) };
    for (const [name, value] of state) env[`STATE_${name}`] = value;
    Object.assign(env, inputs);
    if (job.paths.length > 0) env.PATH = [...job.paths.toReversed(), env.PATH ?? ''].join(':');
    Object.assign(env, githubEnv(this.github), runnerEnv(job.runner), services, { GITHUB_ACTIONS: 'true' });
    env.CI ??= 'true';
    return env;
  }

  setEnv(name: string, value: string): void {
    this.job.env.set(name, value);
    this.env.set(name, value);
    this.#exported[name] = value;
    this.log.debug(`${name}='${value}'`);
  }

  addPath(folder: string): void {
    this.job.paths = [...this.job.paths.filter((path) => path !== folder), folder];
    this.#paths.push(folder);
  }

  setOutput(name: string, value: string): void {
    this.#outputs[name] = value;
    const { step } = this.planned;
    if (step.id !== undefined && this.planned.stage === 'main') this.facts().outputs[name] = value;
    this.log.debug(`Set output ${name} = ${value}`);
  }

  /** State names ignore case: the last spelling and value win. */
  saveState(name: string, value: string): void {
    const state = this.job.states.get(this.planned.key) ?? new Map<string, string>();
    const earlier = [...state.keys()].find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
    state.set(earlier, value);
    this.job.states.set(this.planned.key, state);
    this.#state[earlier] = value;
    this.log.debug(`Save intra-action state ${name} = ${value}`);
  }

  /** An error that ends nothing by itself, but fails the step. */
  fail(message: string): void {
    this.log.error(message);
    this.failed = true;
  }

  /** Its entry in the steps context. */
  facts(): StepFacts {
    const { frame, step, key } = this.planned;
    const scope = this.job.facts.get(frame.scope) ?? new Map<string, StepFacts>();
    this.job.facts.set(frame.scope, scope);
    const facts = scope.get(step.id ?? key) ?? { outputs: {} };
    scope.set(step.id ?? key, facts);
    return facts;
  }

  /** Closes the record. */
  end(outcome: Conclusion, conclusion: Conclusion): void {
    Object.assign(this.record, { outcome, conclusion, end: Date.now() });
    if (outcome === 'skipped') this.record.status = 'skipped';
    if (this.planned.step.id === undefined || this.planned.stage === 'post') return;
    Object.assign(this.facts(), { outcome, conclusion });
  }
}
