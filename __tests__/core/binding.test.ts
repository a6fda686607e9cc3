import { boundClaims, isReused, verdicts } from '../../src/core/binding.ts';
import type { Claims } from '../../src/core/claims.ts';
import { BRANCH, CUSTOM, ENVIRONMENT, IMMUTABLE, PULL_REQUEST, REUSED } from '../literals/presented.ts';

const IDS = ['repository_id', 'repository_owner_id'];
const PULLED = { ...PULL_REQUEST, job_workflow_ref: 'octo-org/octo-repo/.github/workflows/ci.yml@refs/pull/7/merge' };

describe('what a trust should hold beside the subject', () => {
  it.each<[string, Claims, readonly string[]]>([
    ['a branch, which the subject has', BRANCH, [...IDS, 'job_workflow_ref']],
    ['an environment: the branch too', ENVIRONMENT, [...IDS, 'ref', 'job_workflow_ref']],
    ['a pull request: nothing that changes with each', PULLED, IDS],
    [
      'a pull request into a reusable workflow',
      { ...PULLED, job_workflow_ref: REUSED.job_workflow_ref },
      [...IDS, 'job_workflow_ref'],
    ],
    ['an environment in a pull request', { ...PULLED, sub: ENVIRONMENT.sub, environment: 'production' }, IDS],
    [
      'a merge queue',
      { ...CUSTOM, ref: 'refs/heads/gh-readonly-queue/main/pr-1-abc', job_workflow_ref: undefined },
      IDS,
    ],
    [
      'a customised subject: all there is',
      { ...CUSTOM, environment: 'production' },
      [...IDS, 'environment', 'ref', 'job_workflow_ref'],
    ],
    ['a token without ids', { iss: BRANCH.iss, sub: BRANCH.sub, aud: BRANCH.aud }, []],
  ])('%s', (_, claims, names) => {
    expect(boundClaims(claims).map((bound) => bound.claim)).toEqual(names);
    for (const { claim, value } of boundClaims(claims)) expect(value).toBe(claims[claim]);
  });
});

describe('a reusable workflow', () => {
  const own = { workflow_ref: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main' };
  it.each<[string, Claims, boolean]>([
    ['of another repository', REUSED, true],
    [
      'of this repository',
      { ...BRANCH, ...own, job_workflow_ref: 'octo-org/octo-repo/.github/workflows/r.yml@main' },
      true,
    ],
    ['is not the workflow itself, at whatever ref', { ...BRANCH, ...own }, false],
    ['is not known without the claim', { ...BRANCH, job_workflow_ref: undefined }, false],
  ])('%s', (_, claims, reused) => expect(isReused(claims)).toBe(reused));
});

describe('what is said of the claims', () => {
  const said = (claims: Claims, name: string) => verdicts(claims).find((verdict) => verdict.claim === name);

  it.each([BRANCH, ENVIRONMENT, PULL_REQUEST, IMMUTABLE, CUSTOM])('names every claim once, with a reason', (claims) => {
    const names = verdicts(claims).map((verdict) => verdict.claim);
    expect(new Set(names).size).toBe(names.length);
    for (const { why } of verdicts(claims)) expect(why).toMatch(/\S{2,}/);
    expect(names.filter((name) => claims[name] === undefined)).toEqual([]);
  });
  it.each(['actor', 'repository', 'event_name'])('never to bind to %s', (name) => {
    expect(said(BRANCH, name)).toMatchObject({ bind: false });
  });
  it('not to bind to the ref of a pull request, but to that of a job in an environment', () => {
    expect(said(PULL_REQUEST, 'ref')).toMatchObject({ bind: false, why: expect.stringContaining('each pull request') });
    expect(said(ENVIRONMENT, 'ref')).toMatchObject({ bind: true });
  });
  it('nothing of what is absent', () => {
    expect(said(BRANCH, 'environment')).toBeUndefined();
  });
});
