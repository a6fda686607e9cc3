// GitHub and the network: the endpoint that mints (facts: github 1, 2.5, 3.8).
import { json } from '../../../sandbox/service.ts';
import { obey, quiet } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { github, right } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'The job is still pending (configure-aws-credentials#469)',
    source: 'github 1.1',
    played: 'workflow',
    scene: { ...right, jobState: 'Pending' },
    id: 'identity/job-pending',
    cause: /not begun|pending/,
    fix: obey(/Run the job again/, ({ jobState: _, ...at }) => at),
  },
  {
    mistake: 'The job has ended (a process that outlived it)',
    source: 'github 1.1',
    played: 'workflow',
    scene: { ...right, jobState: 'Completed' },
    id: 'identity/job-over',
    cause: /it has ended/,
    fix: obey(/Federate within the job/, ({ jobState: _, ...at }) => at),
  },
  {
    mistake: 'The request token has ended, after six hours (azure-cli#28778)',
    source: 'github 1.1',
    played: 'recorded answer',
    scene: github(json(401, { message: 'Client authentication required.', typeKey: 'UnauthorizedRequestException' })),
    id: 'identity/request-token-refused',
    cause: /refused the request token/,
    fix: obey(/federate earlier, or in a job of its own/, quiet),
  },
  {
    mistake: 'GitHub throttles',
    source: 'github 1.2',
    played: 'recorded answer',
    scene: github(json(429, { message: 'Too many requests' })),
    id: 'identity/refused',
    cause: /answered 429/,
    fix: obey(/githubstatus/, quiet),
  },
  {
    mistake: 'GitHub fails',
    source: 'github 1.2',
    played: 'recorded answer',
    scene: github(json(500, { message: 'Internal Server Error' })),
    id: 'identity/refused',
    cause: /answered 500/,
    fix: obey(/githubstatus/, quiet),
  },
  {
    mistake: 'A login page answers in GitHub’s place',
    source: 'github 1.2',
    played: 'recorded answer',
    scene: github({ status: 200, body: '<html>Sign in</html>' }),
    id: 'identity/bad-answer',
    cause: /answered without a token/,
    fix: obey(/look for a proxy or a login page/, quiet),
  },
];
