// What every authority of the sandbox is to the proxy in front of it: a name, the hosts it plays, and one function from call to reply.
import type { Authority } from './net/authority.ts';

/** One request as it left the client: TLS is off, the body is whole. */
export interface Call {
  /** Host name as the client asked for it, with the port unless it is 443: `sts.eu-west-1.amazonaws.com`, `vault.example.com:8200`. */
  readonly host: string;
  readonly method: string;
  /** Path and query as sent, not decoded. */
  readonly path: string;
  readonly url: URL;
  /** Names in lower case; repeated headers joined as Node joins them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HostTls {
  /** Who signed its certificate. */
  readonly authority?: Authority;
  /** Whose client certificates it demands. */
  readonly clients?: Authority;
}

export interface Service {
  /** Short and stable, for journals and faults: `github`, `aws`, `azure`, `gcp`, `vault`. */
  readonly name: string;
  /** True for each host (`Call.host` form) that this service plays. Patterns are allowed: STS has one host a region. */
  plays(host: string): boolean;
  /** True for a host that may also be reached without TLS, by an absolute-form request to the proxy; no host unless said. */
  plainHttp?(host: string): boolean;
  /** How a host speaks TLS, where it is not with a certificate of the world's own authority. */
  tls?(host: string): HostTls | undefined;
  /** The operation a call is, in the authority's own word (`AssumeRoleWithWebIdentity`, `token`, `generateAccessToken`, `auth/jwt/login`). */
  operation(call: Call): string;
  answer(call: Call): Reply | Promise<Reply>;
}

/** One request in the world's journal. Times are the machine's milliseconds (`Date.now()`), whatever the world's clock says. */
export interface Traffic {
  readonly service: string;
  readonly operation: string;
  readonly call: Call;
  readonly start: number;
  end?: number;
  /** The status that was sent, or the fault that was played in its place. */
  outcome?: number | string;
  replyBody?: string;
}

/** A fault to play: the first that matches and has `times` left is taken, and counts down. */
export interface Fault {
  readonly service?: string;
  readonly operation?: string | RegExp;
  readonly host?: string | RegExp;
  /** How often; 1 unless said, `Infinity` for always. */
  times?: number;
  /** Let so many matching calls through first. */
  skip?: number;
  readonly kind:
    | 'status' // `reply` in place of the service's; the service is not asked
    | 'reset' // TCP reset before the service saw the request
    | 'reset-after' // the service did its work, then a reset: the ambiguous case
    | 'close' // clean end of the connection without an answer
    | 'hang' // no answer, ever; the service is not asked
    | 'hang-after' // the service did its work, no answer
    | 'slow' // the answer byte by byte, `ms` apart
    | 'truncate' // half the body, then the end of the connection
    | 'oversize' // 200 with `bytes` of filler
    | 'delay' // `ms` before the service is asked
    | 'connect-refused' // the proxy answers CONNECT with `reply.status` (502 unless given; 407 ...)
    | 'connect-reset'
    | 'connect-hang'
    | 'tls-broken'; // reset in the handshake
  readonly ms?: number;
  readonly bytes?: number;
  readonly reply?: Reply;
}

/** JSON reply in the usual form. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}
