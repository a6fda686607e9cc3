// Which of the presented claims a trust should hold on to, which not, and why. The token decides: a `ref` is worth something on a branch
// and nothing in a pull request (facts: github 2.2, aws 8.1, gcp 8.1, vault 8.1).
import { type Claims, claim } from './claims.ts';
import { readSubject } from './subject.ts';

/** A claim beside issuer, subject and audience that a trust of least privilege compares, where its authority can. */
export interface Bound {
  readonly claim: 'repository_id' | 'repository_owner_id' | 'environment' | 'ref' | 'job_workflow_ref';
  readonly value: string;
}

/** Refs that belong to one pull request or one merge, and do not come again. */
const PASSING = /^refs\/(pull\/|heads\/gh-readonly-queue\/)/;

/** In the order in which people read them. Those that the subject holds already are left out, but for the ids of a classic one. */
export function boundClaims(claims: Claims): Bound[] {
  const { form, context } = readSubject(claims);
  const held: Readonly<Record<Bound['claim'], boolean>> = {
    repository_id: true,
    repository_owner_id: true,
    environment: form === 'custom',
    ref: context !== 'branch' && context !== 'tag' && isLasting(claim(claims, 'ref')),
    job_workflow_ref: isLasting(claim(claims, 'job_workflow_ref')?.split('@')[1]),
  };
  const names = Object.keys(held) as Bound['claim'][];
  return names.flatMap((name) => {
    const value = claim(claims, name);
    return held[name] && value ? [{ claim: name, value }] : [];
  });
}

/** A branch, a tag or a commit: what the same job will have the next time. */
function isLasting(ref: string | undefined): boolean {
  return ref !== undefined && !PASSING.test(ref);
}

/** Whether the job's code is another workflow's than the one that was started. */
export function isReused(claims: Claims): boolean {
  const called = pathOf(claim(claims, 'job_workflow_ref'));
  const started = pathOf(claim(claims, 'workflow_ref'));
  if (called === undefined) return false;
  if (started !== undefined) return called !== started;
  const repository = claim(claims, 'repository')?.toLowerCase();
  return repository !== undefined && !called.startsWith(`${repository}/`);
}

function pathOf(workflowRef: string | undefined): string | undefined {
  return workflowRef?.split('@')[0]?.toLowerCase();
}

/** What is said of a claim: whether to bind a trust to it, and why. */
export interface Verdict {
  readonly claim: string;
  readonly bind: boolean;
  readonly why: string;
}

const ALWAYS: readonly Verdict[] = [
  { claim: 'iss', bind: true, why: 'who signed the token: the provider, letter by letter' },
  { claim: 'sub', bind: true, why: 'as a whole and by equality; it is opaque, and has more than one form' },
  { claim: 'aud', bind: true, why: 'a value that no other service takes, so that the token opens nothing else' },
];

const BOUND: Readonly<Record<Bound['claim'], string>> = {
  repository_id: 'stays with the repository; its name can pass to somebody else',
  repository_owner_id: 'stays with the owner, who may be renamed, and changes when the repository is transferred',
  environment: 'this subject does not hold it for certain',
  ref: 'the subject does not hold the branch: without it every branch and pull request that names the environment gets in',
  job_workflow_ref: 'the workflow file that runs, and its ref: best a protected branch or a commit',
};

/** In the order of the claims as they are shown; what is absent is not spoken of. */
export function verdicts(claims: Claims): Verdict[] {
  const bound = boundClaims(claims).map(({ claim: name }) => ({ claim: name, bind: true, why: BOUND[name] }));
  const names = new Set<string>(bound.map((verdict) => verdict.claim));
  const against = unbound(claims).filter((verdict) => !names.has(verdict.claim));
  return [...ALWAYS, ...bound, ...against].filter(
    ({ claim: name }) => claims[name] !== undefined && claims[name] !== '',
  );
}

function unbound(claims: Claims): Verdict[] {
  const { context } = readSubject(claims);
  const passing = claim(claims, 'event_name')?.startsWith('pull_request')
    ? 'refs/pull/NUMBER/merge is another one for each pull request'
    : 'it is of one merge, and does not come again';
  const inSubject = 'the subject holds it';
  const why: Readonly<Record<string, string>> = {
    repository: 'a name, which can be given up and taken by another: its id cannot',
    repository_owner: 'a name, which can be given up and taken by another: its id cannot',
    repository_visibility: 'one click in the settings changes it',
    environment: inSubject,
    ref: context === 'branch' || context === 'tag' ? inSubject : passing,
    event_name: 'the subject tells pull requests apart; other events say little about who started them',
    job_workflow_ref: passing,
    workflow_ref: 'names the caller; job_workflow_ref names the code that runs',
    workflow: 'a name for people: any file may give itself the same',
    actor: 'who pushed, not who may: a run that somebody else starts again keeps it, and accounts can be renamed',
    runner_environment: 'says where, not who: any job may ask for the same runners',
    enterprise: 'far too wide alone; some tenants of Entra ask for it besides',
  };
  return Object.entries(why).map(([name, because]) => ({ claim: name, bind: false, why: because }));
}
