// What the Azure of the sandbox is built from.
import type { ServiceContext } from '../github/tokens.ts';
import type { AzureTrust } from './trust.ts';

/** `trust` is asked at each request: a test may change the document while the world runs. */
export type AzureContext = ServiceContext & { readonly trust: () => AzureTrust };
