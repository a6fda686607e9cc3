// The secret mounts of a trust document: one type for each engine, with its roles or secrets.
import type { Duration } from './durations.ts';

export type Fields = Readonly<Record<string, unknown>>;

export type SecretMount =
  | KvOneMount
  | KvTwoMount
  | DatabaseMount
  | AwsMount
  | AzureMount
  | GcpMount
  | TerraformMount
  | PkiMount
  | SshMount
  | TransitMount
  | TotpMount
  | RabbitMount
  | ConsulMount
  | NomadMount
  | KubernetesMount
  | LdapMount
  | IdentityMount;

export interface KvOneMount {
  readonly type: 'kv';
  readonly version: 1;
  readonly secrets: Readonly<Record<string, Fields>>;
}

export interface KvTwoMount {
  readonly type: 'kv';
  readonly version: 2;
  /** One object: the only version. A list: the versions, oldest first. */
  readonly secrets: Readonly<Record<string, Fields | readonly KvVersion[]>>;
}

export interface KvVersion {
  readonly data: Fields;
  readonly deleted?: boolean;
  readonly destroyed?: boolean;
}

export interface DatabaseMount {
  readonly type: 'database';
  /** False: the database behind the engine is down. May be switched while the world runs. */
  up: boolean;
  readonly roles: Readonly<Record<string, LeasedRole & { readonly revocation_statements_fail?: boolean }>>;
  readonly static_roles?: Readonly<Record<string, StaticRole>>;
}

export interface LeasedRole {
  readonly default_ttl?: Duration;
  readonly max_ttl?: Duration;
}

export interface StaticRole {
  readonly username: string;
  readonly password: string;
  readonly rotation_period: Duration;
}

export interface AwsMount {
  readonly type: 'aws';
  readonly roles: Readonly<Record<string, AwsRole>>;
  readonly static_roles?: Readonly<Record<string, { readonly access_key: string; readonly secret_key: string }>>;
}

export interface AwsRole extends LeasedRole {
  readonly credential_type: 'iam_user' | 'assumed_role' | 'federation_token' | 'session_token';
  readonly role_arn?: string;
}

export interface AzureMount {
  readonly type: 'azure';
  readonly roles: Readonly<Record<string, LeasedRole & { readonly application_object_id?: string }>>;
}

export interface GcpMount {
  readonly type: 'gcp';
  /** Service account e-mail by name. Only rolesets and static accounts can have keys. */
  readonly rolesets?: Readonly<Record<string, string>>;
  readonly static_accounts?: Readonly<Record<string, string>>;
  readonly impersonated_accounts?: Readonly<Record<string, string>>;
}

export interface TerraformMount {
  readonly type: 'terraform';
  readonly roles: Readonly<Record<string, TerraformRole>>;
}

export interface TerraformRole extends LeasedRole {
  /** `organization` and `team_legacy` give the same token each time, without a lease. */
  readonly credential_type: 'user' | 'team' | 'organization' | 'team_legacy';
  readonly organization?: string;
  readonly team_id?: string;
}

export interface PkiMount {
  readonly type: 'pki';
  readonly roles: Readonly<Record<string, PkiRole>>;
}

export interface PkiRole {
  readonly allowed_domains?: readonly string[];
  readonly allow_subdomains?: boolean;
  readonly allow_bare_domains?: boolean;
  readonly ttl?: Duration;
  readonly max_ttl?: Duration;
  readonly generate_lease?: boolean;
}

export interface SshMount {
  readonly type: 'ssh';
  readonly roles: Readonly<Record<string, SshRole>>;
}

export interface SshRole {
  readonly key_type: 'ca' | 'otp';
  readonly allow_user_certificates?: boolean;
  /** Comma-separated, `*` for all. */
  readonly allowed_users?: string;
  readonly default_user?: string;
  readonly ttl?: Duration;
  /** IPv4 networks an OTP may be for. */
  readonly cidr_list?: string;
}

export interface TransitMount {
  readonly type: 'transit';
  readonly keys: Readonly<Record<string, 'aes256-gcm96' | 'ed25519'>>;
}

export interface TotpMount {
  readonly type: 'totp';
  /** Base32 secret by key name. */
  readonly keys: Readonly<Record<string, string>>;
}

export interface RabbitMount {
  readonly type: 'rabbitmq';
  readonly roles: Readonly<Record<string, LeasedRole & { readonly tags?: string }>>;
}

export interface ConsulMount {
  readonly type: 'consul';
  readonly roles: Readonly<Record<string, LeasedRole>>;
}

export interface NomadMount {
  readonly type: 'nomad';
  readonly roles: Readonly<Record<string, LeasedRole>>;
}

export interface KubernetesMount {
  readonly type: 'kubernetes';
  readonly roles: Readonly<Record<string, KubernetesRole>>;
}

export interface KubernetesRole {
  /** `*` for all. */
  readonly allowed_kubernetes_namespaces: readonly string[];
  /** An account that is there; left out: one is made for each token, bound to `kubernetes_role_name`. */
  readonly service_account_name?: string;
  readonly kubernetes_role_name?: string;
  readonly token_default_ttl?: Duration;
}

export interface LdapMount {
  readonly type: 'ldap';
  readonly roles: Readonly<Record<string, LeasedRole>>;
  readonly static_roles?: Readonly<Record<string, StaticRole>>;
  /** Accounts by set. */
  readonly library?: Readonly<Record<string, readonly string[]>>;
}

/** Always mounted at `identity`, which the document may give OIDC roles. */
export interface IdentityMount {
  readonly type: 'identity';
  readonly roles: Readonly<Record<string, { readonly ttl?: Duration }>>;
}
