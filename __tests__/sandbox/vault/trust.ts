// The servers that the table of requests is written for: one of each flavour, alike as far as the flavours are.
import type { Flavour, JwtMount, JwtRole, SecretMount, VaultServer, VaultTrust } from '../../../sandbox/vault/trust.ts';
import { ISSUER } from './job.ts';

const ci: JwtRole = {
  role_type: 'jwt',
  bound_audiences: ['https://vault.example.com'],
  bound_claims: { repository: 'octo-org/octo-repo', ref: 'refs/heads/main' },
  user_claim: 'repository',
  token_ttl: '15m',
  token_policies: ['ci'],
};

const roles: Record<string, JwtRole> = {
  ci,
  narrow: { ...ci, token_policies: ['narrow'] },
  batch: { ...ci, token_type: 'batch' },
  once: { ...ci, token_num_uses: 1 },
  twice: { ...ci, token_num_uses: 2 },
  alone: { ...ci, token_no_default_policy: true, token_policies: ['narrow'] },
  short: { ...ci, token_ttl: '5m', token_max_ttl: '10m' },
  explicit: { ...ci, token_ttl: '5m', token_explicit_max_ttl: '10m' },
  periodic: { ...ci, token_period: '10m' },
  endless: { ...ci, token_ttl: '9000h' },
  mapped: { ...ci, claim_mappings: { run_id: 'run', environment: 'env' } },
  subject: { ...ci, bound_subject: 'repo:octo-org/other:ref:refs/heads/main' },
  glob: {
    ...ci,
    bound_claims: { sub: 'repo:octo-org/octo-repo:*', ref: ['refs/tags/*', 'refs/heads/*'] },
    bound_claims_type: 'glob',
  },
  literal: { ...ci, bound_claims: { sub: 'repo:octo-org/octo-repo:*' } },
  environment: { ...ci, bound_claims: { environment: 'production' } },
  number: { ...ci, bound_claims: { repository_id: '1296269' } },
  deaf: { ...ci, bound_audiences: [] },
  nobody: { ...ci, user_claim: 'employer' },
  strict: { ...ci, clock_skew_leeway: -1 },
  elsewhere: { ...ci, token_bound_cidrs: ['10.0.0.0/8'] },
  rules: { ...ci, token_policies: ['rules'] },
  writer: { ...ci, token_policies: ['writer'] },
  'root-line': { ...ci, token_policies: ['root-line'] },
  'team-line': { ...ci, token_policies: ['team-line'] },
};

const POLICIES = {
  ci: `
    path "secret/*" { capabilities = ["create", "read", "update", "patch", "delete", "list"] }
    path "secret/data/locked" { capabilities = ["deny"] }
    path "kv1/*" { capabilities = ["create", "read", "update", "delete", "list"] }
    path "database/creds/*" { capabilities = ["read"] }
    path "pki/*" { capabilities = ["read", "update"] }
    path "ssh/*" { capabilities = ["read", "update"] }
    path "transit/*" { capabilities = ["create", "read", "update"] }
    path "totp/*" { capabilities = ["read"] }
    path "aws/*" { capabilities = ["read", "update"] }
    path "azure/*" { capabilities = ["read"] }
    path "gcp/*" { capabilities = ["read"] }
    path "terraform/*" { capabilities = ["read"] }
    path "rabbitmq/*" { capabilities = ["read", "update"] }
    path "kubernetes/*" { capabilities = ["read", "update"] }
    path "consul/*" { capabilities = ["read", "update"] }
    path "nomad/*" { capabilities = ["read"] }
    path "ldap/*" { capabilities = ["read", "update"] }
    path "identity/oidc/token/*" { capabilities = ["read", "update"] }
    path "nowhere/*" { capabilities = ["read"] }
    path "team/kv/*" { capabilities = ["read"] }
    path "sys/leases/revoke" { capabilities = ["update"] }`,
  narrow: 'path "secret/data/app" { capabilities = ["read"] }\npath "database/creds/*" { capabilities = ["read"] }',
  writer: 'path "secret/data/*" { capabilities = ["create"] }',
  'root-line': `
    path "team/database/creds/*" { capabilities = ["read"] }
    path "sys/leases/revoke" { capabilities = ["update"] }`,
  'team-line': `
    path "team/database/creds/*" { capabilities = ["read"] }
    path "team/sys/leases/revoke" { capabilities = ["update"] }`,
  rules: `
    path "secret/data/+/only" { capabilities = ["read"] } # a segment
    path "secret/data/*" { capabilities = ["update"] }
    path "secret/data/app" { capabilities = ["create"] }
    path "secret/+/app2" { capabilities = ["delete"] }
    path "secret/data/a*" { capabilities = ["list"] }
    path "x/+/c/*" { capabilities = ["read"] }
    path "x/b/*" { capabilities = ["update"] }
    path "exact" { capabilities = ["read", "deny"] }
    path "+/y" { capabilities = ["read"] }`,
};

const secrets: Record<string, SecretMount> = {
  secret: {
    type: 'kv',
    version: 2,
    secrets: {
      app: [
        { data: { password: 'first password' } },
        { data: { password: 'second password', 'api-key.v1': 'dashes and dots' } },
      ],
      gone: [{ data: { password: 'gone password' }, deleted: true }],
      ashes: [{ data: { password: 'burnt password' }, destroyed: true }],
    },
  },
  kv1: { type: 'kv', version: 1, secrets: { app: { password: 'version one password', n: 5 } } },
  database: { type: 'database', up: true, roles: { readonly: { default_ttl: '1h', max_ttl: '24h' } } },
  pki: {
    type: 'pki',
    roles: {
      web: { allowed_domains: ['example.com'], allow_subdomains: true, max_ttl: '72h' },
      leased: { allowed_domains: ['example.com'], allow_subdomains: true, max_ttl: '72h', generate_lease: true },
    },
  },
  ssh: {
    type: 'ssh',
    roles: {
      user: {
        key_type: 'ca',
        allow_user_certificates: true,
        allowed_users: 'deploy',
        default_user: 'deploy',
        ttl: '30m',
      },
      otp: { key_type: 'otp', default_user: 'deploy', cidr_list: '10.0.0.0/8' },
    },
  },
  transit: { type: 'transit', keys: { app: 'aes256-gcm96', signer: 'ed25519' } },
  totp: { type: 'totp', keys: { app: 'JBSWY3DPEHPK3PXP' } },
  rabbitmq: { type: 'rabbitmq', roles: { app: { tags: 'administrator', default_ttl: '10m', max_ttl: '1h' } } },
  kubernetes: {
    type: 'kubernetes',
    roles: {
      fixed: { allowed_kubernetes_namespaces: ['ci'], service_account_name: 'deployer', token_default_ttl: '10m' },
      made: { allowed_kubernetes_namespaces: ['*'], kubernetes_role_name: 'edit' },
    },
  },
  identity: { type: 'identity', roles: { app: { ttl: '10m' } } },
};

const vaultOnly: Record<string, SecretMount> = {
  consul: { type: 'consul', roles: { app: { default_ttl: '10m' } } },
  nomad: { type: 'nomad', roles: { app: { default_ttl: '10m' } } },
  ldap: {
    type: 'ldap',
    roles: { app: { default_ttl: '10m' } },
    static_roles: { svc: { username: 'svc', password: 'ldap static password', rotation_period: '24h' } },
    library: { set: ['svc-1', 'svc-2'] },
  },
  aws: {
    type: 'aws',
    roles: {
      user: { credential_type: 'iam_user', default_ttl: '1h' },
      session: { credential_type: 'assumed_role', role_arn: 'arn:aws:iam::123456789012:role/deploy' },
    },
  },
  azure: { type: 'azure', roles: { reader: { default_ttl: '1h' } } },
  gcp: { type: 'gcp', rolesets: { reader: 'reader@my-project.iam.gserviceaccount.com' } },
  terraform: {
    type: 'terraform',
    roles: { team: { credential_type: 'team' }, legacy: { credential_type: 'team_legacy', team_id: 'team-1' } },
  },
};

const discovery = { oidc_discovery_url: ISSUER, bound_issuer: ISSUER };
const auth: Record<string, JwtMount> = {
  jwt: { type: 'jwt', config: discovery, roles },
  fixed: { type: 'jwt', config: { static: true, bound_issuer: ISSUER }, roles: { ci } },
  algorithms: { type: 'jwt', config: { ...discovery, jwt_supported_algs: ['RS384'] }, roles: { ci } },
  defaults: { type: 'jwt', config: { ...discovery, default_role: 'ci' }, roles: { ci } },
  empty: { type: 'jwt', roles: {} },
};

const team = {
  auth: { jwt: { type: 'jwt', config: discovery, roles: { ci } } },
  secrets: {
    kv: { type: 'kv', version: 2, secrets: { app: { password: 'team password' } } },
    database: { type: 'database', up: true, roles: { readonly: { default_ttl: '1h', max_ttl: '24h' } } },
  },
  policies: {
    ci: `
      path "kv/*" { capabilities = ["read"] }
      path "database/creds/*" { capabilities = ["read"] }
      path "sys/leases/revoke" { capabilities = ["update"] }`,
  },
} as const;

export function serverOf(flavour: Flavour): VaultServer {
  const mounts = flavour === 'vault' ? { ...secrets, ...vaultOnly } : secrets;
  return {
    origin: 'https://vault.example.com',
    flavour,
    auth,
    secrets: structuredClone(mounts),
    policies: POLICIES,
    namespaces: { team },
  };
}

export function trustOf(flavour: Flavour): VaultTrust {
  return { servers: [serverOf(flavour)] };
}
