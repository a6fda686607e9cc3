// What a Google Cloud administrator would set up: pools and providers, service accounts, and who holds which role on what.

export interface GcpTrust {
  /** `googleapis.com` unless said. */
  readonly universe?: string;
  readonly projects: readonly Project[];
  /** Addresses of the Workspace's users, for domain-wide delegation. */
  readonly users?: readonly string[];
}

export interface Project {
  /** Decimal digits. */
  readonly number: string;
  readonly id: string;
  readonly pools: readonly Pool[];
  readonly serviceAccounts: readonly ServiceAccount[];
  /** The project's own policy; it also reaches the service accounts within. */
  readonly bindings?: readonly Binding[];
  readonly buckets?: readonly string[];
  /** APIs that are not enabled here, such as `iamcredentials.googleapis.com`. */
  readonly disabledServices?: readonly string[];
}

export interface Pool {
  readonly id: string;
  readonly disabled?: boolean;
  readonly providers: readonly Provider[];
}

export interface Provider {
  readonly id: string;
  readonly issuer: string;
  /** Up to ten; none: the provider's own name, with `https:` or without. */
  readonly allowedAudiences?: readonly string[];
  /** `google.subject` (required), `google.groups`, `attribute.NAME` → CEL over `assertion`. */
  readonly attributeMapping: Readonly<Record<string, string>>;
  /** CEL over `assertion`, `google` and `attribute`; must be true. */
  readonly attributeCondition?: string;
  readonly disabled?: boolean;
}

export interface ServiceAccount {
  readonly email: string;
  /** Decimal digits; may stand for the address in API paths. */
  readonly uniqueId: string;
  readonly disabled?: boolean;
  readonly bindings: readonly Binding[];
  /** Whether constraints/iam.allowServiceAccountCredentialLifetimeExtension names it: 12 hours in place of one. */
  readonly lifetimeExtension?: boolean;
  /** Scopes that a Workspace administrator gave it for acting as users. */
  readonly domainWideScopes?: readonly string[];
}

/** Members: `principal://...`, `principalSet://...`, `serviceAccount:ADDRESS`. */
export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
}

const POOL = 'iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github';
const REPOSITORY = `principalSet://${POOL}/attribute.repository_id/1296269`;
const RELAY = 'relay@octo-project.iam.gserviceaccount.com';
const TOKEN_CREATOR = 'roles/iam.serviceAccountTokenCreator';

/**
 * The demo's project: trusts the repositories of octo-org, and gives octo-org/octo-repo a service account, another at the end of a chain, and one
 * that acts as the users of its Workspace.
 */
export const defaultGcpTrust: GcpTrust = {
  projects: [
    {
      number: '123456789012',
      id: 'octo-project',
      pools: [
        {
          id: 'github',
          providers: [
            {
              id: 'octo-org',
              issuer: 'https://token.actions.githubusercontent.com',
              attributeMapping: {
                'google.subject': 'assertion.sub',
                'attribute.repository_id': 'assertion.repository_id',
                'attribute.repository': 'assertion.repository',
              },
              attributeCondition: "assertion.repository_owner_id == '583231'",
            },
          ],
        },
      ],
      serviceAccounts: [
        {
          email: 'deploy@octo-project.iam.gserviceaccount.com',
          uniqueId: '104857600000000000001',
          bindings: [{ role: 'roles/iam.workloadIdentityUser', members: [REPOSITORY] }],
        },
        {
          email: RELAY,
          uniqueId: '104857600000000000002',
          bindings: [{ role: TOKEN_CREATOR, members: [REPOSITORY] }],
        },
        {
          email: 'release@octo-project.iam.gserviceaccount.com',
          uniqueId: '104857600000000000003',
          bindings: [{ role: TOKEN_CREATOR, members: [`serviceAccount:${RELAY}`] }],
          lifetimeExtension: true,
        },
        {
          email: 'directory@octo-project.iam.gserviceaccount.com',
          uniqueId: '104857600000000000004',
          bindings: [{ role: TOKEN_CREATOR, members: [REPOSITORY] }],
          domainWideScopes: ['https://www.googleapis.com/auth/admin.directory.user.readonly'],
        },
      ],
      bindings: [
        { role: 'roles/viewer', members: ['serviceAccount:deploy@octo-project.iam.gserviceaccount.com', REPOSITORY] },
      ],
      buckets: ['octo-artifacts', 'octo-site'],
    },
  ],
  users: ['admin@octo.example.com'],
};
