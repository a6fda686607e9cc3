// The provider's condition and the binding that accept exactly this token (facts: gcp 8.1).
import { boundClaims } from '../../core/binding.ts';
import type { Claims } from '../../core/claims.ts';
import { type Documents, logLines, noDocuments, type Snippet } from '../../core/documents.ts';
import { cel, shell } from '../../core/quoting.ts';
import { admits, narrows, speakerOf, whyNoTrust } from '../../core/trustable.ts';
import { poolOf } from './causes.ts';
import type { GcpRequest } from './request.ts';
import { terraform } from './terraform.ts';

/** What the trust says, whatever the language. */
export interface GcpTrust {
  /** Number of the project that has the pool. */
  readonly project: string;
  readonly pool: string;
  readonly providerId: string;
  /** `projects/NUMBER/...`, in full. */
  readonly provider: string;
  readonly issuer: string;
  /** Said also where it is the default one: an update that leaves it out keeps whatever other audiences the provider has. */
  readonly audience: string;
  readonly condition: string;
  /** Google's attribute → CEL. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Of this job alone. */
  readonly principal: string;
  /** Of every job of the repository that the condition lets in. */
  readonly repository?: string;
  /** The accounts that are acted as, one after another; none: direct federation. */
  readonly chain: readonly string[];
  /** What the job needs on the first of them. */
  readonly role: string;
  readonly projectId?: string;
}

const TOKEN_CREATOR = 'roles/iam.serviceAccountTokenCreator';

const LINKS = [
  'https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines',
  'https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-google-cloud-platform',
];
/** Bytes that Google takes in `google.subject`. */
const LONGEST_SUBJECT = 127;

/** Lines for a failing step's log; or the one line that says why there are none. */
export function trust(request: GcpRequest, claims: Claims): readonly string[] {
  return logLines(documents(request, claims));
}

/** The trust in every form: condition, commands, Terraform. */
export function documents(request: GcpRequest, claims: Claims): Documents {
  const refused = whyNoTrust(claims);
  if (refused) return noDocuments(refused);
  const said = trustOf(request, claims);
  if (!said) {
    return noDocuments(
      `This subject is longer than Google's ${LONGEST_SUBJECT} bytes, and the token has no repository_id to map instead.`,
    );
  }
  return {
    snippets: [...primary(said), ...wider(said), ...links(said), ...terraform(said), ...setup(said)],
    notes: [...admits(claims), ...narrows(claims)],
    links: LINKS,
  };
}

/** Undefined: nothing can be mapped to the principal's name. The condition holds the subject, whatever its length. */
function trustOf(request: GcpRequest, claims: Claims): GcpTrust | undefined {
  const { issuer, subject, audience, repositoryId } = speakerOf(claims);
  const isLong = Buffer.byteLength(subject) > LONGEST_SUBJECT;
  if (isLong && !repositoryId) return undefined;
  const terms = [{ claim: 'sub', value: subject }, ...boundClaims(claims)];
  const [, project = '', , , , pool = '', , providerId = ''] = request.provider.split('/');
  const name = isLong ? repositoryId : subject;
  return {
    project,
    pool,
    providerId,
    provider: request.provider,
    issuer,
    condition: terms.map(({ claim, value }) => `assertion.${claim} == ${cel(value)}`).join(' && '),
    mapping: {
      'google.subject': `assertion.${isLong ? 'repository_id' : 'sub'}`,
      ...(repositoryId && { 'attribute.repository_id': 'assertion.repository_id' }),
    },
    principal: `principal:${poolOf(request)}/subject/${name}`,
    chain: request.serviceAccount ? [...request.delegates, request.serviceAccount] : [],
    // Delegating and signing need more than the role for workload identity has.
    role:
      request.delegates.length > 0 || request.subject !== undefined ? TOKEN_CREATOR : 'roles/iam.workloadIdentityUser',
    audience,
    ...(repositoryId && { repository: `principalSet:${poolOf(request)}/attribute.repository_id/${repositoryId}` }),
    ...(request.projectId && { projectId: request.projectId }),
  };
}

function primary(said: GcpTrust): Snippet[] {
  return [
    {
      title: `Condition of the provider ${said.provider}; where it lets in other jobs too, join the two with ||`,
      language: 'text',
      place: 'log',
      lines: [said.condition],
    },
    {
      title:
        'As a command, for a provider that serves this job alone (it replaces mapping and condition; create-oidc takes the same)',
      language: 'sh',
      place: 'log',
      lines: [
        `gcloud iam workload-identity-pools providers update-oidc ${shell(said.provider)} ${flags(said).join(' ')}`,
      ],
    },
    {
      title: said.chain[0]
        ? `Binding that lets this job act as ${said.chain[0]}`
        : 'Direct federation: grant this job the roles that it needs (put in the role)',
      language: 'sh',
      place: 'log',
      lines: [binding(said, said.principal)],
    },
  ];
}

function wider(said: GcpTrust): Snippet[] {
  if (!said.repository) return [];
  return [
    {
      title:
        'Or, in its place, for every job of the repository that the condition lets in (the provider must map attribute.repository_id)',
      language: 'sh',
      place: 'log',
      lines: [binding(said, said.repository)],
    },
  ];
}

function flags({ issuer, audience, mapping, condition }: GcpTrust): string[] {
  const pairs = Object.entries(mapping).map(([name, expression]) => `${name}=${expression}`);
  return [
    `--issuer-uri=${shell(issuer)}`,
    `--allowed-audiences=${shell(audience)}`,
    `--attribute-mapping=${shell(pairs.join(','))}`,
    `--attribute-condition=${shell(condition)}`,
  ];
}

/** The bindings between the accounts of a chain. */
function links({ chain }: GcpTrust): Snippet[] {
  return chain.slice(1).map((account, i) => ({
    title: `Binding that lets ${chain[i]} act as ${account}`,
    language: 'sh',
    place: 'log',
    lines: [accountBinding(account, TOKEN_CREATOR, `serviceAccount:${chain[i]}`)],
  }));
}

function binding({ chain, role, projectId }: GcpTrust, member: string): string {
  const [first] = chain;
  if (first) return accountBinding(first, role, member);
  return `gcloud projects add-iam-policy-binding ${projectId ? shell(projectId) : 'PROJECT'} --role=ROLE --member=${shell(member)}`;
}

function accountBinding(account: string, role: string, member: string): string {
  return `gcloud iam service-accounts add-iam-policy-binding ${shell(account)} --role=${shell(role)} --member=${shell(member)}`;
}

function setup(said: GcpTrust): Snippet[] {
  const [account, domain] = said.chain[0]?.split('@') ?? [];
  const owner = domain?.replace(/\.iam\.gserviceaccount\.com$/, '');
  return [
    {
      title: 'The APIs, the pool and the provider',
      language: 'sh',
      place: 'setup',
      lines: [
        `gcloud services enable iam.googleapis.com iamcredentials.googleapis.com sts.googleapis.com --project=${shell(said.project)}`,
        `gcloud iam workload-identity-pools create ${shell(said.pool)} --location=global --project=${shell(said.project)}`,
        `gcloud iam workload-identity-pools providers create-oidc ${shell(said.provider)} ${flags(said).join(' ')}`,
      ],
    },
    ...(account && owner && /^[a-z0-9-]+$/.test(owner)
      ? [
          {
            title: 'The service account; then give it the roles that the job needs',
            language: 'sh',
            place: 'setup',
            lines: [`gcloud iam service-accounts create ${shell(account)} --project=${shell(owner)}`],
          } as const,
        ]
      : []),
  ];
}
