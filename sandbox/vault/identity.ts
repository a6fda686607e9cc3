// The identity token at a JWT mount, as far as it says nothing of a role: opened, and verified with the mount's keys.
import { type Issuer, openToken } from '../github/tokens.ts';
import type { JwtConfig } from './trust.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface Identity {
  readonly claims: Claims;
  readonly algorithm: string;
}

/** What a JWKS mount's verifier knows; anything else it calls malformed. */
const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'EdDSA'];
const PREFIX = 'error validating token: error verifying token signature:';

/** The claims of a token that one of the mount's keys has signed, or the refusal's text. */
export function identify(jwt: string, config: JwtConfig, issuer: Issuer): Identity | string {
  const malformed = formFault(jwt);
  const keyless = unreachable(config, issuer);
  if (keyless !== undefined) return keyless;
  if (malformed !== undefined) return `${PREFIX} ${config.static ? '' : 'oidc: malformed jwt: '}${malformed}`;
  const header = JSON.parse(Buffer.from(jwt.split('.', 1)[0] ?? '', 'base64url').toString('utf8')) as Record<
    string,
    unknown
  >;
  const algorithm = String(header.alg ?? '');
  if (!config.static && !ASYMMETRIC.includes(algorithm)) {
    const expected = ASYMMETRIC.map((name) => `"${name}"`).join(' ');
    return `${PREFIX} oidc: malformed jwt: unexpected signature algorithm "${algorithm}"; expected [${expected}]`;
  }
  // Keys in the configuration have no ids: each of them is tried. Those behind a URL are tried too when the token names none.
  const kid = header.kid;
  const keys =
    config.static || kid === undefined ? issuer.keys().map((key) => ({ ...key, kid: kid as string })) : issuer.keys();
  const opened = openToken(jwt, keys);
  if ('claims' in opened) return { claims: opened.claims, algorithm };
  return `${PREFIX} ${config.static ? 'no known key successfully validated the token signature' : 'failed to verify id token signature'}`;
}

/** Keys that are fetched from a URL where this world's issuer is not. */
function unreachable(config: JwtConfig, issuer: Issuer): string | undefined {
  const discovery = config.oidc_discovery_url?.replace(/\/$/, '');
  if (discovery !== undefined && discovery !== issuer.url) {
    return `error configuring token validator: error checking oidc discovery URL: Get "${discovery}/.well-known/openid-configuration": dial tcp: lookup ${new URL(discovery).host}: no such host`;
  }
  if (config.jwks_url !== undefined && !config.jwks_url.startsWith(`${issuer.url}/`)) {
    return `${PREFIX} fetching keys oidc: get keys failed: 404 Not Found 404 page not found`;
  }
  return undefined;
}

function formFault(jwt: string): string | undefined {
  const parts = jwt.split('.');
  if (parts.length !== 3) return 'go-jose/go-jose: compact JWS format must have three parts';
  const stray = parts.map((part) => part.search(/[^A-Za-z0-9_-]/)).find((at) => at >= 0);
  if (stray !== undefined) return `illegal base64 data at input byte ${stray}`;
  try {
    const header: unknown = JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null ? undefined : 'illegal base64 data at input byte 0';
  } catch {
    return 'illegal base64 data at input byte 0';
  }
}
