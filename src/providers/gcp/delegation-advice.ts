// Delegation of both kinds: what is refused in a chain of service accounts, and where an account acts as a user (facts: gcp 1.2, 2).
import type { Facts, Rule } from '../../core/advice.ts';
import { FRESH } from './causes.ts';
import type { GcpRequest } from './request.ts';

/** Where there is a chain, a refusal may be of any of its links. */
export const CHAIN_RULES: readonly Rule<GcpRequest>[] = [
  {
    id: 'gcp/delegates-denied',
    code: /^PERMISSION_DENIED$/,
    said: /iam\.serviceAccounts\./,
    cause: (facts) =>
      `The chain ${chain(facts.request)} is broken: ${brokenAt(facts)} may not act as the account behind it, or there is no such account`,
    fixes: ({ request }) => [
      'Give each link roles/iam.serviceAccountTokenCreator on the account behind it: this job on the first one, and each account on the next. The role for workload identity does not let a job delegate.',
      ...accounts(request).map(
        (account) => `Look at who may: \`gcloud iam service-accounts get-iam-policy ${account}\`.`,
      ),
      FRESH,
    ],
  },
  {
    id: 'gcp/account-not-found',
    status: 404,
    cause: ({ request }) => `Google knows no service account of one of these names: ${accounts(request).join(', ')}`,
    fixes: [
      'Check gcp-delegates and gcp-service-account: `gcloud iam service-accounts list --project PROJECT` shows those that there are.',
    ],
  },
];

/** OAuth's endpoint, where a user's token is asked for (facts: gcp 1.2). */
export const DELEGATION_RULES: readonly Rule<GcpRequest>[] = [
  {
    id: 'gcp/delegation-missing',
    code: /^(unauthorized_client|access_denied)$/,
    cause: ({ request }) =>
      `${request.serviceAccount} has no domain-wide delegation for all of the scopes ${request.scopes.join(', ')}`,
    fixes: [
      'In the Workspace admin console, under Security, API controls, Domain-wide delegation: enter the numeric id of the service account (its client id) with exactly the scopes of gcp-scopes.',
      'A scope that is missing there refuses all of them: ask for no more in gcp-scopes. cloud-platform, the default, is seldom among them.',
      'A change can take up to a day to arrive.',
    ],
  },
  {
    id: 'gcp/subject-unknown',
    code: /^invalid_grant$/,
    said: /email/,
    cause: ({ request }) => `Google knows no active user ${request.subject}`,
    fixes: [
      'Check gcp-subject: the primary address of a user of the Workspace domain, who is not suspended. Groups and outside accounts cannot be acted as.',
    ],
  },
  {
    id: 'gcp/assertion-stale',
    code: /^invalid_grant$/,
    said: /short-lived|reasonable timeframe/,
    cause: 'Google found what the service account has signed outside its time',
    fixes: [
      'Run the job again: the time is that of the issuer of the identity token, and requests must not be held back.',
    ],
  },
  {
    id: 'gcp/scope-refused',
    code: /^invalid_scope$/,
    cause: ({ request }) => `Google does not know one of the scopes ${request.scopes.join(', ')}`,
    fixes: ['Check gcp-scopes.'],
  },
];

function accounts({ delegates, serviceAccount }: GcpRequest): string[] {
  return [...delegates, serviceAccount ?? ''];
}

function chain(request: GcpRequest): string {
  return ['this job', ...accounts(request)].join(' > ');
}

/** What the last one in a chain does is another permission than what those before it do. */
function brokenAt({ evidence, request }: Facts<GcpRequest>): string {
  const before = /implicitDelegation/.test(evidence.said ?? '');
  return before ? 'this job, or one account in it,' : (request.delegates.at(-1) ?? '');
}
