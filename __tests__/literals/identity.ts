// Identity tokens as GitHub's look, unsigned: the action compares and shows them, and verifies none.
import type { Claims } from '../../src/core/claims.ts';
import type { Identities, Identity } from '../../src/core/provider.ts';
import { Secret } from '../../src/core/secret.ts';
import { START } from './clock.ts';

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A compact JWS with these claims; the signature is noise of the right shape. */
export function jwt(claims: object, signature = 'c2lnbmF0dXJlLW9mLWFuLWlkZW50aXR5LXRva2Vu'): string {
  return `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}.${signature}`;
}

export const CLAIMS: Claims = {
  iss: 'https://token.actions.githubusercontent.com',
  sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
  aud: 'sts.amazonaws.com',
  iat: START / 1000,
  exp: START / 1000 + 300,
};

export function identityOf(claims: Claims = CLAIMS, serial = 1): Identity {
  return { token: new Secret(jwt({ ...claims, serial }), 'GitHub identity token'), claims };
}

/** Identities for every use, and how often one was renewed: a renewed token is another one. */
export function identities(claims: Claims = CLAIMS): Identities & { readonly renewals: readonly string[] } {
  const renewals: string[] = [];
  return {
    renewals,
    get: () => identityOf(claims),
    async renew(use) {
      renewals.push(use);
      return identityOf(claims, renewals.length + 1);
    },
  };
}
