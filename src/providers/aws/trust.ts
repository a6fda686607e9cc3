// The trust policy that accepts exactly this token, and the provider that it needs (facts: aws 8.1-8.3).
import { type Bound, boundClaims } from '../../core/binding.ts';
import type { Claims } from '../../core/claims.ts';
import { type Documents, logLines, noDocuments, type Snippet } from '../../core/documents.ts';
import type { Failure } from '../../core/failure.ts';
import { jsonLines, shell } from '../../core/quoting.ts';
import { readSubject } from '../../core/subject.ts';
import { admits, narrows, type Speaker, speakerOf, whyNoTrust } from '../../core/trustable.ts';
import { roleName } from './causes.ts';
import { hopSnippets } from './hop-trust.ts';
import type { AwsRequest } from './request.ts';
import { terraform } from './terraform.ts';

/** What the trust says, whatever the language. */
export interface AwsTrust {
  readonly account: string;
  readonly role: string;
  /** `/` at both ends. */
  readonly path: string;
  readonly issuer: string;
  readonly audience: string;
  /** ARN of the OIDC provider. */
  readonly provider: string;
  /** Condition key → value, all compared by StringEquals. */
  readonly equals: Readonly<Record<string, string>>;
}

const LINKS = [
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html',
  'https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws',
];

/** Issuers for which STS knows GitHub's claims beside `sub` and `aud`; in the public partition, as far as it is known. */
const KNOWS_CLAIMS = /^https:\/\/token\.actions\.(githubusercontent\.com|[a-z0-9-]+\.ghe\.com)(\/[\w-]+)?$/;

/**
 * Lines for a failing step's log; or the one line that says why there are none. For a failure those that would mend it; without one those of
 * every role of a chain.
 */
export function trust(request: AwsRequest, claims: Claims, failure?: Failure): readonly string[] {
  return logLines(documents(request, claims, failure));
}

/** The trust in every form: policy, commands, Terraform. */
export function documents(request: AwsRequest, claims: Claims, failure?: Failure): Documents {
  const refused = whyNoTrust(claims);
  if (refused) return noDocuments(refused);
  const hop = failure?.evidence.hop;
  if (hop !== undefined) return { snippets: hopSnippets(request, hop), notes: [], links: LINKS };
  const hops = failure ? [] : (request.chain?.roleArns ?? []);
  const first = firstTrust(request, claims);
  return { ...first, snippets: [...first.snippets, ...hops.flatMap((_, i) => hopSnippets(request, i + 1))] };
}

/** Of the role that takes the identity token. */
function firstTrust(request: AwsRequest, claims: Claims): Documents {
  const speaker = speakerOf(claims);
  const [, partition = 'aws'] = request.roleArn.split(':');
  const known = partition === 'aws' && KNOWS_CLAIMS.test(speaker.issuer);
  const said = trustOf(request, partition, speaker, known ? comparable(claims) : []);
  return {
    snippets: [...primary(said), replacing(said), ...terraform(said), ...setup(said)],
    notes: [...admits(claims), ...(known ? narrows(claims) : limits(claims))],
    links: LINKS,
  };
}

function trustOf(request: AwsRequest, partition: string, speaker: Speaker, bound: readonly Bound[]): AwsTrust {
  const { issuer, audience, subject } = speaker;
  const host = issuer.replace(/^https:\/\//, '');
  const claims: Record<string, string> = { aud: audience, sub: subject };
  for (const { claim, value } of bound) claims[claim] = value;
  const path = request.roleArn.replace(/^[^/]*/, '').replace(/[^/]*$/, '');
  return {
    account: request.accountId,
    role: roleName(request),
    path,
    issuer,
    audience,
    provider: `arn:${partition}:iam::${request.accountId}:oidc-provider/${host}`,
    equals: Object.fromEntries(Object.entries(claims).map(([name, value]) => [`${host}:${name}`, value])),
  };
}

/** A classic subject is made of names, which can pass to others: the repository's id holds it fast. An immutable one has the ids in it. */
function comparable(claims: Claims): Bound[] {
  const idless = readSubject(claims).form !== 'immutable';
  return boundClaims(claims).filter(
    ({ claim }) => claim !== 'repository_owner_id' && (claim !== 'repository_id' || idless),
  );
}

function limits(claims: Claims): string[] {
  const lost = boundClaims(claims).map(({ claim }) => claim);
  if (lost.length === 0) return [];
  return [
    `STS knows nothing but sub and aud of tokens of this issuer, so the policy cannot compare ${lost.join(', ')}: it also lets in what differs from this token in these alone.`,
  ];
}

/** As IAM takes it. */
function policyOf({ provider, equals }: AwsTrust): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: equals },
      },
    ],
  };
}

function primary(said: AwsTrust): Snippet[] {
  const host = said.issuer.replace(/^https:\/\//, '');
  return [
    {
      title: `Trust policy of the role ${said.role} (IAM, Roles, Trust relationships). Where it has statements for others, add this one to them`,
      language: 'json',
      place: 'log',
      lines: jsonLines(policyOf(said)),
    },
    {
      title: `It needs the OIDC provider ${host} in account ${said.account}. Where there is none`,
      language: 'sh',
      place: 'log',
      lines: [createProvider(said)],
    },
    {
      title: 'Where it is there, but does not list the audience',
      language: 'sh',
      place: 'log',
      lines: [
        `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${shell(said.provider)} --client-id ${shell(said.audience)}`,
      ],
    },
  ];
}

function createProvider({ issuer, audience }: AwsTrust): string {
  return `aws iam create-open-id-connect-provider --url ${shell(issuer)} --client-id-list ${shell(audience)}`;
}

function replacing(said: AwsTrust): Snippet {
  return {
    title: `The same as a command, for a role that serves this job alone: it replaces the trust policy as a whole`,
    language: 'sh',
    place: 'more',
    lines: [
      `aws iam update-assume-role-policy --role-name ${shell(said.role)} --policy-document ${shell(JSON.stringify(policyOf(said)))}`,
    ],
  };
}

function setup(said: AwsTrust): Snippet[] {
  const path = said.path === '/' ? '' : ` --path ${shell(said.path)}`;
  return [
    {
      title:
        'From nothing: the OIDC provider (one an account and issuer), and the role, which may do nothing until you attach a policy to it',
      language: 'sh',
      place: 'setup',
      lines: [
        createProvider(said),
        `aws iam create-role --role-name ${shell(said.role)}${path} --assume-role-policy-document ${shell(JSON.stringify(policyOf(said)))}`,
      ],
    },
  ];
}
