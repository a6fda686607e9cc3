// What an account's administrator would set up: identity providers, roles with their trust and permissions. A document, live.
import type { PartitionId } from './regions.ts';

/** IAM JSON, as an object or as its text. */
export type PolicyDocument = string | Readonly<Record<string, unknown>>;

export interface AwsTrust {
  /** By account id, 12 digits. */
  readonly accounts: Readonly<Record<string, Account>>;
}

export interface Account {
  /** `aws` unless said. */
  readonly partition?: PartitionId;
  readonly oidcProviders?: readonly OidcProvider[];
  /** By name; without the path. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Customer managed policies by ARN, for session policies. */
  readonly managedPolicies?: Readonly<Record<string, PolicyDocument>>;
  /** What the organisation's service and resource control policies forbid; they permit nothing by themselves. */
  readonly controlPolicy?: PolicyDocument;
  /** What ListBuckets shows. */
  readonly buckets?: readonly string[];
}

export interface OidcProvider {
  /** `https://` and the issuer's host and path. */
  readonly url: string;
  /** Audiences. */
  readonly clientIds: readonly string[];
}

export interface Role {
  /** Unique id, `AROA` and 17 more. */
  readonly id: string;
  /** `/` unless said; begins and ends with a slash. */
  readonly path?: string;
  readonly trustPolicy: PolicyDocument;
  /** Seconds, 3600 unless said. */
  readonly maxSessionDuration?: number;
  /** The role's identity-based policies; none unless said. */
  readonly permissions?: PolicyDocument | readonly PolicyDocument[];
}

const ISSUER = 'token.actions.githubusercontent.com';
const ACCOUNT = '123456789012';

/** The demo's account: `deploy` trusts the main branch of octo-org/octo-repo, `release` trusts `deploy`. */
export const defaultAwsTrust: AwsTrust = {
  accounts: {
    [ACCOUNT]: {
      oidcProviders: [{ url: `https://${ISSUER}`, clientIds: ['sts.amazonaws.com'] }],
      buckets: ['octo-artifacts', 'octo-logs'],
      roles: {
        deploy: {
          id: 'AROADEPLOYOCTOREPO001',
          maxSessionDuration: 43_200,
          trustPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}` },
                Action: 'sts:AssumeRoleWithWebIdentity',
                Condition: {
                  StringEquals: {
                    [`${ISSUER}:aud`]: 'sts.amazonaws.com',
                    [`${ISSUER}:sub`]: 'repo:octo-org/octo-repo:ref:refs/heads/main',
                  },
                },
              },
            ],
          },
          permissions: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
              {
                Effect: 'Allow',
                Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
                Resource: `arn:aws:iam::${ACCOUNT}:role/release`,
              },
            ],
          },
        },
        release: {
          id: 'AROARELEASEOCTOREPO02',
          trustPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/deploy` },
                Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
              },
            ],
          },
          permissions: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
          },
        },
      },
    },
  },
};
