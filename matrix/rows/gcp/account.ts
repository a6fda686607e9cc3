// Google Cloud: the service account and its tokens (facts: gcp 2, 8.1).
import { apiRefusal, invalidArgument } from '../../../sandbox/gcp/refusal.ts';
import { json } from '../../../sandbox/service.ts';
import { obey, paste, quiet, setInput } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { account, input, longDirect, onlyProvider, project, right, rightly } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'The account’s address is wrong',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-service-account', 'deplyo@octo-project.iam.gserviceaccount.com'),
    id: 'gcp/account-not-found',
    cause: /knows no service account deplyo/,
    fix: obey(/Check (gcp-service-account)/, rightly('gcp-service-account')),
  },
  {
    mistake: 'The account is disabled',
    source: 'gcp 3',
    played: 'trust document',
    scene: account({ disabled: true }),
    id: 'gcp/account-disabled',
    cause: /is disabled/,
    fix: paste,
  },
  {
    mistake: 'The IAM Service Account Credentials API is off',
    source: 'gcp 2',
    played: 'trust document',
    scene: project(() => ({ disabledServices: ['iamcredentials.googleapis.com'] })),
    id: 'gcp/api-disabled',
    cause: /API is off in the project/,
    fix: paste,
  },
  {
    mistake: 'A token of more than an hour',
    source: 'gcp 2',
    played: 'inputs',
    scene: setInput(input('gcp-token-lifetime', '2h'), 'lifetime', '2h'),
    id: 'gcp/lifetime-refused',
    cause: /no access token of \S+ for 2h/,
    fix: obey(/Set (gcp-token-lifetime) to (1h)/, (at, name, value) => setInput(at, name ?? '', value ?? '')),
  },
  {
    mistake: 'A scope that Google does not know',
    source: 'gcp 2',
    played: 'recorded answer',
    scene: {
      ...input('gcp-scopes', 'https://www.googleapis.com/auth/nothing'),
      recorded: [{ service: 'gcp', operation: 'generateAccessToken', answer: invalidArgument() }],
    },
    id: 'gcp/request-refused',
    cause: /scopes/,
    fix: obey(/Check (gcp-scopes)/, (at, name) =>
      quiet(setInput(at, name ?? '', 'https://www.googleapis.com/auth/cloud-platform')),
    ),
  },
  {
    mistake: 'A quota of the project',
    source: 'gcp 2',
    played: 'recorded answer',
    scene: {
      ...right,
      recorded: [
        {
          service: 'gcp',
          operation: 'generateAccessToken',
          answer: json(429, {
            error: {
              code: 429,
              status: 'RESOURCE_EXHAUSTED',
              message: "Quota exceeded for quota metric 'Generate access token requests'.",
            },
          }),
        },
      ],
    },
    id: 'gcp/throttled',
    cause: /quota of Google/,
    fix: obey(/Start fewer jobs/, quiet),
  },
  {
    mistake: 'A policy of the organisation forbids it',
    source: 'gcp 2',
    played: 'recorded answer',
    scene: {
      ...right,
      recorded: [
        {
          service: 'gcp',
          operation: 'generateAccessToken',
          answer: apiRefusal({
            code: 400,
            status: 'FAILED_PRECONDITION',
            message: "Org Policy violated for value: 'octo-org'. constraints/iam.workloadIdentityPoolProviders",
          }),
        },
      ],
    },
    id: 'gcp/org-policy',
    cause: /policy of the organisation/,
    fix: obey(/Ask an administrator of the organisation/, quiet),
  },
  {
    mistake: 'The pool was disabled a moment after the exchange',
    source: 'gcp 2',
    played: 'recorded answer',
    scene: {
      ...right,
      recorded: [
        {
          service: 'gcp',
          operation: 'generateAccessToken',
          answer: apiRefusal({
            code: 401,
            status: 'UNAUTHENTICATED',
            message:
              'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
          }),
        },
      ],
    },
    id: 'gcp/federated-token-refused',
    cause: /did not accept the federated token/,
    fix: obey(/Run the job again/, quiet),
  },
  {
    mistake: 'Direct federation with a subject that is too long',
    source: 'gcp 2',
    played: 'trust document',
    scene: longDirect(),
    id: 'gcp/subject-too-long',
    cause: /longer than Google's 127 bytes/,
    fix: ({ log }, at) => ({ ...at, trust: { ...at.trust, gcp: onlyProvider(log, at) } }),
  },
  {
    mistake: 'Keys that were uploaded to the provider have grown old',
    source: 'gcp 2',
    played: 'recorded answer',
    scene: {
      ...right,
      recorded: [
        {
          service: 'gcp',
          operation: 'token',
          answer: {
            status: 400,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({
              error: 'invalid_grant',
              error_description: 'Unable to verify the ID Token signature.',
            }),
          },
        },
      ],
    },
    id: 'gcp/token-refused',
    cause: /its form or its signature/,
    fix: obey(/keys that were uploaded to it grow old/, quiet),
  },
];
