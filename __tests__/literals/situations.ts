// Situations in which a trust is written, with the issuer that signs in each (facts: github 2.2, 2.4).
import type { Claims } from '../../src/core/claims.ts';
import { BRANCH, CUSTOM, ENVIRONMENT, IMMUTABLE, PULL_REQUEST, REUSED, TAG } from './presented.ts';

const IMMUTABLE_ENVIRONMENT: Claims = {
  ...IMMUTABLE,
  sub: 'repo:octo-org@123456/octo-repo@456789:environment:production',
  environment: 'production',
};
/** Its own workflow runs at the ref of the merge. */
const PULLED: Claims = {
  ...PULL_REQUEST,
  job_workflow_ref: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/pull/7/merge',
};
const TAGGED: Claims = {
  ...TAG,
  job_workflow_ref: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/tags/v1',
};
const REUSED_PULL: Claims = { ...PULL_REQUEST, job_workflow_ref: REUSED.job_workflow_ref };
const REUSED_ENVIRONMENT: Claims = { ...ENVIRONMENT, job_workflow_ref: REUSED.job_workflow_ref };

export const SITUATIONS: readonly (readonly [name: string, claims: Claims])[] = [
  ['a branch', BRANCH],
  ['an environment', ENVIRONMENT],
  ['a tag', TAGGED],
  ['a pull request', PULLED],
  ['an immutable subject', IMMUTABLE],
  ['an environment, immutable', IMMUTABLE_ENVIRONMENT],
  ['a customised subject', CUSTOM],
  ['a reusable workflow', REUSED],
  ['a reusable workflow in an environment', REUSED_ENVIRONMENT],
  ['a reusable workflow in a pull request', REUSED_PULL],
  ['an enterprise issuer', { ...BRANCH, iss: 'https://token.actions.githubusercontent.com/octo' }],
  ['GHE.com', { ...ENVIRONMENT, iss: 'https://token.actions.octo.ghe.com' }],
  ['GitHub Enterprise Server', { ...ENVIRONMENT, iss: 'https://github.octo.example/_services/token' }],
];
