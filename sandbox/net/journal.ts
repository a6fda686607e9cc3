// What passed through the proxy, in order: connections as they were asked for, and the requests inside them.
import type { Traffic } from '../service.ts';

/** One CONNECT. Times are the machine's milliseconds. */
export interface Connection {
  /** `host:port` as the client wrote it. */
  readonly target: string;
  /** The `Proxy-Authorization` header, if there was one. */
  readonly authorization?: string;
  readonly at: number;
  /** `opened`, the status of a refusal, the kind of fault that was played, or `tls failed: ...`. Undefined while being decided. */
  outcome?: string | number;
}

export interface Journal {
  readonly traffic: Traffic[];
  readonly connects: Connection[];
}
