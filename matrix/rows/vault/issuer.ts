// Vault and OpenBao: the issuer, its keys, what reaches the mount (facts: vault 2, 8).
import { obey, quiet } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { asItWas, config, errors, ISSUER, LOGIN, mount, says } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'Vault cannot reach the issuer',
    source: 'vault 2.1',
    played: 'trust document',
    scene: config({ oidc_discovery_url: 'https://github.example.com/_services/token' }),
    id: 'vault/keys-unreachable',
    cause: /could not get the keys of the issuer/,
    fix: obey(/shows where it looks/, asItWas),
  },
  {
    mistake: 'jwks_url leads nowhere (vault#27343)',
    source: 'vault 2.1',
    played: 'trust document',
    scene: mount({ config: { jwks_url: 'https://github.example.com/jwks', bound_issuer: ISSUER } }),
    id: 'vault/keys-unreachable',
    cause: /could not get the keys/,
    fix: obey(/shows where it looks/, asItWas),
  },
  {
    mistake: 'oidc_discovery_url with a slash at the end, or of another issuer',
    source: 'vault 2.1',
    played: 'recorded answer',
    scene: says(
      LOGIN,
      errors(
        400,
        `error configuring token validator: error checking oidc discovery URL: oidc: issuer did not match the issuer returned by provider, expected "${ISSUER}/" got "${ISSUER}"`,
      ),
    ),
    id: 'vault/issuer-mismatch',
    cause: /names another issuer than its oidc_discovery_url/,
    fix: obey(/Set oidc_discovery_url, and bound_issuer, to (https:[^,]+),/, (at, issuer) =>
      quiet(config({ oidc_discovery_url: issuer ?? '', bound_issuer: issuer ?? '' }, at)),
    ),
  },
  {
    mistake: 'No such mount, in the words of an older Vault',
    source: 'vault 2.1',
    played: 'recorded answer',
    scene: says(LOGIN, errors(400, 'missing client token')),
    id: 'vault/mount-or-namespace',
    cause: /No JWT auth method is mounted at jwt/,
    fix: obey(/`vault auth list` shows where it is/, quiet),
  },
  {
    mistake: 'A proxy changes what reaches Vault',
    source: 'vault 2.1',
    played: 'recorded answer',
    scene: says(
      LOGIN,
      errors(
        400,
        'error validating token: error verifying token signature: oidc: malformed jwt: go-jose/go-jose: compact JWS format must have three parts',
      ),
    ),
    id: 'vault/token-malformed',
    cause: /What reached Vault was no identity token/,
    fix: obey(/proxy between the runner and Vault that changes requests/, quiet),
  },
  {
    mistake: 'The keys in the configuration are not GitHub’s',
    source: 'vault 2.1',
    played: 'recorded answer',
    scene: says(
      LOGIN,
      errors(
        400,
        'error validating token: error verifying token signature: no known key successfully validated the token signature',
      ),
    ),
    id: 'vault/signature',
    cause: /No key that auth\/jwt trusts/,
    fix: obey(/Replace keys that were written into it/, quiet),
  },
  {
    mistake: 'The mount takes other algorithms',
    source: 'vault 2.1',
    played: 'trust document',
    scene: config({ jwt_supported_algs: ['ES256'] }),
    id: 'vault/algorithm',
    cause: /jwt_supported_algs/,
    fix: obey(/jwt_supported_algs/, asItWas),
  },
  {
    mistake: 'The mount is bound to another issuer',
    source: 'vault 2.1',
    played: 'trust document',
    scene: config({ bound_issuer: `${ISSUER}/octo` }),
    id: 'vault/issuer-refused',
    cause: /bound to another issuer/,
    fix: obey(/Set bound_issuer.* to (https:\S+):/, (at, issuer) => config({ bound_issuer: issuer ?? '' }, at)),
  },
];
