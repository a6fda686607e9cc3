// Who may do what: roles to permissions, and policies of service accounts and projects against the names of a principal.
import { memberNames, type Principal, type UserPrincipal } from './principal.ts';
import type { Binding, Project, ServiceAccount } from './trust.ts';

const PROJECT_READ = ['resourcemanager.projects.get'];
const BUCKET_READ = ['storage.buckets.list', 'storage.buckets.get'];
const IMPERSONATE = ['iam.serviceAccounts.getAccessToken', 'iam.serviceAccounts.getOpenIdToken'];

/** As far as this world asks; the permissions are those of the predefined roles. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  'roles/iam.workloadIdentityUser': IMPERSONATE,
  'roles/iam.serviceAccountTokenCreator': [
    ...IMPERSONATE,
    'iam.serviceAccounts.implicitDelegation',
    'iam.serviceAccounts.signBlob',
    'iam.serviceAccounts.signJwt',
  ],
  'roles/iam.serviceAccountOpenIdTokenCreator': ['iam.serviceAccounts.getOpenIdToken'],
  'roles/owner': [...PROJECT_READ, ...BUCKET_READ],
  'roles/editor': [...PROJECT_READ, ...BUCKET_READ],
  'roles/viewer': [...PROJECT_READ, ...BUCKET_READ],
  'roles/browser': PROJECT_READ,
  'roles/storage.admin': [...PROJECT_READ, ...BUCKET_READ],
  'roles/storage.bucketViewer': BUCKET_READ,
};

/** By the account's own policy or its project's. */
export function mayOnAccount(
  principal: Principal,
  permission: string,
  { account, project }: { account: ServiceAccount; project: Project },
): boolean {
  return grants([...account.bindings, ...(project.bindings ?? [])], principal, permission);
}

/** By the project's policy. */
export function mayOnProject(principal: Principal | UserPrincipal, permission: string, project: Project): boolean {
  return grants(project.bindings ?? [], principal, permission);
}

function grants(bindings: readonly Binding[], principal: Principal | UserPrincipal, permission: string): boolean {
  const names = new Set(memberNames(principal));
  return bindings.some(({ role, members }) => ROLES[role]?.includes(permission) && members.some((m) => names.has(m)));
}
