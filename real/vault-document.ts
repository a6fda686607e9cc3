// What an administrator writes so that one repository's jobs get in, and what these tests vary: three roles, two policies, both versions of
// KV, and a database.
import type { JwtRole, VaultServer } from '../sandbox/vault/trust.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';

/** The KV secret, the same in both versions of the engine. */
export const SECRET = { user: 'app-user', password: 'kv-canary-7Qm2Zr8LxW4t' } as const;

/** Reads what the job needs. */
const READ = `
path "secret/data/app" { capabilities = ["read"] }
path "kv1/app" { capabilities = ["read"] }
path "database/creds/readonly" { capabilities = ["read"] }
`;

/** And may end its own leases: one line that many installations lack. */
const READ_AND_REVOKE = `${READ}path "sys/leases/revoke" { capabilities = ["update"] }\n`;

export const ROLE: JwtRole = {
  role_type: 'jwt',
  user_claim: 'repository',
  bound_audiences: ['https://vault.example.com'],
  bound_claims: { repository_id: '1296269', repository_owner_id: '583231' },
  token_policies: ['ci'],
  token_ttl: '5m',
  token_explicit_max_ttl: '30m',
  claim_mappings: { repository: 'repository', run_id: 'run_id' },
};

export const DOCUMENT: VaultServer = {
  origin: 'https://vault.example.com',
  flavour: 'openbao',
  policies: { ci: READ_AND_REVOKE, 'ci-no-revoke': READ },
  auth: {
    jwt: {
      type: 'jwt',
      config: { oidc_discovery_url: ISSUER, bound_issuer: ISSUER },
      roles: {
        ci: ROLE,
        'ci-no-revoke': { ...ROLE, token_policies: ['ci-no-revoke'] },
        'another-repository': { ...ROLE, bound_claims: { repository_id: '1' } },
      },
    },
  },
  secrets: {
    secret: { type: 'kv', version: 2, secrets: { app: SECRET } },
    kv1: { type: 'kv', version: 1, secrets: { app: SECRET } },
    database: { type: 'database', up: true, roles: { readonly: { default_ttl: '10m', max_ttl: '1h' } } },
  },
};
