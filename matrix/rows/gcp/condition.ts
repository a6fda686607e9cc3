// Google Cloud: the condition of the provider (facts: gcp 2, 8.1).
import type { Row } from '../../row.ts';
import { pullRequest } from '../../scene.ts';
import { condition, job, untrue } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    ...untrue,
    mistake: 'The condition has the owner in other letters',
    source: 'gcp 2',
    scene: condition("assertion.repository_owner == 'Octo-Org'"),
    cause: /upper and lower case/,
  },
  {
    ...untrue,
    mistake: 'The condition is for another repository',
    source: 'gcp 2',
    scene: condition("assertion.repository == 'octo-org/other'"),
    cause: /another repository or owner/,
  },
  {
    ...untrue,
    mistake: 'The condition has another id',
    source: 'gcp 2',
    scene: condition("assertion.repository_id == '1'"),
    cause: /another repository or owner/,
  },
  {
    ...untrue,
    mistake: 'The condition compares an id as a number',
    source: 'gcp 2',
    scene: condition('assertion.repository_owner_id == 583231'),
    cause: /id as a number/,
  },
  {
    ...untrue,
    mistake: 'The condition is for a branch, the job runs for a pull request',
    source: 'gcp 8.1',
    scene: { ...condition("assertion.ref == 'refs/heads/main'"), event: pullRequest() },
    cause: /for a pull request assertion\.ref is/,
  },
  {
    ...untrue,
    mistake: 'The condition is for another branch',
    source: 'gcp 8.1',
    scene: condition("assertion.ref == 'refs/heads/release'"),
    cause: /another branch or tag/,
  },
  {
    ...untrue,
    mistake: 'The condition asks for an environment, the job names none',
    source: 'gcp 8.1',
    scene: condition("assertion.environment == 'production'"),
    cause: /assertion\.environment, which/,
  },
  {
    ...untrue,
    mistake: 'The condition asks for another environment',
    source: 'gcp 8.1',
    scene: job({ environment: 'staging' }, condition("assertion.environment == 'production'")),
    cause: /assertion\.environment, which is staging/,
  },
  {
    ...untrue,
    mistake: 'The condition is on a subject in the classic form',
    source: 'gcp 8.1',
    scene: job({ immutableSubject: true }, condition("assertion.sub.startsWith('repo:octo-org/octo-repo:')")),
    cause: /old form|classic form/,
  },
  {
    ...untrue,
    mistake: 'The condition pins another reusable workflow',
    source: 'gcp 8.1',
    scene: job(
      { jobWorkflowRef: 'platform/workflows/.github/workflows/deploy.yml@refs/heads/main' },
      condition("assertion.job_workflow_ref == 'platform/workflows/.github/workflows/deploy.yml@refs/tags/v2'"),
    ),
    cause: /job_workflow_ref/,
  },
  {
    ...untrue,
    mistake: 'The condition does not let the event in',
    source: 'gcp 8.1',
    scene: { ...condition("assertion.event_name == 'push'"), event: { name: 'workflow_dispatch', payload: {} } },
    cause: /event_name/,
  },
];
