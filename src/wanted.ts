// What somebody who sets a trust up from nothing says on the command line: which cloud, which job; and the claims that such a job will have.
import { type Checked, type Problem, Problems } from './core/checked.ts';
import type { Claims } from './core/claims.ts';
import { CLOUDS, type Cloud } from './core/input.ts';
import { nearest } from './core/nearest.ts';

/** Flags that say which job it is; all others are inputs of the cloud, without its name in front. */
export const JOB_FLAGS: Readonly<Record<string, string>> = {
  cloud: `which cloud: ${CLOUDS.join(', ')}`,
  repository: 'owner/repository, in upper and lower case as GitHub writes it',
  'owner-id': 'id of the owner; with repository-id the subject is the immutable one',
  'repository-id': "id of the repository: gh api repos/OWNER/REPO --jq '.owner.id, .id'",
  subject: 'classic or immutable; default immutable where both ids are given',
  environment: 'the environment that the job names',
  branch: 'the branch that the job runs on; with environment: the only one that may use it',
  tag: 'the tag that the job runs for',
  'pull-request': 'for jobs of pull requests (no value)',
  'job-workflow-ref': 'where a reusable workflow is to run: owner/repository/.github/workflows/file.yml@ref',
  read: 'for vault: the paths that the job reads, separated by commas; the policy is made from them',
  issuer: 'issuer of the tokens; default https://token.actions.githubusercontent.com',
};

export interface Wanted {
  readonly cloud: Cloud;
  readonly claims: Claims;
  /** Inputs of the cloud under their full names. */
  readonly inputs: ReadonlyMap<string, string>;
}

const PATTERNS: Readonly<Record<string, RegExp>> = {
  repository: /^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/,
  'owner-id': /^\d{1,20}$/,
  'repository-id': /^\d{1,20}$/,
  subject: /^(classic|immutable)$/,
  environment: /^[A-Za-z0-9._/@-]{1,255}$/,
  branch: /^[A-Za-z0-9._/@-]{1,255}$/,
  tag: /^[A-Za-z0-9._/@-]{1,255}$/,
  'pull-request': /^true$/,
  'job-workflow-ref': /^[A-Za-z0-9._/-]+\.ya?ml@[A-Za-z0-9._/-]+$/,
  read: /^[A-Za-z0-9._/@:=-]+(,[A-Za-z0-9._/@:=-]+)*$/,
  issuer: /^https:\/\/[A-Za-z0-9.-]+(\/[A-Za-z0-9._/-]*[A-Za-z0-9_-])?$/,
};

/** The flags' pairs as they stand: `--name value`, `--name=value`; `--pull-request` alone. */
export function readFlags(words: readonly string[]): Checked<ReadonlyMap<string, string>> {
  const problems = new Problems();
  const flags = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const [, name = '', inline] = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(word) ?? [];
    const alone = name === 'pull-request' || name === 'help';
    const value = inline ?? (alone ? 'true' : words[i + 1]);
    if (name !== '' && inline === undefined && !alone) i++;
    if (name === '') problems.add('trust/flags', `"${shown(word)}" is no flag. Flags are written --name value.`);
    else if (value === undefined || (inline === undefined && value.startsWith('--')))
      problems.add('trust/flags', `--${name}: has no value.`);
    else if (flags.has(name)) problems.add('trust/flags', `--${name}: is given twice.`);
    else flags.set(name, value);
  }
  return problems.list.length > 0 ? { ok: false, problems: problems.list } : { ok: true, value: flags };
}

/** `known`: the inputs of each cloud, by full name. All problems at once. */
export function wanted(
  flags: ReadonlyMap<string, string>,
  known: (cloud: Cloud) => readonly string[],
): Checked<Wanted> {
  const problems = new Problems();
  const cloud = CLOUDS.find((name) => name === flags.get('cloud'));
  if (!cloud) problems.add('trust/flags', `--cloud: is required. It takes ${CLOUDS.join(', ')}.`);
  for (const [name, pattern] of Object.entries(PATTERNS)) {
    const value = flags.get(name);
    if (value !== undefined && !pattern.test(value)) problems.list.push(unfit(name, value));
  }
  problems.list.push(...contradictions(flags));
  const inputs = new Map<string, string>();
  for (const [name, value] of flags) {
    if (Object.hasOwn(JOB_FLAGS, name)) continue;
    const full = `${cloud}-${name}`;
    if (cloud && !known(cloud).includes(full)) problems.list.push(unknown(name, cloud, known(cloud)));
    inputs.set(full, value);
  }
  const paths = flags.get('read');
  if (paths !== undefined)
    inputs.set(
      'vault-secrets',
      paths
        .split(',')
        .map((path) => `${path} *`)
        .join('\n'),
    );
  if (problems.list.length > 0 || !cloud) return { ok: false, problems: problems.list };
  return { ok: true, value: { cloud, inputs, claims: claimsOf(flags) } };
}

function unfit(name: string, value: string): Problem {
  return { id: 'trust/flags', message: `--${name}: "${shown(value)}" cannot be taken. It takes ${JOB_FLAGS[name]}.` };
}

function unknown(name: string, cloud: Cloud, known: readonly string[]): Problem {
  const names = [...Object.keys(JOB_FLAGS), ...known.map((input) => input.slice(cloud.length + 1))];
  const near = nearest(name, names);
  return {
    id: 'trust/flags',
    message: `--${name}: there is no such flag for ${cloud}.${near ? ` Did you mean --${near}?` : ''}`,
  };
}

function contradictions(flags: ReadonlyMap<string, string>): Problem[] {
  const found: string[] = [];
  const given = (...names: string[]) => names.filter((name) => flags.has(name));
  if (!flags.has('repository')) found.push(`--repository: is required. It takes ${JOB_FLAGS.repository}.`);
  const refs = given('branch', 'tag', 'pull-request');
  if (refs.length > 1) found.push(`--${refs.join(' and --')}: a job runs for one of them.`);
  if (refs.length === 0 && !flags.has('environment'))
    found.push(
      '--environment, --branch, --tag or --pull-request: one is required; an environment with reviewers is the best.',
    );
  if (given('owner-id', 'repository-id').length === 1) found.push('--owner-id and --repository-id: both or none.');
  if (flags.get('subject') === 'immutable' && !flags.has('owner-id'))
    found.push('--subject immutable: needs --owner-id and --repository-id, which are part of it.');
  if (flags.has('read') && flags.get('cloud') !== 'vault') found.push('--read: is for vault alone.');
  return found.map((message) => ({ id: 'trust/flags', message }));
}

function shown(value: string | undefined): string {
  return (value ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
}

/** The claims of such a job, but for `aud`, which is the cloud's (facts: github 2.1, 2.2). */
function claimsOf(flags: ReadonlyMap<string, string>): Claims {
  const get = (name: string) => flags.get(name) ?? '';
  const [owner = '', repository = ''] = get('repository').split('/');
  const ids = flags.has('owner-id');
  const immutable = ids && flags.get('subject') !== 'classic';
  const prefix = immutable
    ? `repo:${owner}@${get('owner-id')}/${repository}@${get('repository-id')}`
    : `repo:${owner}/${repository}`;
  const ref = refOf(flags);
  return {
    iss: flags.get('issuer') ?? 'https://token.actions.githubusercontent.com',
    sub: `${prefix}:${contextOf(flags, ref)}`,
    repository: get('repository'),
    repository_owner: owner,
    event_name: flags.has('pull-request') ? 'pull_request' : 'push',
    ...(ids && { repository_id: get('repository-id'), repository_owner_id: get('owner-id') }),
    ...(ref && { ref }),
    ...(flags.has('environment') && { environment: get('environment') }),
    ...(flags.has('job-workflow-ref') && { job_workflow_ref: get('job-workflow-ref') }),
  };
}

function refOf(flags: ReadonlyMap<string, string>): string | undefined {
  const [branch, tag] = [flags.get('branch'), flags.get('tag')];
  return branch ? `refs/heads/${branch}` : tag ? `refs/tags/${tag}` : undefined;
}

/** An environment wins over all else. */
function contextOf(flags: ReadonlyMap<string, string>, ref: string | undefined): string {
  if (flags.has('environment')) return `environment:${flags.get('environment')}`;
  return flags.has('pull-request') ? 'pull_request' : `ref:${ref}`;
}
