// Vault: why a mount turned a login away, whatever the role (facts: vault 2.1; real-parts 1.2).
import { type Cause, type Facts, type Rule, ranked } from '../../core/advice.ts';
import { claim } from '../../core/claims.ts';
import { shown } from '../../core/subject.ts';
import type { VaultRequest } from './request.ts';

type VaultFacts = Facts<VaultRequest>;

const from = 'vault/login-refused';
const readConfig = ({ request }: VaultFacts) => `\`vault read auth/${request.authPath}/config\``;

/** All of these answer "permission denied" before any role is looked at. */
const DOOR_CAUSES: readonly Cause<VaultFacts>[] = [
  {
    weight: ({ request }) => (isHcp(request) && !request.authNamespace ? 90 : 0),
    tell: () =>
      'HCP Vault has no root namespace: set vault-namespace to admin, or to the one below it that holds the mount.',
  },
  {
    weight: 60,
    tell: ({ request }) =>
      `No JWT auth method is mounted at ${request.authPath} there: \`vault auth list\` shows where it is; set vault-auth-path to that.`,
  },
  {
    weight: ({ request }) => (request.authNamespace ? 50 : 30),
    tell: ({ request }) =>
      request.authNamespace
        ? `The mount is in another namespace than ${request.authNamespace}: set vault-auth-namespace to it (root is the uppermost), if secrets and login have different ones.`
        : 'The mount is in a namespace: set vault-namespace, or vault-auth-namespace where only the login has one.',
  },
  {
    weight: 20,
    tell: () =>
      "The role takes logins from certain addresses only (token_bound_cidrs), and the runner's is none of them.",
  },
];

function isHcp(request: VaultRequest): boolean {
  return new URL(request.url).hostname.endsWith('.hashicorp.cloud');
}

/** Tried after those of the role. */
export const MOUNT_RULES: readonly Rule<VaultRequest>[] = [
  {
    id: 'vault/issuer-refused',
    from,
    said: /\(iss\) claim/,
    cause: ({ request }) => `The mount auth/${request.authPath} is bound to another issuer than that of this token`,
    fixes: (facts) => [
      `Set bound_issuer, and oidc_discovery_url, of the mount to ${shown(facts.claims, 'iss')}: ${readConfig(facts)} shows them.`,
      ...(claim(facts.claims, 'iss') === 'https://token.actions.githubusercontent.com'
        ? []
        : ['Mount a second JWT method where one is to serve github.com as well: each has one issuer.']),
    ],
  },
  {
    id: 'vault/token-expired',
    from,
    said: /token is expired/,
    cause: 'Vault found the identity token expired, and the one that was minted anew too',
    fixes: ["Set the clock of the Vault server: it compares it with the issuer's. The runner's has no part in it."],
  },
  {
    id: 'vault/clock',
    from,
    said: /not yet valid|issued in the future/,
    cause: 'Vault found the identity token not valid yet',
    fixes: ["Set the clock of the Vault server: it is behind the issuer's."],
  },
  {
    id: 'vault/issuer-mismatch',
    from,
    said: /issuer did not match/,
    cause: ({ request }) =>
      `The discovery document that auth/${request.authPath} reads names another issuer than its oidc_discovery_url`,
    fixes: (facts) => [
      `Set oidc_discovery_url, and bound_issuer, to ${shown(facts.claims, 'iss')}, letter by letter and without a slash at the end: ${readConfig(facts)} shows them.`,
    ],
  },
  {
    id: 'vault/keys-unreachable',
    from,
    said: /fetching keys|error configuring token validator/,
    cause: ({ claims }) => `Vault could not get the keys of the issuer ${shown(claims, 'iss')}`,
    fixes: (facts) => [
      `Let the Vault server reach the issuer (its proxy, its CA): ${readConfig(facts)} shows where it looks.`,
      'Run the job again if it worked before.',
    ],
  },
  {
    id: 'vault/token-malformed',
    from,
    said: /compact JWS format|missing token/,
    cause: 'What reached Vault was no identity token',
    fixes: ['Look for a proxy between the runner and Vault that changes requests.'],
  },
  {
    id: 'vault/algorithm',
    from,
    said: /unexpected (signature )?algorithm/,
    cause: ({ request }) => `The mount auth/${request.authPath} does not take the algorithm of this token, RS256`,
    fixes: (facts) => [
      `Put RS256 into jwt_supported_algs of the mount, or leave it empty: ${readConfig(facts)} shows it.`,
    ],
  },
  {
    id: 'vault/signature',
    from,
    said: /verifying token signature/,
    cause: ({ request }) => `No key that auth/${request.authPath} trusts signed this token`,
    fixes: (facts) => [
      `Point the mount at the keys of ${shown(facts.claims, 'iss')} (oidc_discovery_url or jwks_url): ${readConfig(facts)} shows whose it has.`,
      'Replace keys that were written into it (jwt_validation_pubkeys): GitHub changes its own.',
    ],
  },
  {
    id: 'vault/mount-unconfigured',
    from,
    said: /could not load configuration/,
    cause: ({ request }) => `The mount auth/${request.authPath} is there, but has not been configured`,
    fixes: ({ request, claims }) => [
      `Configure it: \`vault write auth/${request.authPath}/config oidc_discovery_url=${shown(claims, 'iss')} bound_issuer=${shown(claims, 'iss')}\`.`,
    ],
  },
  {
    id: 'vault/namespace-missing',
    from,
    said: /namespace not found/,
    cause: ({ request }) => `There is no namespace ${request.authNamespace ?? ''}`,
    fixes: [
      'Check vault-namespace and vault-auth-namespace: `vault namespace list` shows those below the one you are in.',
    ],
  },
  {
    id: 'vault/mount-or-namespace',
    from,
    status: 403,
    cause: ({ request }) => `Vault turned the login at auth/${request.authPath} away before it looked at any role`,
    fixes: (facts) => ranked(DOOR_CAUSES, facts),
  },
  {
    id: 'vault/mount-or-namespace',
    from,
    said: /no handler for route|unsupported (path|operation)|missing client token/,
    cause: ({ request }) => `There is no JWT auth method at auth/${request.authPath}`,
    fixes: (facts) => ranked(DOOR_CAUSES, facts),
  },
];
