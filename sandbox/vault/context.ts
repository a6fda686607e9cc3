// What a world gives its Vault servers.
import type { ServiceContext } from '../github/tokens.ts';
import type { VaultTrust } from './trust.ts';

/** `trust` is asked anew at each call. */
export type VaultContext = ServiceContext & { readonly trust: () => VaultTrust };
