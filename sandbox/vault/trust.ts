// What a Vault world is configured with: the mounts, roles and policies that an administrator would have written, in Vault's own words.

import type { HostTls } from '../service.ts';
import type { Duration } from './durations.ts';
import type { SecretMount } from './mounts.ts';

export type * from './mounts.ts';

export type Flavour = 'vault' | 'openbao';

export interface VaultTrust {
  readonly servers: readonly VaultServer[];
}

/** Everything that one namespace holds; the root namespace is part of the server itself. */
export interface VaultNamespace {
  /** Auth mounts by path without slashes at the ends: `jwt`, `github/oidc`. */
  readonly auth: Readonly<Record<string, JwtMount>>;
  /** Secret mounts by path: `secret`, `database`. `cubbyhole` is always there. */
  readonly secrets: Readonly<Record<string, SecretMount>>;
  /** Policies in HCL, by name. `default` replaces the built-in one. */
  readonly policies: Readonly<Record<string, string>>;
  readonly locked?: boolean;
}

export interface VaultServer extends VaultNamespace {
  /** `https://vault.example.com` or with a port. */
  readonly origin: string;
  /** A certificate of its own authority, or a demand for client certificates. */
  readonly tls?: HostTls;
  /** Something in front of it that turns away whoever does not send this header, with 403 and a page. */
  readonly frontDoor?: { readonly header: string; readonly value: string };
  readonly flavour: Flavour;
  readonly sealed?: boolean;
  /** False: never initialised (`sys/health` 501). */
  readonly initialised?: boolean;
  /** Origin of the active server that this one, a standby, sends its clients to with 307. */
  readonly standbyOf?: string;
  /** Child namespaces by full path: `team`, `team/sub`. */
  readonly namespaces?: Readonly<Record<string, VaultNamespace>>;
  readonly rateLimits?: readonly RateLimit[];
  /** How long the leases of a revoked token live on before their own revocation is tried; 20 ms as measured. */
  readonly backgroundMs?: number;
}

export interface RateLimit {
  /** Namespace included: `auth/jwt/login`, `team/kv/data/app`; empty: every path. A trailing `*` is a prefix. */
  readonly path: string;
  readonly rate: number;
  readonly interval: Duration;
  /** Whether answers carry `Retry-After` and `X-Ratelimit-*`; off by default, as in the real one. */
  readonly headers?: boolean;
}

export interface JwtMount {
  readonly type: 'jwt';
  /** Left out: the mount was never configured. */
  readonly config?: JwtConfig;
  readonly roles: Readonly<Record<string, JwtRole>>;
}

export interface JwtConfig {
  /** One of the three; a URL that is not this world's issuer cannot be fetched. `static`: the issuer's keys as PEM in the configuration. */
  readonly oidc_discovery_url?: string;
  readonly jwks_url?: string;
  readonly static?: boolean;
  readonly bound_issuer?: string;
  readonly jwt_supported_algs?: readonly string[];
  readonly default_role?: string;
}

export type ClaimValue = string | number | boolean;

export interface JwtRole {
  readonly role_type?: 'jwt' | 'oidc';
  readonly bound_audiences?: readonly string[];
  readonly bound_subject?: string;
  readonly bound_claims?: Readonly<Record<string, ClaimValue | readonly ClaimValue[]>>;
  readonly bound_claims_type?: 'string' | 'glob';
  readonly user_claim: string;
  readonly claim_mappings?: Readonly<Record<string, string>>;
  readonly clock_skew_leeway?: Duration;
  readonly expiration_leeway?: Duration;
  readonly not_before_leeway?: Duration;
  readonly token_ttl?: Duration;
  readonly token_max_ttl?: Duration;
  readonly token_explicit_max_ttl?: Duration;
  readonly token_period?: Duration;
  readonly token_policies?: readonly string[];
  readonly token_no_default_policy?: boolean;
  readonly token_num_uses?: number;
  readonly token_type?: 'service' | 'batch' | 'default' | 'default-service' | 'default-batch';
  /** Networks the login may come from. Every caller of this world comes from 127.0.0.1. */
  readonly token_bound_cidrs?: readonly string[];
}
