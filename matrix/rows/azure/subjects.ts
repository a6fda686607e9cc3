// Azure: the subject of the federated credential (facts: azure 2, 8.2).
import { obey } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { pullRequest } from '../../scene.ts';
import { credential, job, MAIN, right, subject } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    ...subject,
    mistake: 'The credential has the classic subject, the token the immutable one (#617)',
    source: 'azure 8.2',
    scene: job({ immutableSubject: true }),
    cause: /immutable form/,
  },
  {
    ...subject,
    mistake: 'The credential has the immutable subject (the portal’s default), the token the classic one',
    source: 'azure 8.2',
    scene: credential({ subject: 'repo:octo-org@583231/octo-repo@1296269:ref:refs/heads/main' }),
    cause: /immutable form/,
  },
  {
    ...subject,
    mistake: 'The credential is for a branch, the job names an environment',
    source: 'azure 8.2',
    scene: job({ environment: 'production' }),
    cause: /names the environment production/,
  },
  {
    ...subject,
    mistake: 'The credential is for an environment, the job names none',
    source: 'azure 8.2',
    scene: credential({ subject: 'repo:octo-org/octo-repo:environment:production' }),
    cause: /names no environment/,
  },
  {
    ...subject,
    mistake: 'The credential is for another environment',
    source: 'azure 8.1',
    scene: job({ environment: 'production' }, credential({ subject: 'repo:octo-org/octo-repo:environment:staging' })),
    cause: /another environment, but the job names the environment production/,
  },
  {
    ...subject,
    mistake: 'The credential is for another repository',
    source: 'azure 8.1',
    scene: credential({ subject: MAIN.replace('octo-repo', 'other') }),
    cause: /names another owner or repository: here it is octo-org\/octo-repo/,
  },
  {
    ...subject,
    mistake: 'The credential is for another branch',
    source: 'azure 8.1',
    scene: credential({ subject: MAIN.replace('main', 'release') }),
    cause: /runs on the branch main/,
  },
  {
    ...subject,
    mistake: 'The credential is for a branch, the job runs for a tag',
    source: 'azure 8.1',
    scene: job({ ref: 'refs/tags/v1' }),
    cause: /runs for the tag v1/,
  },
  {
    ...subject,
    mistake: 'The credential is for a branch, the job runs for a pull request',
    source: 'azure 8.1',
    scene: { ...right, event: pullRequest() },
    cause: /runs for a pull request/,
  },
  {
    ...subject,
    mistake: 'A * in the subject (#467, #220)',
    source: 'azure 8.1',
    scene: credential({ subject: 'repo:octo-org/octo-repo:*' }),
    cause: /\* in .* is compared as a character/,
  },
  {
    ...subject,
    mistake: 'A colon in the environment’s name, written as it is',
    source: 'azure 8.1',
    scene: {
      ...credential({ subject: 'repo:octo-org/octo-repo:environment:eu:live' }),
      job: { ...right.job, environment: 'eu:live' },
    },
    cause: /%3A/,
    fix: obey(/as it stands: (\S+%3A\S+)/, (at, sub) => credential({ subject: sub ?? '' }, at)),
  },
  {
    ...subject,
    mistake: 'The credential is for the repository of the reusable workflow',
    source: 'azure 8.1',
    scene: job(
      { jobWorkflowRef: 'platform/workflows/.github/workflows/deploy.yml@refs/heads/v1' },
      credential({ subject: 'repo:platform/workflows:ref:refs/heads/main' }),
    ),
    cause: /reusable workflow of platform\/workflows/,
  },
  {
    ...subject,
    mistake: 'An organisation’s own subject template',
    source: 'azure 8.1',
    scene: job({ subjectKeys: ['repository_owner', 'runner_environment'] }),
    cause: /template/,
  },
  {
    ...subject,
    mistake: 'The credential was created seconds ago',
    source: 'azure 0',
    played: 'trust document',
    scene: credential({ subject: 'repo:octo-org/none:pull_request' }),
    cause: /credential is new/,
    fix: obey(/Run the job again/, (at) => credential({}, at)),
  },
];
