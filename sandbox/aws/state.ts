// What the operations of this world's AWS share.
import type { ServiceContext } from '../github/tokens.ts';
import type { Endpoint } from './regions.ts';
import type { Sessions } from './sessions.ts';
import type { AwsTrust } from './trust.ts';

export type AwsContext = ServiceContext & { trust: () => AwsTrust };

export interface State extends AwsContext {
  readonly sessions: Sessions;
}

/** One call to an endpoint, its form read. */
export interface Request {
  readonly endpoint: Endpoint;
  readonly form: URLSearchParams;
}
