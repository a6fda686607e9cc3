// Claims as GitHub presents them in the situations that advice tells apart (facts: github 2.1, 2.2).
import type { Claims } from '../../src/core/claims.ts';

/** A push to a branch; the repository sends the classic subject. */
export const BRANCH: Claims = {
  iss: 'https://token.actions.githubusercontent.com',
  sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
  aud: 'sts.amazonaws.com',
  repository: 'octo-org/octo-repo',
  repository_id: '456789',
  repository_owner: 'octo-org',
  repository_owner_id: '123456',
  ref: 'refs/heads/main',
  event_name: 'push',
  actor: 'octocat',
  job_workflow_ref: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main',
};

export const ENVIRONMENT: Claims = {
  ...BRANCH,
  sub: 'repo:octo-org/octo-repo:environment:production',
  environment: 'production',
};
export const TAG: Claims = { ...BRANCH, sub: 'repo:octo-org/octo-repo:ref:refs/tags/v1', ref: 'refs/tags/v1' };
export const PULL_REQUEST: Claims = {
  ...BRANCH,
  sub: 'repo:octo-org/octo-repo:pull_request',
  ref: 'refs/pull/7/merge',
  event_name: 'pull_request',
};
export const IMMUTABLE: Claims = { ...BRANCH, sub: 'repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main' };
/** A template of the organisation's own. */
export const CUSTOM: Claims = { ...BRANCH, sub: 'repository_owner:octo-org:runner_environment:github-hosted' };
/** In a reusable workflow of another repository: the subject is the caller's. */
export const REUSED: Claims = {
  ...BRANCH,
  job_workflow_ref: 'platform/workflows/.github/workflows/deploy.yml@refs/heads/main',
};

/** Events and people for whom no trust may be written. */
export const UNTRUSTED: readonly (readonly [string, Claims])[] = [
  ['pull_request_target', { ...BRANCH, event_name: 'pull_request_target' }],
  ['issue_comment', { ...BRANCH, event_name: 'issue_comment' }],
  ['workflow_run', { ...BRANCH, event_name: 'workflow_run' }],
  ['Dependabot', { ...PULL_REQUEST, actor: 'dependabot[bot]' }],
];
