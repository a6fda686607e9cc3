// Google Cloud: what the refusals of its STS and of IAM Credentials mean and what to do (facts: gcp 2).
import { adviseBy, type Rule, ranked } from '../../core/advice.ts';
import { type Claims, claim } from '../../core/claims.ts';
import type { Failure } from '../../core/failure.ts';
import { shown } from '../../core/subject.ts';
import { CONDITION_CAUSES, FRESH } from './causes.ts';
import { CHAIN_RULES, DELEGATION_RULES } from './delegation-advice.ts';
import { IMPERSONATION_RULES } from './impersonation-advice.ts';
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
    said: /has not been used in project|API .*disabled/,
    cause: 'The Security Token Service API is off in the project that is charged for the call',
    fixes: [
      'Enable it: `gcloud services enable sts.googleapis.com --project PROJECT`, with the project that Google names.',
      FRESH,
    ],
  },
  {
    id: 'gcp/condition-false',
    said: /rejected by the attribute condition/,
    cause: 'The condition of the provider is false for this token',
    fixes: (facts) => [
      `Compare it with the claims that were presented: \`gcloud iam workload-identity-pools providers describe ${facts.request.provider} --format="value(attributeCondition)"\`.`,
      ...ranked(CONDITION_CAUSES, facts),
      FRESH,
    ],
  },
  {
    id: 'gcp/subject-too-long',
    said: /exceeds the 127 bytes limit/,
    cause: ({ claims }) =>
      `The provider maps google.subject to something longer than Google's 127 bytes; the token's subject has ${Buffer.byteLength(claim(claims, 'sub') ?? '')}`,
    fixes: [
      'Map google.subject to something short that stays, such as assertion.repository_id, and put assertion.sub into the condition.',
      'Mind bindings by principal://.../subject/...: they must name the new subject.',
    ],
  },
  {
    id: 'gcp/mapping-failed',
    said: /mapped attribute|attribute mapping/,
    cause: 'The attribute mapping of the provider gives nothing usable for this token',
    fixes: ({ request }) => [
      `Look for a claim in it that this token lacks (environment is one that many lack): \`gcloud iam workload-identity-pools providers describe ${request.provider} --format="value(attributeMapping)"\`.`,
    ],
  },
  {
    id: 'gcp/issuer-refused',
    said: /^The issuer in ID Token/,
    cause: 'The provider was made for another issuer than that of this token',
    fixes: ({ claims }) => [
      `Set the issuer of the provider to ${shown(claims, 'iss')}, letter by letter; or use the provider that was made for it.`,
    ],
  },
  {
    id: 'gcp/audience-refused',
    said: /^The audience in ID Token/,
    cause: ({ request }) => `The provider does not allow the audience ${request.audience}`,
    fixes: ({ request }) => [
      `Add it to the allowed audiences of the provider, or set gcp-audience to one of them: \`gcloud iam workload-identity-pools providers describe ${request.provider} --format="value(oidc.allowedAudiences)"\`.`,
      'Leave gcp-audience out where that prints nothing: the default is then right.',
    ],
  },
  {
    id: 'gcp/stale',
    said: /\bstale\b/,
    cause: 'Google found the identity token outside its time, and the one that was minted anew too',
    fixes: [
      "Run the job again. Google compares its own clock with the issuer's; the runner's has no part in it, unless something on the way holds requests back for minutes.",
      'On GitHub Enterprise Server, check the clock of the server.',
    ],
  },
  {
    id: 'gcp/keys-unreachable',
    said: /Error connecting to the given credential's issuer/,
    cause: ({ claims }) => `Google could not get the keys of the issuer ${shown(claims, 'iss')}`,
    fixes: [
      "Make the issuer's discovery document and keys reachable from the internet, or upload the keys to the provider (--jwk-json-path).",
      'With github.com, run the job again: it passes by itself.',
    ],
  },
  {
    id: 'gcp/token-refused',
    said: /Unable to (verify|parse) the ID Token/,
    cause: 'Google could not accept the identity token itself: its form or its signature',
    fixes: ['Check that the keys of the provider are those of the issuer: keys that were uploaded to it grow old.'],
  },
  {
    id: 'gcp/provider-refused',
    said: /Invalid value for "audience"/,
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

const BY_FAILURE: Readonly<Record<string, readonly Rule<GcpRequest>[]>> = {
  'gcp/refused': [...STS_RULES, ...PASSING_RULES],
  'gcp/impersonation-refused': [...PASSING_RULES, ...IMPERSONATION_RULES],
  'gcp/delegation-refused': [...PASSING_RULES, ...DELEGATION_RULES],
};
/** All of them, as the troubleshooting page lists them. */
export const RULES: readonly Rule<GcpRequest>[] = [
  ...STS_RULES,
  ...PASSING_RULES,
  ...IMPERSONATION_RULES,
  ...CHAIN_RULES,
  ...DELEGATION_RULES,
];

/** Google's refusal with its cause named. Pure. */
export function advise(failure: Failure, request: GcpRequest, claims: Claims): Failure {
  const rules = BY_FAILURE[failure.id] ?? [];
  const chained = failure.id === 'gcp/impersonation-refused' && request.delegates.length > 0;
  return adviseBy(chained ? [...CHAIN_RULES, ...rules] : rules, GENERAL, failure, request, claims);
}
