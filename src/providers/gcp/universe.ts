// The universes of Google Cloud: which hosts belong to one, and which domains are known to be one (INVARIANTS 5). Apart from the client, so that
// a plan can name hosts without loading the SDK.

export const PUBLIC = 'googleapis.com';

/** Google's own, and S3NS's in France. Whoever runs a domain that is not here could use the token elsewhere. */
const LISTED: readonly string[] = [PUBLIC, 's3nsapis.fr'];

export function isListed(universe: string): boolean {
  return LISTED.includes(universe);
}

/** `sts`, `iamcredentials` ... of a universe. */
export function hostOf(service: 'sts' | 'iamcredentials' | 'oauth2', universe: string): string {
  return `${service}.${universe}`;
}

/** A provider's full resource name, without a scheme: STS's `audience`; with `https:` the identity token's default one. */
export function resourceName(provider: string, universe: string): string {
  return `//iam.${universe}/${provider}`;
}
