// The github and runner contexts, and the GITHUB_ and RUNNER_ variables that the runner makes of them at the start of each step.
import { arch } from 'node:process';
import type { Event, Identity } from './identity.ts';
import type { Machine } from './machine.ts';
import type { Workflow } from './workflow.ts';

export type Context = Record<string, unknown>;

/** Facts of a run that no claims and no option gave: one of GitHub's own example repositories. */
const defaults: Context = {
  repository: 'octo-org/octo-repo',
  repository_id: '1296269',
  repository_owner: 'octo-org',
  repository_owner_id: '583231',
  actor: 'octocat',
  actor_id: '583231',
  ref: 'refs/heads/main',
  ref_protected: false,
  sha: '7fd1a60b01f91b314f59955a4e4d4e80d8edf11d',
  base_ref: '',
  head_ref: '',
  run_id: '1234567890',
  run_number: '42',
  run_attempt: '1',
  retention_days: '90',
  server_url: 'https://github.com',
  api_url: 'https://api.github.com',
  graphql_url: 'https://api.github.com/graphql',
  secret_source: 'Actions',
};

/** Claims that carry the same fact under the same name. */
const sharedWithClaims = [
  ...['repository', 'repository_id', 'repository_owner', 'repository_owner_id', 'actor', 'actor_id', 'ref', 'ref_type'],
  ...['sha', 'base_ref', 'head_ref', 'run_id', 'run_number', 'run_attempt', 'event_name', 'workflow', 'workflow_ref'],
  'workflow_sha',
];

export interface Run {
  readonly workflow: Workflow;
  readonly event: Event;
  readonly identity?: Identity;
  /** Facts that win over the claims and the defaults. */
  readonly github?: Readonly<Record<string, unknown>>;
  /** GITHUB_TOKEN of the job. */
  readonly token: string;
}

/** The github context of one job, before the runner adds its own paths. */
export function githubContext(run: Run, job: string): Context {
  const claims = run.identity?.claims ?? {};
  const claimed = sharedWithClaims.filter((name) => claims[name] !== undefined);
  const fromClaims = Object.fromEntries(claimed.map((name) => [name, claims[name]]));
  const facts: Context = { ...defaults, event_name: run.event.name, ...fromClaims, ...run.github };
  const ref = String(facts.ref);
  return {
    workflow: run.workflow.name,
    workflow_ref: `${facts.repository}/${run.workflow.file}@${ref}`,
    workflow_sha: facts.sha,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    triggering_actor: facts.actor,
    repositoryUrl: `git://github.com/${facts.repository}.git`,
    ...facts,
    event: run.event.payload,
    token: run.token,
    job,
  };
}

export function runnerContext(machine: Machine, debug: boolean): Record<string, string> {
  return {
    ...(debug ? { debug: '1' } : {}),
    os: 'Linux',
    arch: arch === 'arm64' ? 'ARM64' : 'X64',
    name: 'sandbox-runner',
    environment: 'github-hosted',
    tool_cache: machine.toolCache,
    temp: machine.temp,
    workspace: machine.pipeline,
  };
}

/** GITHUB_*: the facts that the runner hands to processes. The token and the payload are not among them. */
export function githubEnv(context: Context): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of inEnvironment) {
    const value = context[name];
    if (typeof value === 'string' || typeof value === 'boolean') env[`GITHUB_${name.toUpperCase()}`] = String(value);
  }
  return env;
}

/** RUNNER_*: all of that context. */
export function runnerEnv(context: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [`RUNNER_${name.toUpperCase()}`, value]));
}

const inEnvironment = [
  ...['action', 'action_path', 'action_ref', 'action_repository', 'actor', 'actor_id', 'api_url', 'base_ref', 'env'],
  ...['event_name', 'event_path', 'graphql_url', 'head_ref', 'job', 'output', 'path', 'ref', 'ref_name'],
  ...['ref_protected', 'ref_type', 'repository', 'repository_id', 'repository_owner', 'repository_owner_id'],
  ...['retention_days', 'run_attempt', 'run_id', 'run_number', 'server_url', 'sha', 'state', 'step_summary'],
  ...['triggering_actor', 'workflow', 'workflow_ref', 'workflow_sha', 'workspace'],
];
