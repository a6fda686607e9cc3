// Finding what an ARN names in the trust document.
import type { PartitionId } from './regions.ts';
import type { Account, AwsTrust, OidcProvider, PolicyDocument, Role } from './trust.ts';

/** A role with the names that it is known by. */
export interface FoundRole {
  readonly role: Role;
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly account: Account;
}

export interface RoleArn {
  readonly partition: string;
  readonly accountId: string;
  readonly path: string;
  readonly name: string;
}

export function readRoleArn(arn: string): RoleArn | undefined {
  const [, partition, accountId, path, name] =
    /^arn:(aws[a-z-]*):iam::(\d{12}):role(\/(?:[\x21-\x7e]+\/)?)([\w+=,.@-]{1,64})$/.exec(arn) ?? [];
  if (partition === undefined || accountId === undefined || path === undefined || name === undefined) return undefined;
  return { partition, accountId, path, name };
}

/** The account of that id in that partition: an account exists in one only. */
export function findAccount(trust: AwsTrust, accountId: string, partition: string): Account | undefined {
  const account = trust.accounts[accountId];
  return account && (account.partition ?? 'aws') === partition ? account : undefined;
}

/** The role that an ARN names to an endpoint of `partition`; names and paths are compared as they are written. */
export function findRole(trust: AwsTrust, arn: string, partition: PartitionId): FoundRole | undefined {
  const named = readRoleArn(arn);
  if (named === undefined || named.partition !== partition) return undefined;
  const account = findAccount(trust, named.accountId, partition);
  const role = account && Object.hasOwn(account.roles, named.name) ? account.roles[named.name] : undefined;
  if (account === undefined || role === undefined || (role.path ?? '/') !== named.path) return undefined;
  return { role, name: named.name, arn, accountId: named.accountId, account };
}

/** The account's identity provider for an issuer. */
export function findProvider(account: Account, issuer: string): OidcProvider | undefined {
  return account.oidcProviders?.find((provider) => bare(provider.url) === bare(issuer));
}

/** An issuer as provider ARNs and condition keys write it. */
export function bare(issuer: string): string {
  return issuer.replace(/^https:\/\//, '').replace(/\/$/, '');
}

const AWS_MANAGED: Readonly<Record<string, PolicyDocument>> = {
  AdministratorAccess: managed('*'),
  ReadOnlyAccess: managed('s3:Get*', 's3:List*', 'sts:GetCallerIdentity'),
  AmazonS3ReadOnlyAccess: managed('s3:Get*', 's3:List*', 's3:Describe*'),
  AmazonS3FullAccess: managed('s3:*'),
  IAMReadOnlyAccess: managed('iam:Get*', 'iam:List*'),
};

function managed(...Action: string[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
}

/** A managed policy that an account may name: its own, or one of a few of AWS's. */
export function findManagedPolicy(account: Account, accountId: string, arn: string): PolicyDocument | undefined {
  const [, owner, name = ''] = /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/(?:.*\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  if (owner === 'aws') return Object.hasOwn(AWS_MANAGED, name) ? AWS_MANAGED[name] : undefined;
  return owner === accountId ? account.managedPolicies?.[arn] : undefined;
}
