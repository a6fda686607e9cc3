// The Vault of the default world: a JWT mount that trusts one repository's main branch, and something of each kind to read.
import type { VaultTrust } from './trust.ts';

const CI_POLICY = `
# What the job reads.
path "secret/data/*"       { capabilities = ["read"] }
path "kv1/*"               { capabilities = ["read"] }
path "database/creds/*"    { capabilities = ["read"] }

# What its post step revokes by: the default policy does not have it.
path "sys/leases/revoke"   { capabilities = ["update"] }
`;

/** A fresh copy each time: worlds may change theirs. */
export function defaultVaultTrust(): VaultTrust {
  return {
    servers: [
      {
        origin: 'https://vault.example.com',
        flavour: 'vault',
        auth: {
          jwt: {
            type: 'jwt',
            config: {
              oidc_discovery_url: 'https://token.actions.githubusercontent.com',
              bound_issuer: 'https://token.actions.githubusercontent.com',
            },
            roles: {
              ci: {
                role_type: 'jwt',
                bound_audiences: ['https://vault.example.com'],
                bound_claims: { repository: 'octo-org/octo-repo', ref: 'refs/heads/main' },
                user_claim: 'repository',
                token_ttl: '15m',
                token_policies: ['ci'],
              },
            },
          },
        },
        secrets: {
          secret: {
            type: 'kv',
            version: 2,
            secrets: {
              app: {
                password: 'correct horse battery staple',
                username: 'app-user',
                'api-key.v1': 'k3y-with-dash-and-dot',
              },
            },
          },
          kv1: { type: 'kv', version: 1, secrets: { app: { password: 'version one password', retries: 5 } } },
          database: { type: 'database', up: true, roles: { readonly: { default_ttl: '1h', max_ttl: '24h' } } },
        },
        policies: { ci: CI_POLICY },
      },
    ],
  };
}
