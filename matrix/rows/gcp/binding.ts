// Google Cloud: who may act as the service account (facts: gcp 2, 8.1).
import { apiRefusal } from '../../../sandbox/gcp/refusal.ts';
import { obey, quiet } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { account, asItWas, bound, denied, input, job, POOL, right, rightly } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    ...denied,
    mistake: 'The account has no binding for the job (auth#340)',
    source: 'gcp 2',
    scene: account({ bindings: [] }),
    cause: /[Nn]either the account nor its project has a binding/,
  },
  {
    ...denied,
    mistake: 'The binding is for an attribute that is not mapped',
    source: 'gcp 8.1',
    scene: bound(`principalSet://${POOL}/attribute.repository_owner/octo-org`),
    cause: /does not map/,
  },
  {
    ...denied,
    mistake: 'The binding names two attributes (auth#233)',
    source: 'gcp 8.1',
    scene: bound(`principalSet://${POOL}/attribute.repository/octo-org/octo-repo/attribute.ref/refs/heads/main`),
    cause: /one attribute only/,
  },
  {
    ...denied,
    mistake: 'The binding names another repository',
    source: 'gcp 8.1',
    scene: bound(`principalSet://${POOL}/attribute.repository/octo-org/other`),
    cause: /another value/,
  },
  {
    ...denied,
    mistake: 'The binding names the project by its id',
    source: 'gcp 8.1',
    scene: bound(`principalSet://${POOL.replace('123456789012', 'octo-project')}/attribute.repository_id/1296269`),
    cause: /names the project by its id/,
  },
  {
    ...denied,
    mistake: 'The binding is for another pool',
    source: 'gcp 2',
    scene: bound(`principalSet://${POOL.replace(/github$/, 'gitlab')}/attribute.repository_id/1296269`),
    cause: /for another pool/,
  },
  {
    ...denied,
    mistake: 'The binding is for the subject in the classic form',
    source: 'gcp 8.1',
    scene: job(
      { immutableSubject: true },
      bound(`principal://${POOL}/subject/repo:octo-org/octo-repo:ref:refs/heads/main`),
    ),
    cause: /old form|classic form/,
  },
  {
    ...denied,
    mistake: 'The binding has another role (serviceAccountUser)',
    source: 'gcp 2',
    scene: bound(`principalSet://${POOL}/attribute.repository_id/1296269`, right, 'roles/iam.serviceAccountUser'),
    cause: /serviceAccountUser/,
  },
  {
    ...denied,
    mistake: 'The binding is seconds old',
    source: 'gcp 2',
    scene: account({ bindings: [] }),
    cause: /set up just now/,
    fix: obey(/Run the job again/, asItWas),
  },
  {
    ...denied,
    mistake: 'There is no such account, and Google does not say so',
    source: 'gcp 2',
    played: 'recorded answer',
    scene: {
      ...input('gcp-service-account', 'deplyo@octo-project.iam.gserviceaccount.com'),
      recorded: [
        {
          service: 'gcp',
          operation: 'generateAccessToken',
          answer: apiRefusal({
            code: 403,
            status: 'PERMISSION_DENIED',
            message: "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
          }),
        },
      ],
    },
    cause: /no service account deplyo/,
    fix: obey(/Check (gcp-service-account)/, (at, name) => rightly('gcp-service-account')(quiet(at), name)),
  },
];
