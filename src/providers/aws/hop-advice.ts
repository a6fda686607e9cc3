// What the refusal of a chained hop means: which hop, and what its role and the one before it must allow (facts: aws 2.2).
import { type Cause, type Facts, type Rule, ranked } from '../../core/advice.ts';
import { whyNoTrust } from '../../core/trustable.ts';
import { type AwsRequest, accountOf } from './request.ts';

/** A hop of a chain: the role that was asked for, and the one that asked. */
export interface Hop {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly role: string;
  readonly by: string;
  /** What the trust of the role, and the permissions of the one before, must allow. */
  readonly actions: readonly string[];
}

/** The hop that a failure is about. Only for a request with a chain. */
export function hopOf({ chain, roleArn }: AwsRequest, number: number): Hop {
  const roles = [roleArn, ...(chain?.roleArns ?? [])];
  const tagged = number === 1 ? (chain?.tags.length ?? 0) > 0 : (chain?.transitiveTagKeys.length ?? 0) > 0;
  return {
    number,
    of: roles.length - 1,
    role: roles[number] ?? '',
    by: roles[number - 1] ?? '',
    actions: [
      'sts:AssumeRole',
      ...(tagged ? ['sts:TagSession'] : []),
      ...(chain?.sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
    ],
  };
}

type HopFacts = Facts<AwsRequest>;

const hop = ({ request, evidence }: HopFacts) => hopOf(request, evidence.hop ?? 1);

/** `release in account 123456789012`: an ARN can be longer than a sentence may be. */
function named(role: string): string {
  return `${role.split('/').at(-1)} in account ${accountOf(role)}`;
}

/** `hop 2 of 3 of aws-role-chain, to release in account 123456789012`. */
function hopName(facts: HopFacts): string {
  const { number, of, role } = hop(facts);
  return `hop ${number} of ${of} of aws-role-chain, to ${named(role)}`;
}

/** What would mend it; for nobody whom no trust is written for (INVARIANTS 4). */
function allow(facts: HopFacts): string[] {
  if (whyNoTrust(facts.claims)) return [];
  const { role, by, actions } = hop(facts);
  return [`Let the trust policy of ${named(role)} allow ${actions.join(', ')} to ${named(by)}.`];
}

/** What newer texts of AWS end in, where the account may know it. */
const NOT_PERMITTED = /no (identity-based|session) policy allows/;
const FORBIDDEN = /explicit deny|(control|boundary|endpoint) policy|permissions boundary/;

/** STS gives one answer for most of these. */
const DENIED: readonly Cause<HopFacts>[] = [
  {
    weight: 50,
    tell: (facts) =>
      `The trust policy of ${named(hop(facts).role)} does not name ${named(hop(facts).by)}, or not for ${hop(facts).actions.join(', ')}.`,
  },
  {
    weight: (facts) => {
      if (NOT_PERMITTED.test(facts.evidence.said ?? '')) return 90;
      return accountOf(hop(facts).role) === accountOf(hop(facts).by) ? 30 : 45;
    },
    tell: (facts) =>
      `${named(hop(facts).by)} has no permission for ${hop(facts).actions.join(', ')} on it; across accounts, both sides must allow.`,
  },
  {
    weight: ({ request }) => (request.chain?.externalId === undefined ? 20 : 40),
    tell: ({ request }) =>
      request.chain?.externalId === undefined
        ? 'The trust policy asks for an external id (sts:ExternalId): give it in aws-external-id.'
        : 'The trust policy asks for another external id (sts:ExternalId) than aws-external-id, which is compared with case.',
  },
  { weight: 15, tell: (facts) => `There is no role ${named(hop(facts).role)}: STS does not say so.` },
  {
    weight: ({ evidence }) => (FORBIDDEN.test(evidence.said ?? '') ? 95 : 10),
    tell: () =>
      'A condition on the session name, a permissions boundary or a control policy of the organisation is in the way.',
  },
];

/** The rules for a hop, which stand before those for the first role. */
export const HOP_RULES: readonly Rule<AwsRequest>[] = [
  {
    id: 'aws/hop-tags-refused',
    code: /^AccessDenied/,
    said: /sts:TagSession/,
    cause: (facts) => `STS refused ${hopName(facts)}: session tags may not be passed to it`,
    fixes: (facts) => [
      ...allow(facts),
      `Give ${named(hop(facts).by)} the permission sts:TagSession on it, too.`,
      'Or do without aws-session-tags; behind the first hop, without aws-transitive-tag-keys.',
    ],
  },
  {
    id: 'aws/hop-identity-refused',
    code: /^AccessDenied/,
    said: /sts:SetSourceIdentity/,
    cause: (facts) => `STS refused ${hopName(facts)}: a source identity may not be passed to it`,
    fixes: (facts) => [
      ...allow(facts),
      `Give ${named(hop(facts).by)} the permission sts:SetSourceIdentity on it, too: the identity is passed on along the whole chain.`,
      'Or do without aws-source-identity.',
    ],
  },
  {
    id: 'aws/hop-refused',
    code: /^AccessDenied/,
    cause: (facts) => `STS refused ${hopName(facts)}; it does not say why`,
    fixes: (facts) => [...allow(facts), ...ranked(DENIED, facts)],
  },
  {
    id: 'aws/hop-tags-invalid',
    code: /^InvalidParameterValue/,
    cause: (facts) => `STS refused the session tags at ${hopName(facts)}`,
    fixes: [
      "Read STS's own words: a key stands in its way. The session before may have brought a transitive tag of that key.",
    ],
  },
  {
    id: 'aws/hop-unsigned',
    code: /^(SignatureDoesNotMatch|InvalidClientTokenId|IncompleteSignature|ExpiredToken|RequestExpired)/,
    cause: (facts) => `STS did not accept the signature at ${hopName(facts)}`,
    fixes: [
      'Check the clock of the runner: a signature carries its time.',
      'Check that the region is enabled in every account of the chain.',
      'With aws-sts-endpoint, check that what stands there passes requests on unchanged, and that aws-region is its region.',
    ],
  },
  {
    id: 'aws/policy-too-large',
    code: /^PackedPolicyTooLarge/,
    said: /tags/,
    cause: (facts) => `The session tags are too large once STS has packed them, at ${hopName(facts)}`,
    fixes: ({ request }) => [
      `Shorten aws-session-tags (${request.chain?.tags.length ?? 0} tags), or let fewer be transitive: the packed form has a limit of its own.`,
    ],
  },
  {
    id: 'aws/duration-refused',
    said: /1 hour session limit/,
    cause: (facts) => `STS gives no session of more than an hour at ${hopName(facts)}`,
    fixes: [
      'Lower aws-session-duration to 1h, or do without aws-role-chain: let the last role trust the identity token itself.',
    ],
  },
];
