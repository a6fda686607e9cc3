// The provider's condition and the binding that accept exactly this token (facts: gcp 8.1).
import type { Claims } from '../../core/claims.ts';
import { cel, shell } from '../../core/quoting.ts';
import { admits, type Speaker, speakerOf, whyNoTrust } from '../../core/trustable.ts';
import { poolOf } from './causes.ts';
import type { GcpRequest } from './request.ts';
import { resourceName } from './universe.ts';

/** Bytes that Google takes in `google.subject`. */
const LONGEST_SUBJECT = 127;

/** Lines to paste; or the one line that says why there are none. */
export function trust(request: GcpRequest, claims: Claims): readonly string[] {
  const refused = whyNoTrust(claims);
  if (refused) return [refused];
  const speaker = speakerOf(claims);
  const { repositoryId } = speaker;
  const isLong = Buffer.byteLength(speaker.subject) > LONGEST_SUBJECT;
  if (isLong && !repositoryId) {
    return [
      `This subject is longer than Google's ${LONGEST_SUBJECT} bytes, and the token has no repository_id to map instead.`,
    ];
  }
  const condition = conditionFor(speaker);
  // The condition holds the subject; the mapped one only names the principal.
  const subject = { name: isLong ? 'repository_id' : 'sub', value: isLong ? repositoryId : speaker.subject };
  return [
    `Condition of the provider ${request.provider}; where it lets in other jobs too, join the two with ||:`,
    condition,
    ...admits(claims),
    'As a command, for a provider that serves this job alone (it replaces mapping and condition; create-oidc takes the same):',
    `gcloud iam workload-identity-pools providers update-oidc ${shell(request.provider)} ${flags(request, speaker, subject.name, condition)}`,
    ...bindingOf(request, `principal:${poolOf(request)}/subject/${subject.value}`),
    ...(repositoryId
      ? [
          'Or, in its place, for every job of the repository that the condition lets in (the provider must map attribute.repository_id):',
          binding(request, `principalSet:${poolOf(request)}/attribute.repository_id/${repositoryId}`),
        ]
      : []),
    ...links(chainOf(request)),
  ];
}

/** The ids hold fast what a name in the subject may come to mean. */
function conditionFor({ subject, repositoryId }: Speaker): string {
  const id = repositoryId ? [`assertion.repository_id == ${cel(repositoryId)}`] : [];
  return [`assertion.sub == ${cel(subject)}`, ...id].join(' && ');
}

function flags(request: GcpRequest, speaker: Speaker, subjectClaim: string, condition: string): string {
  const id = speaker.repositoryId ? ',attribute.repository_id=assertion.repository_id' : '';
  const isDefault = speaker.audience === `https:${resourceName(request.provider, request.universe)}`;
  return [
    `--issuer-uri=${shell(speaker.issuer)}`,
    ...(isDefault ? [] : [`--allowed-audiences=${shell(speaker.audience)}`]),
    `--attribute-mapping=${shell(`google.subject=assertion.${subjectClaim}${id}`)}`,
    `--attribute-condition=${shell(condition)}`,
  ].join(' ');
}

function bindingOf(request: GcpRequest, member: string): string[] {
  const [first] = chainOf(request);
  const purpose = first
    ? `Binding that lets this job act as ${first}:`
    : 'Direct federation: grant this job the roles that it needs (put in the role):';
  return [purpose, binding(request, member)];
}

/** The bindings between the accounts of a chain. */
function links(chain: readonly string[]): string[] {
  return chain
    .slice(1)
    .flatMap((account, i) => [
      `Binding that lets ${chain[i]} act as ${account}:`,
      accountBinding(account, TOKEN_CREATOR, `serviceAccount:${chain[i]}`),
    ]);
}

/** The accounts that are acted as, one after another. */
function chainOf({ delegates, serviceAccount }: GcpRequest): string[] {
  return serviceAccount ? [...delegates, serviceAccount] : [];
}

const TOKEN_CREATOR = 'roles/iam.serviceAccountTokenCreator';

function binding(request: GcpRequest, member: string): string {
  const [first] = chainOf(request);
  if (first) {
    // Delegating and signing need more than the role for workload identity has.
    const more = request.delegates.length > 0 || request.subject !== undefined;
    return accountBinding(first, more ? TOKEN_CREATOR : 'roles/iam.workloadIdentityUser', member);
  }
  const project = request.projectId ? shell(request.projectId) : 'PROJECT';
  return `gcloud projects add-iam-policy-binding ${project} --role=ROLE --member=${shell(member)}`;
}

function accountBinding(account: string, role: string, member: string): string {
  return `gcloud iam service-accounts add-iam-policy-binding ${shell(account)} --role=${shell(role)} --member=${shell(member)}`;
}
