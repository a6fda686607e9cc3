// AWS: what STS's refusals mean and what to do (facts: aws 2.1, 2.2).
import { adviseBy, type Facts, type Rule, ranked } from '../../core/advice.ts';
import type { Claims } from '../../core/claims.ts';
import type { Failure } from '../../core/failure.ts';
import { spoken } from '../../core/kinds.ts';
import { shown } from '../../core/subject.ts';
import { DENIED_CAUSES, roleName } from './causes.ts';
import { HOP_RULES, hopOf } from './hop-advice.ts';
import { type AwsRequest, accountOf } from './request.ts';

/** Failures that a trust document would mend. */
export const TRUST_IDS: ReadonlySet<string> = new Set([
  'aws/trust-refused',
  'aws/provider-missing',
  'aws/audience-refused',
  'aws/hop-refused',
  'aws/hop-tags-refused',
  'aws/hop-identity-refused',
]);

const GENERAL = [
  'Look up the code in the API reference of AssumeRoleWithWebIdentity, or of AssumeRole behind it; AWS support takes the request id.',
];

/** A host that is not there: of all that makes it, the region is what is written by hand. */
const HOST_RULES: readonly Rule<AwsRequest>[] = [
  {
    id: 'aws/unreachable',
    code: /^(ENOTFOUND|EAI_|PROXY_5)/,
    cause: ({ failure }) => failure.message,
    fixes: ({ failure, request }) => [
      `Check aws-region first: ${request.region} makes the host ${new URL(request.endpoint).host}, and it is not there if there is no such region.`,
      ...failure.fixes,
    ],
  },
];

const STS_RULES: readonly Rule<AwsRequest>[] = [
  {
    id: 'aws/explicitly-denied',
    code: /^AccessDenied/,
    said: /explicit deny/,
    cause: ({ evidence }) =>
      `A policy forbids the call, whatever the role's trust says: ${/explicit deny in an? ([\w -]{1,60}policy|[\w -]{1,40}boundary)/i.exec(evidence.said ?? '')?.[1] ?? 'STS names it in its own words'}`,
    fixes: [
      'Ask who administers that policy (of the organisation, the account or the VPC endpoint): no trust policy mends it.',
    ],
  },
  {
    id: 'aws/trust-refused',
    code: /^AccessDenied/,
    cause: ({ request }) =>
      `The role ${roleName(request)} in account ${request.accountId} does not accept this token; STS does not say why`,
    fixes: (facts) => [
      `Compare the role's trust policy with the claims that were presented: \`aws iam get-role --role-name ${roleName(facts.request)} --query Role.AssumeRolePolicyDocument\`.`,
      `Look for the subject first: ${shown(facts.claims, 'sub')}`,
      ...ranked(DENIED_CAUSES, facts),
      'Run the job again if role or trust are only seconds old.',
    ],
  },
  {
    id: 'aws/provider-missing',
    said: /No OpenIDConnect provider found/,
    cause: ({ request, claims }) =>
      `Account ${request.accountId} has no OIDC provider for the issuer ${shown(claims, 'iss')}`,
    fixes: ({ request, claims }) => [
      `Check that ${request.accountId}, the account in aws-role-arn, is the one that was set up.`,
      `Create the provider there, with the URL ${shown(claims, 'iss')} and the audience ${request.audience}; or compare the URL with what \`aws iam list-open-id-connect-providers\` shows.`,
    ],
  },
  {
    id: 'aws/audience-refused',
    said: /Incorrect token audience/,
    cause: ({ request }) =>
      `The OIDC provider in account ${request.accountId} does not list the audience ${request.audience}`,
    fixes: ({ request }) => [
      `Add ${request.audience} to the provider's audiences, or set aws-audience to one that it lists.`,
    ],
  },
  {
    id: 'aws/keys-unreachable',
    said: /retrieve verification key/,
    cause: ({ claims }) => `AWS could not get the keys of the issuer ${shown(claims, 'iss')}`,
    fixes: keysFixes,
  },
  {
    id: 'aws/keys-unreachable',
    code: /^IDPCommunicationError/,
    cause: ({ claims }) => `AWS could not reach the issuer ${shown(claims, 'iss')}`,
    fixes: keysFixes,
  },
  {
    id: 'aws/token-expired',
    code: /^ExpiredToken/,
    cause: 'STS found the identity token too old, and the one that was minted anew too',
    fixes: [
      'Run the job again. The token lives five minutes on the clocks of its issuer and of AWS; the runner has no part in it, unless something on the way holds requests back.',
      'On GitHub Enterprise Server, check the clock of the server.',
    ],
  },
  {
    id: 'aws/token-refused',
    code: /^(InvalidIdentityToken|IDPRejectedClaim)/,
    cause: 'STS could not accept the identity token itself; it got as far as no role',
    fixes: [
      "Read STS's own words below the code: they name what is wrong with the token.",
      "Check that the provider's URL is the token's issuer, letter by letter, and that its keys are the issuer's.",
    ],
  },
  {
    id: 'aws/policy-too-large',
    code: /^PackedPolicyTooLarge/,
    cause: 'The session policy is too large once STS has packed it',
    fixes: ({ request }) => [
      ...(request.chain?.tags.length ? ['The session tags count too: shorten aws-session-tags, or give fewer.'] : []),
      `Shorten aws-session-policy (${request.policy?.length ?? 0} characters) or name fewer aws-session-policy-arns (${request.policyArns.length}): the packed form has a limit of its own, below that of the text.`,
    ],
  },
  {
    id: 'aws/policy-malformed',
    code: /^MalformedPolicyDocument/,
    cause: 'STS does not understand the session policy',
    fixes: ({ request }) => [
      request.policy === undefined
        ? 'Check aws-session-policy-arns: each must be a managed policy of the account or of AWS.'
        : 'Check aws-session-policy with `aws accessanalyzer validate-policy --policy-type IDENTITY_POLICY`: the JSON is well formed, but it is no policy.',
    ],
  },
  {
    id: 'aws/region-disabled',
    code: /^RegionDisabled/,
    cause: ({ request }) => `STS is not active in ${request.region} for account ${request.accountId}`,
    fixes: ({ request }) => [
      `Activate STS for ${request.region} in that account (IAM, Account settings), or set aws-region to one that is active.`,
    ],
  },
  {
    id: 'aws/duration-refused',
    said: /DurationSeconds/,
    cause: ({ request }) => `The role ${roleName(request)} gives no session of ${spoken(request.duration)}`,
    fixes: ({ request }) => [
      `Lower aws-session-duration, or lifetime, to what the role allows: \`aws iam get-role --role-name ${roleName(request)} --query Role.MaxSessionDuration\` (seconds).`,
      `Or raise the role's maximum to ${request.duration} seconds; 43200 are the most.`,
    ],
  },
  {
    id: 'aws/arn-refused',
    said: /ARN is invalid/,
    cause: 'STS does not take aws-role-arn for the ARN of a role',
    fixes: ['Copy the ARN from the role, path included; one of a policy, an instance profile or a session is none.'],
  },
  {
    id: 'aws/request-refused',
    code: /^ValidationError/,
    cause: 'STS found a value of the request that it does not take',
    fixes: ["Read STS's own words: they name the value. It comes from one of the aws- inputs."],
  },
  {
    id: 'aws/throttled',
    code: /^Throttling/,
    cause: 'STS throttled the calls of this account, and waiting did not help',
    fixes: ['Start fewer jobs at a time (`max-parallel` of a matrix), or let the steps of a job share one session.'],
  },
  {
    id: 'aws/unavailable',
    code: /^(InternalFailure|InternalError|ServiceUnavailable)/,
    cause: 'STS had a failure of its own, and trying again did not help',
    fixes: ['Look at https://health.aws.amazon.com, and run the job again.'],
  },
];

function keysFixes({ claims }: Facts<AwsRequest>): string[] {
  const publicGitHub = /^https:\/\/token\.actions\.githubusercontent\.com/.test(shown(claims, 'iss'));
  return publicGitHub
    ? [
        'Run the job again: with this issuer it passes by itself. It comes with many jobs at a time.',
        'Start fewer jobs at a time (`max-parallel` of a matrix) if it comes back.',
      ]
    : [
        "Make the issuer's discovery document and keys reachable from the internet, under a public certificate and within 5 seconds: AWS fetches them from outside.",
      ];
}

const BY_FAILURE: Readonly<Record<string, readonly Rule<AwsRequest>[]>> = {
  'aws/refused': STS_RULES,
  'aws/unreachable': HOST_RULES,
};
/** All of them, as the troubleshooting page lists them. */
export const RULES: readonly Rule<AwsRequest>[] = [...STS_RULES, ...HOP_RULES, ...HOST_RULES];

/** STS's refusal with its cause named. Pure. */
export function advise(failure: Failure, request: AwsRequest, claims: Claims): Failure {
  const { hop } = failure.evidence;
  if (failure.id === 'aws/refused' && hop !== undefined) return adviseHop(failure, request, claims, hop);
  return adviseBy(BY_FAILURE[failure.id] ?? [], GENERAL, failure, request, claims);
}

/** What a hop's refusal has in common with the first role's is said of the hop's role. */
function adviseHop(failure: Failure, request: AwsRequest, claims: Claims, hop: number): Failure {
  const advised = adviseBy(HOP_RULES, [], failure, request, claims);
  if (advised.id !== failure.id) return advised;
  const { role } = hopOf(request, hop);
  return adviseBy(STS_RULES, GENERAL, failure, { ...request, roleArn: role, accountId: accountOf(role) }, claims);
}
