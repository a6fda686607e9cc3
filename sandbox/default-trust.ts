// Whom the authorities of the default world trust: each cloud's own default document.
import { type AwsTrust, defaultAwsTrust } from './aws/trust.ts';
import { type AzureTrust, defaultAzureTrust } from './azure/trust.ts';
import { defaultGcpTrust, type GcpTrust } from './gcp/trust.ts';
import { defaultVaultTrust } from './vault/default-trust.ts';
import type { VaultTrust } from './vault/trust.ts';

/** One document an authority; each may be replaced while the world runs. */
export interface WorldTrust {
  aws: AwsTrust;
  azure: AzureTrust;
  gcp: GcpTrust;
  vault: VaultTrust;
}

/** Lets the main branch of octo-org/octo-repo in everywhere. */
export function defaultTrust(): WorldTrust {
  return { aws: defaultAwsTrust, azure: defaultAzureTrust, gcp: defaultGcpTrust, vault: defaultVaultTrust() };
}
