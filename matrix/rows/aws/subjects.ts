// AWS: the subject in the trust policy (facts: aws 2.1, 2.2, 8.4).
import type { Row } from '../../row.ts';
import { pullRequest } from '../../scene.ts';
import { conditions, denied, HOST, job, MAIN, right, subject } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    ...denied,
    mistake: 'The trust is for a branch, the job names an environment',
    source: 'aws 8.4',
    scene: job({ environment: 'production' }),
    cause: /names the environment production/,
  },
  {
    ...denied,
    mistake: 'The trust is for an environment, the job names none',
    source: 'aws 8.4',
    scene: subject('repo:octo-org/octo-repo:environment:production'),
    cause: /names no environment/,
  },
  {
    ...denied,
    mistake: 'The trust is for another environment',
    source: 'aws 8.4',
    scene: {
      ...subject('repo:octo-org/octo-repo:environment:staging'),
      job: { ...right.job, environment: 'production' },
    },
    cause: /another environment, but the job names the environment production/,
  },
  {
    ...denied,
    mistake: 'The trust is for another repository',
    source: 'aws 8.4',
    scene: subject('repo:octo-org/other:ref:refs/heads/main'),
    cause: /names another owner or repository.*octo-org\/octo-repo/,
  },
  {
    ...denied,
    mistake: 'The trust is for another branch',
    source: 'aws 8.4',
    scene: subject('repo:octo-org/octo-repo:ref:refs/heads/release'),
    cause: /runs on the branch main/,
  },
  {
    ...denied,
    mistake: 'The trust is for a branch, the job runs for a tag',
    source: 'aws 8.4',
    scene: job({ ref: 'refs/tags/v1' }),
    cause: /runs for the tag v1/,
  },
  {
    ...denied,
    mistake: 'The trust is for a branch, the job runs for a pull request',
    source: 'aws 8.4',
    scene: { ...right, event: pullRequest() },
    cause: /runs for a pull request/,
  },
  {
    ...denied,
    mistake: 'The trust has the classic subject, the token the immutable one',
    source: 'aws 8.2',
    scene: job({ immutableSubject: true }),
    cause: /immutable form/,
  },
  {
    ...denied,
    mistake: 'The trust has the immutable subject, the token the classic one',
    source: 'aws 8.2',
    scene: subject('repo:octo-org@583231/octo-repo@1296269:ref:refs/heads/main'),
    cause: /immutable form/,
  },
  {
    ...denied,
    mistake: 'Owner or repository in other upper and lower case (#318)',
    source: 'aws 8.4',
    scene: subject(MAIN.replace('octo-org', 'Octo-Org')),
    cause: /[Uu]pper and lower case/,
  },
  {
    ...denied,
    mistake: 'The trust says repo:github.com/OWNER/REPO (#721)',
    source: 'aws 8.4',
    scene: subject(MAIN.replace('octo-org', 'github.com/octo-org')),
    cause: /github\.com/,
  },
  {
    ...denied,
    mistake: 'A * under StringEquals',
    source: 'aws 8.4',
    scene: subject('repo:octo-org/octo-repo:*'),
    cause: /\* in the subject under StringEquals/,
  },
  {
    ...denied,
    mistake: 'The condition on aud asks for another audience',
    source: 'aws 8.4',
    scene: conditions({ StringEquals: { [`${HOST}:aud`]: 'https://github.com/octo-org', [`${HOST}:sub`]: MAIN } }),
    cause: /another audience/,
  },
  {
    ...denied,
    mistake: 'The repository was renamed (and so got the immutable subject)',
    source: 'github 2.2',
    scene: job({ repository: 'renamed', immutableSubject: true }),
    cause: /immutable form.*renamed|renamed.*immutable form/,
  },
  {
    ...denied,
    mistake: 'An organisation’s own subject template',
    source: 'github 2.3',
    scene: job({ subjectKeys: ['repository_owner', 'runner_environment'] }),
    cause: /template/,
  },
];
