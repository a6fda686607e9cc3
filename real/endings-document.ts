// The ways in which a job's credentials end, as an administrator brings them about: kinds of tokens, what the policies allow, namespaces.
import type { VaultServer } from '../sandbox/vault/trust.ts';
import { DOCUMENT, ROLE } from './vault-document.ts';

const READ =
  'path "database/creds/readonly" { capabilities = ["read"] }\npath "secret/data/app" { capabilities = ["read"] }\n';
const READ_TEAM = 'path "team/database/creds/readonly" { capabilities = ["read"] }\n';
const update = (path: string) => `path "${path}" { capabilities = ["update"] }\n`;
const role = (policy: string, more: object = {}) => ({ ...ROLE, token_policies: [policy], ...more });
/** A batch token knows no maximum of its own. */
const BATCH = { token_type: 'batch', token_ttl: '2m', token_explicit_max_ttl: '0' } as const;

const { jwt } = DOCUMENT.auth;
const { database } = DOCUMENT.secrets;
if (!jwt || !database) throw new Error('the document lacks what this one is made from');

export const ENDINGS_DOCUMENT: VaultServer = {
  ...DOCUMENT,
  policies: {
    revoking: READ + update('sys/leases/revoke'),
    reading: READ,
    'team-revoking': READ_TEAM + update('team/sys/leases/revoke'),
    // What people write first: it is for leases of the token's own namespace.
    'team-plain': READ_TEAM + update('sys/leases/revoke'),
  },
  auth: {
    jwt: {
      ...jwt,
      roles: {
        service: role('revoking'),
        'service-plain': role('reading'),
        batch: role('revoking', BATCH),
        'batch-plain': role('reading', BATCH),
        'few-uses': role('revoking', { token_num_uses: 4 }),
        'too-few-uses': role('revoking', { token_num_uses: 1 }),
        'no-default': role('reading', { token_no_default_policy: true }),
        'team-below': role('team-revoking'),
        'team-below-plain': role('team-plain'),
      },
    },
  },
  namespaces: {
    team: {
      auth: { jwt: { ...jwt, roles: { service: role('revoking') } } },
      secrets: { database },
      policies: { revoking: READ + update('sys/leases/revoke') },
    },
  },
};
