// What a directory's administrator would set up: tenants, who may sign in without a secret, and what they may read in Azure.
import type { CloudName } from './clouds.ts';

export interface AzureTrust {
  readonly tenants: readonly Tenant[];
}

export interface Tenant {
  /** GUID. */
  readonly id: string;
  readonly domains: readonly string[];
  readonly displayName: string;
  /** `public` unless said. */
  readonly cloud?: CloudName;
  readonly identities: readonly WorkloadIdentity[];
  /** App ID URIs of this tenant's own applications, which a scope may name. */
  readonly resources?: readonly string[];
  readonly subscriptions: readonly Subscription[];
  readonly vaults?: readonly KeyVault[];
}

/** An app registration with its service principal, or a user-assigned managed identity. */
export interface WorkloadIdentity {
  readonly kind: 'application' | 'managed identity';
  readonly displayName: string;
  readonly clientId: string;
  /** Object id of the service principal: the `oid` and `sub` of its tokens, and what role assignments name. */
  readonly objectId: string;
  readonly federatedCredentials: readonly FederatedCredential[];
  readonly disabled?: boolean;
  readonly roleAssignments?: readonly RoleAssignment[];
  /** Seconds; random as Entra's (60 to 90 minutes, 24 hours for a managed identity) unless said. */
  readonly tokenLifetime?: number;
}

/** Matches exactly and case-sensitively, or, flexibly, by an expression over claims (facts: azure 8.1). */
export type FederatedCredential = ExactCredential | FlexibleCredential;

export interface ExactCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  /** Entra takes exactly one. */
  readonly audiences: readonly [string];
}

export interface FlexibleCredential {
  readonly name: string;
  readonly issuer: string;
  readonly audiences: readonly [string];
  readonly claimsMatchingExpression: { readonly value: string; readonly languageVersion: 1 };
}

/** `scope` is `/subscriptions/<id>` or what lies below it. */
export interface RoleAssignment {
  readonly role: string;
  readonly scope: string;
}

export interface Subscription {
  readonly id: string;
  readonly displayName: string;
  readonly resourceGroups?: readonly { readonly name: string; readonly location: string }[];
}

export interface KeyVault {
  readonly name: string;
  /** Resource id, which role assignments (`Key Vault Secrets User`) name as scope. */
  readonly resourceId: string;
  readonly secrets: Readonly<Record<string, string>>;
}

const TENANT = '22222222-2222-4222-8222-222222222222';
const SUBSCRIPTION = '33333333-3333-4333-8333-333333333333';

/** The demo's tenant: trusts the main branch of octo-org/octo-repo. */
export const defaultAzureTrust: AzureTrust = {
  tenants: [
    {
      id: TENANT,
      domains: ['octo.onmicrosoft.com', 'octo.example.com'],
      displayName: 'Octo Org',
      identities: [
        {
          kind: 'application',
          displayName: 'octo-deploy',
          clientId: '11111111-1111-4111-8111-111111111111',
          objectId: '44444444-4444-4444-8444-444444444444',
          federatedCredentials: [
            {
              name: 'octo-repo-main',
              issuer: 'https://token.actions.githubusercontent.com',
              subject: 'repo:octo-org/octo-repo:ref:refs/heads/main',
              audiences: ['api://AzureADTokenExchange'],
            },
          ],
          roleAssignments: [
            { role: 'Contributor', scope: `/subscriptions/${SUBSCRIPTION}` },
            { role: 'Key Vault Secrets User', scope: `/subscriptions/${SUBSCRIPTION}` },
          ],
        },
      ],
      subscriptions: [
        {
          id: SUBSCRIPTION,
          displayName: 'Octo Production',
          resourceGroups: [{ name: 'octo-web', location: 'westeurope' }],
        },
      ],
      vaults: [
        {
          name: 'octo-vault',
          resourceId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/octo-web/providers/Microsoft.KeyVault/vaults/octo-vault`,
          secrets: { 'api-key': 'octo-vault-api-key-1' },
        },
      ],
    },
  ],
};
