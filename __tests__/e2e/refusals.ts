// How each authority comes to refuse a job that the others accept, and what the action says then.
import { defaultAwsTrust } from '../../sandbox/aws/trust.ts';
import { defaultAzureTrust, type WorkloadIdentity } from '../../sandbox/azure/trust.ts';
import type { WorldTrust } from '../../sandbox/default-trust.ts';
import { defaultGcpTrust, type Project } from '../../sandbox/gcp/trust.ts';
import { defaultVaultTrust } from '../../sandbox/vault/default-trust.ts';
import type { VaultServer } from '../../sandbox/vault/trust.ts';

const OTHERS = 'repo:octo-org/octo-repo:ref:refs/heads/release';

/** A default document with some of its texts replaced: it trusts somebody else. */
function changed<T>(document: T, from: string, to: string): T {
  const text = JSON.stringify(document);
  if (!text.includes(from)) throw new Error(`the document does not hold ${from}`);
  return JSON.parse(text.replaceAll(from, to)) as T;
}

const SUBJECT = 'repo:octo-org/octo-repo:ref:refs/heads/main';

function azure(change: Partial<WorkloadIdentity>): Partial<WorldTrust> {
  const tenants = defaultAzureTrust.tenants.map((tenant) => ({
    ...tenant,
    identities: tenant.identities.map((identity) => ({ ...identity, ...change })),
  }));
  return { azure: { tenants } };
}
function gcp(change: (project: Project) => Project): Partial<WorldTrust> {
  return { gcp: { projects: defaultGcpTrust.projects.map(change) } };
}
function vault(change: Partial<VaultServer>): Partial<WorldTrust> {
  return { vault: { servers: defaultVaultTrust().servers.map((server) => ({ ...server, ...change })) } };
}

export interface Case {
  readonly trust: () => Partial<WorldTrust>;
  readonly id: string;
  /** The operation that is refused, and how often it is asked. */
  readonly refused: string;
  readonly tries?: number;
  /** Some of the advice. */
  readonly says: string | RegExp;
}

export const CASES: readonly (readonly [name: string, Case])[] = [
  [
    'AWS: the trust policy is for another branch',
    {
      trust: () => ({ aws: changed(defaultAwsTrust, SUBJECT, OTHERS) }),
      id: 'aws/trust-refused',
      refused: 'aws AssumeRoleWithWebIdentity',
      says: `"token.actions.githubusercontent.com:sub": "${SUBJECT}"`,
    },
  ],
  [
    'AWS: no such provider in the account',
    {
      trust: () => ({ aws: changed(defaultAwsTrust, 'https://token.actions', 'https://token.other') }),
      id: 'aws/provider-missing',
      refused: 'aws AssumeRoleWithWebIdentity',
      says: /create-open-id-connect-provider|identity provider/,
    },
  ],
  [
    'Azure: the identity is switched off',
    { trust: () => azure({ disabled: true }), id: 'azure/disabled', refused: 'azure token', says: 'AADSTS7000112' },
  ],
  [
    'Azure: no credential for this branch, which may lag: one more try, with a fresh token',
    {
      trust: () => ({ azure: changed(defaultAzureTrust, SUBJECT, OTHERS) }),
      id: 'azure/subject-refused',
      refused: 'azure token',
      tries: 2,
      says: SUBJECT,
    },
  ],
  [
    "Google: the provider's condition",
    {
      trust: () => ({ gcp: changed(defaultGcpTrust, "== '583231'", "== '1'") }),
      id: 'gcp/condition-false',
      refused: 'gcp token',
      says: 'repository_owner_id',
    },
  ],
  [
    'Google: the service account may not be impersonated',
    {
      trust: () =>
        gcp((project) => ({
          ...project,
          serviceAccounts: project.serviceAccounts.map((a) => ({ ...a, bindings: [] })),
        })),
      id: 'gcp/impersonation-denied',
      refused: 'gcp generateAccessToken',
      says: 'gcloud iam service-accounts add-iam-policy-binding',
    },
  ],
  [
    'Vault: the role is bound to another branch',
    {
      trust: () => ({ vault: changed(defaultVaultTrust(), 'refs/heads/main', 'refs/heads/release') }),
      id: 'vault/claims-refused',
      refused: 'vault auth/jwt/login',
      says: 'bound_claims',
    },
  ],
  [
    'Vault: the policy does not let it read',
    {
      trust: () =>
        vault({
          policies: {
            ci: 'path "database/creds/*" { capabilities = ["read"] }\npath "sys/leases/revoke" { capabilities = ["update"] }',
          },
        }),
      id: 'vault/read-refused',
      refused: 'vault read secret/data/app',
      says: 'secret/data/app',
    },
  ],
];
