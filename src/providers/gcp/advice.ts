// Google Cloud: what the refusals of its STS and of IAM Credentials mean and what to do (facts: gcp 2).
import { adviseBy, type Rule, ranked } from '../../core/advice.ts';
import { type Claims, claim } from '../../core/claims.ts';
import type { Failure } from '../../core/failure.ts';
import { spoken } from '../../core/kinds.ts';
import { shown } from '../../core/subject.ts';
import { CONDITION_CAUSES, DENIED_CAUSES, FRESH } from './causes.ts';
import { CHAIN_RULES, DELEGATION_RULES } from './delegation-advice.ts';
import type { GcpRequest } from './request.ts';

/** Failures that another provider or binding would mend. */
export const TRUST_IDS: ReadonlySet<string> = new Set([
  'gcp/condition-false',
  'gcp/subject-too-long',
  'gcp/mapping-failed',
  'gcp/issuer-refused',
  'gcp/audience-refused',
  'gcp/impersonation-denied',
  'gcp/id-token-denied',
  'gcp/signing-denied',
  'gcp/delegates-denied',
]);

const GENERAL = [
  "Read Google's own words; Cloud Logging has the same request under sts.googleapis.com or iamcredentials.googleapis.com.",
];

/** Of the provider, then of its pool: what is disabled, and what was deleted less than 30 days ago. */
function revivals(provider: string): string[] {
  const pool = provider.replace(/\/providers\/[^/]+$/, '');
  const group = 'gcloud iam workload-identity-pools';
  return [
    `Where it is disabled, enable it: \`${group} providers update-oidc ${provider} --no-disabled\`.`,
    `Where its pool is disabled: \`${group} update ${pool} --no-disabled\`.`,
    `Where it was deleted less than 30 days ago: \`${group} providers undelete ${provider}\`.`,
  ];
}

const STS_RULES: readonly Rule<GcpRequest>[] = [
  {
    id: 'gcp/provider-not-found',
    code: /^invalid_target$/,
    cause: ({ request }) => `Google finds no active provider ${request.provider}`,
    fixes: ({ request }) => [
      `Ask for it: \`gcloud iam workload-identity-pools providers describe ${request.provider}\`. It may be deleted, disabled, or in a pool that is.`,
      ...revivals(request.provider),
      "Check gcp-workload-identity-provider: the project's number, the pool and the provider in it.",
      FRESH,
    ],
  },
  {
    id: 'gcp/api-disabled',
    said: /has not been used in project|API .*disabled/i,
    cause: 'The Security Token Service API is off in the project that is charged for the call',
    fixes: [
      'Enable it: `gcloud services enable sts.googleapis.com --project PROJECT`, with the project that Google names.',
      FRESH,
    ],
  },
  {
    id: 'gcp/condition-false',
    said: /rejected by the attribute condition/i,
    cause: 'The condition of the provider is false for this token',
    fixes: (facts) => [
      `Compare it with the claims that were presented: \`gcloud iam workload-identity-pools providers describe ${facts.request.provider} --format="value(attributeCondition)"\`.`,
      ...ranked(CONDITION_CAUSES, facts),
      FRESH,
    ],
  },
  {
    id: 'gcp/subject-too-long',
    said: /exceeds the 127 bytes limit/i,
    cause: ({ claims }) =>
      `The provider maps google.subject to something longer than Google's 127 bytes; the token's subject has ${Buffer.byteLength(claim(claims, 'sub') ?? '')}`,
    fixes: [
      'Map google.subject to something short that stays, such as assertion.repository_id, and put assertion.sub into the condition.',
      'Mind bindings by principal://.../subject/...: they must name the new subject.',
    ],
  },
  {
    id: 'gcp/mapping-failed',
    said: /mapped attribute|attribute mapping/i,
    cause: 'The attribute mapping of the provider gives nothing usable for this token',
    fixes: ({ request }) => [
      `Look for a claim in it that this token lacks (environment is one that many lack): \`gcloud iam workload-identity-pools providers describe ${request.provider} --format="value(attributeMapping)"\`.`,
    ],
  },
  {
    id: 'gcp/issuer-refused',
    said: /^The issuer in ID Token/i,
    cause: 'The provider was made for another issuer than that of this token',
    fixes: ({ claims }) => [
      `Set the issuer of the provider to ${shown(claims, 'iss')}, letter by letter; or use the provider that was made for it.`,
    ],
  },
  {
    id: 'gcp/audience-refused',
    said: /^The audience in ID Token/i,
    cause: ({ request }) => `The provider does not allow the audience ${request.audience}`,
    fixes: ({ request }) => [
      `Add it to the allowed audiences of the provider, or set gcp-audience to one of them: \`gcloud iam workload-identity-pools providers describe ${request.provider} --format="value(oidc.allowedAudiences)"\`.`,
      'Leave gcp-audience out where that prints nothing: the default is then right.',
    ],
  },
  {
    id: 'gcp/stale',
    said: /\bstale\b/i,
    cause: 'Google found the identity token outside its time, and the one that was minted anew too',
    fixes: [
      "Run the job again. Google compares its own clock with the issuer's; the runner's has no part in it, unless something on the way holds requests back for minutes.",
      'On GitHub Enterprise Server, check the clock of the server.',
    ],
  },
  {
    id: 'gcp/keys-unreachable',
    said: /Error connecting to the given credential's issuer/i,
    cause: ({ claims }) => `Google could not get the keys of the issuer ${shown(claims, 'iss')}`,
    fixes: [
      "Make the issuer's discovery document and keys reachable from the internet, or upload the keys to the provider (--jwk-json-path).",
      'With github.com, run the job again: it passes by itself.',
    ],
  },
  {
    id: 'gcp/token-refused',
    said: /Unable to (verify|parse) the ID Token/i,
    cause: 'Google could not accept the identity token itself: its form or its signature',
    fixes: ['Check that the keys of the provider are those of the issuer: keys that were uploaded to it grow old.'],
  },
  {
    id: 'gcp/provider-refused',
    said: /Invalid value for "audience"/i,
    cause: ({ request }) => `Google does not take ${request.provider} for the name of a provider`,
    fixes: [
      'Check gcp-workload-identity-provider: projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER, with the number of the project.',
    ],
  },
  {
    id: 'gcp/scope-refused',
    code: /^invalid_scope$/,
    cause: ({ request }) => `Google does not know one of the scopes ${request.scopes.join(', ')}`,
    fixes: ['Check gcp-scopes.'],
  },
];

/** What is nobody's mistake; of STS and of IAM. */
const PASSING_RULES: readonly Rule<GcpRequest>[] = [
  {
    id: 'gcp/throttled',
    status: 429,
    cause: 'A quota of Google turned the call away, and waiting did not help',
    fixes: [
      'Start fewer jobs at a time (`max-parallel` of a matrix), or have the quota of the project raised: Google names it.',
    ],
  },
  {
    id: 'gcp/unavailable',
    code: /^(INTERNAL|UNAVAILABLE|DEADLINE_EXCEEDED|internal_failure|server_error|temporarily_unavailable)$/,
    cause: 'Google had a failure of its own, and trying again did not help',
    fixes: ['Look at https://status.cloud.google.com, and run the job again.'],
  },
];

const IAM_RULES: readonly Rule<GcpRequest>[] = [
  {
    id: 'gcp/api-disabled',
    said: /has not been used in project|API .*disabled/i,
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
    said: /lifetime/i,
    cause: ({ request }) =>
      `Google gives no access token of ${request.serviceAccount ?? 'the service account'} for ${spoken(request.tokenLifetime)}`,
    fixes: [
      'Set gcp-token-lifetime to 1h or less.',
      'Or have the account listed in the organisation policy constraints/iam.allowServiceAccountCredentialLifetimeExtension: then 12h are the most.',
    ],
  },
  {
    id: 'gcp/account-disabled',
    said: /account .*is disabled/i,
    cause: ({ request }) => `The service account ${request.serviceAccount ?? ''} is disabled`,
    fixes: ({ request }) => [
      `Enable it: \`gcloud iam service-accounts enable ${request.serviceAccount ?? ''}\`. Ask first: somebody may have disabled it on purpose.`,
    ],
  },
  {
    id: 'gcp/org-policy',
    said: /org(anization)? ?policy|constraints\//i,
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

const BY_FAILURE: Readonly<Record<string, readonly Rule<GcpRequest>[]>> = {
  'gcp/refused': [...STS_RULES, ...PASSING_RULES],
  'gcp/impersonation-refused': [...PASSING_RULES, ...IAM_RULES],
  'gcp/delegation-refused': [...PASSING_RULES, ...DELEGATION_RULES],
};
/** All of them, as the troubleshooting page lists them. */
export const RULES: readonly Rule<GcpRequest>[] = [
  ...STS_RULES,
  ...PASSING_RULES,
  ...IAM_RULES,
  ...CHAIN_RULES,
  ...DELEGATION_RULES,
];

/** Google's refusal with its cause named. Pure. */
export function advise(failure: Failure, request: GcpRequest, claims: Claims): Failure {
  const rules = BY_FAILURE[failure.id] ?? [];
  const chained = failure.id === 'gcp/impersonation-refused' && request.delegates.length > 0;
  return adviseBy(chained ? [...CHAIN_RULES, ...rules] : rules, GENERAL, failure, request, claims);
}
