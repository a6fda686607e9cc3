// What IAM refuses where a service account is impersonated (facts: gcp 1.2, 2).
import { type Rule, ranked } from '../../core/advice.ts';
import { spoken } from '../../core/kinds.ts';
import { DENIED_CAUSES, FRESH } from './causes.ts';
import type { GcpRequest } from './request.ts';

/** Of the service account's tokens; a chain has rules of its own before these. */
export const IMPERSONATION_RULES: readonly Rule<GcpRequest>[] = [
  {
    id: 'gcp/api-disabled',
    said: /has not been used in project|API .*disabled/,
    cause: 'The IAM Service Account Credentials API is off in the project that is charged for the call',
    fixes: [
      'Enable it: `gcloud services enable iamcredentials.googleapis.com --project PROJECT`, with the project that Google names.',
      FRESH,
    ],
  },
  {
    id: 'gcp/signing-denied',
    code: /^PERMISSION_DENIED$/,
    said: /iam\.serviceAccounts\.signJwt/,
    cause: ({ request }) =>
      `This job may not sign as ${request.serviceAccount ?? 'the service account'}, which acting as a user needs`,
    fixes: [
      'Give this job roles/iam.serviceAccountTokenCreator on that account: the role for workload identity lets it take tokens, but not sign.',
      FRESH,
    ],
  },
  {
    id: 'gcp/id-token-denied',
    code: /^PERMISSION_DENIED$/,
    said: /iam\.serviceAccounts\.getOpenIdToken/,
    cause: ({ request }) => `This job may not have ID tokens of ${request.serviceAccount ?? 'the service account'}`,
    fixes: [
      'Give this job roles/iam.workloadIdentityUser on that account, or roles/iam.serviceAccountOpenIdTokenCreator where it is to have nothing but ID tokens.',
      FRESH,
    ],
  },
  {
    id: 'gcp/impersonation-denied',
    code: /^PERMISSION_DENIED$/,
    said: /iam\.serviceAccounts\./,
    cause: ({ request }) =>
      `This job may not act as ${request.serviceAccount ?? 'the service account'}, or there is no such account; the provider did accept the token`,
    fixes: (facts) => [
      `Look at who may: \`gcloud iam service-accounts get-iam-policy ${facts.request.serviceAccount ?? ''}\`. If that finds no account, it is the name.`,
      ...ranked(DENIED_CAUSES, facts),
      FRESH,
    ],
  },
  {
    id: 'gcp/account-not-found',
    status: 404,
    cause: ({ request }) => `Google knows no service account ${request.serviceAccount ?? ''}`,
    fixes: [
      'Check gcp-service-account: `gcloud iam service-accounts list --project PROJECT` shows them. It may be deleted.',
    ],
  },
  {
    id: 'gcp/lifetime-refused',
    said: /lifetime/,
    cause: ({ request }) =>
      `Google gives no access token of ${request.serviceAccount ?? 'the service account'} for ${spoken(request.tokenLifetime)}`,
    fixes: [
      'Set gcp-token-lifetime to 1h or less.',
      'Or have the account listed in the organisation policy constraints/iam.allowServiceAccountCredentialLifetimeExtension: then 12h are the most.',
    ],
  },
  {
    id: 'gcp/account-disabled',
    said: /account .*is disabled/,
    cause: ({ request }) => `The service account ${request.serviceAccount ?? ''} is disabled`,
    fixes: ({ request }) => [
      `Enable it: \`gcloud iam service-accounts enable ${request.serviceAccount ?? ''}\`. Ask first: somebody may have disabled it on purpose.`,
    ],
  },
  {
    id: 'gcp/org-policy',
    said: /org(anization)? ?policy|constraints\//,
    cause: 'A policy of the organisation forbids it',
    fixes: ["Ask an administrator of the organisation: Google's words name the constraint."],
  },
  {
    id: 'gcp/federated-token-refused',
    code: /^UNAUTHENTICATED$/,
    cause: 'IAM did not accept the federated token that STS had just given',
    fixes: ['Run the job again.', 'Check that pool and provider are not being disabled or deleted at this moment.'],
  },
  {
    id: 'gcp/request-refused',
    code: /^INVALID_ARGUMENT$/,
    cause: ({ request }) =>
      `IAM found a value of the request that it does not take (scopes ${request.scopes.join(', ')})`,
    fixes: ["Check gcp-scopes and gcp-token-lifetime; Google's own words may say which."],
  },
];
