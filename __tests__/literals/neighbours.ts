// The tokens that are nearest to one: what a trust of least privilege must refuse, one difference at a time.
import type { Claims } from '../../src/core/claims.ts';

export interface Neighbour {
  readonly name: string;
  readonly claims: Claims;
  /** The claim that tells it apart, where the subject does not. */
  readonly by: string;
}

const PULL = 'refs/pull/8/merge';
const STRANGER = 'stranger/workflows/.github/workflows/steal.yml@refs/heads/main';

const text = (claims: Claims, name: string) => String(claims[name] ?? '');
const replaced = (claims: Claims, name: string, from: string | RegExp, to: string) =>
  text(claims, name).replace(from, to);

/** A job's own workflow follows its ref; a reusable one stays what it is. */
function onRef(claims: Claims, ref: string): Claims {
  const own = text(claims, 'job_workflow_ref').startsWith(`${text(claims, 'repository')}/`);
  return { ...claims, ref, ...(own && { job_workflow_ref: replaced(claims, 'job_workflow_ref', /@.*/, `@${ref}`) }) };
}

/** Some differ in what this token does not have: then they are left out. */
export function neighboursOf(claims: Claims): Neighbour[] {
  const inEnvironment = claims.environment !== undefined;
  const isPull = claims.event_name === 'pull_request';
  const other = onRef(claims, 'refs/heads/other');
  const pulled: Claims = { ...onRef(claims, PULL), event_name: 'pull_request' };
  const context = /(?<=:)(ref:.*|pull_request|environment:[^:]*)$/;
  const moved = (to: string) => replaced(claims, 'sub', context, to);
  const found: (Neighbour | false)[] = [
    {
      name: 'another repository',
      by: 'sub',
      claims: {
        ...claims,
        sub: text(claims, 'sub').replaceAll('octo-repo', 'other-repo').replaceAll('456789', '999'),
        repository: 'octo-org/other-repo',
        repository_id: '999',
        job_workflow_ref: replaced(claims, 'job_workflow_ref', 'octo-repo', 'other-repo'),
      },
    },
    {
      name: 'a repository that took the name',
      by: 'repository_id',
      claims: { ...claims, sub: text(claims, 'sub').replaceAll('456789', '999'), repository_id: '999' },
    },
    !inEnvironment &&
      !isPull && { name: 'another branch', by: 'ref', claims: { ...other, sub: moved('ref:refs/heads/other') } },
    !inEnvironment && {
      name: 'an environment',
      by: 'sub',
      claims: { ...claims, sub: moved('environment:production'), environment: 'production' },
    },
    !inEnvironment &&
      !isPull && { name: 'a pull request', by: 'ref', claims: { ...pulled, sub: moved('pull_request') } },
    inEnvironment && { name: 'the environment from another branch', by: 'ref', claims: other },
    inEnvironment && { name: 'the environment from a pull request', by: 'ref', claims: pulled },
    inEnvironment && {
      name: 'another environment',
      by: 'environment',
      claims: { ...claims, sub: moved('environment:staging'), environment: 'staging' },
    },
    isPull && {
      name: 'a branch',
      by: 'sub',
      claims: { ...onRef(claims, 'refs/heads/main'), sub: moved('ref:refs/heads/main'), event_name: 'push' },
    },
    { name: 'another workflow', by: 'job_workflow_ref', claims: { ...claims, job_workflow_ref: STRANGER } },
  ];
  return found.filter((neighbour) => neighbour !== false);
}
