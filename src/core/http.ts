// A request and its answer, as the core sees them; and what it is when there was none.

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'LIST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For one try, connection included. */
  readonly timeoutMs?: number;
  /** Host (`URL.host`) whose own certificate authorities judge this one too: where a server sent its client on. */
  readonly judgedLike?: string;
  /** Called once all of it has been handed to the network. */
  readonly onSent?: () => void;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Send = (request: Request) => Promise<Answer>;

/** No usable answer came. `sent` says whether the server may have acted on the request: what mints must then not be repeated. */
export class NetworkFault extends Error {
  /** `ECONNRESET`, `ENOTFOUND`, `TIMEOUT`, `TOO_LARGE`, `PROXY_407`, `CERT_...` */
  readonly code: string;
  readonly host: string;
  readonly sent: boolean;

  constructor(code: string, host: string, sent: boolean) {
    super(`${host}: ${code}`);
    this.name = 'NetworkFault';
    this.code = code;
    this.host = host;
    this.sent = sent;
  }
}

/** The JSON object in a body; undefined for anything else. Without prototype, so that a key `__proto__` is just a key (INVARIANTS 9). */
export function jsonBody(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body, bare);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function bare(_key: string, value: unknown): unknown {
  return isRecord(value) ? Object.assign(Object.create(null), value) : value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** A string member of a record, or undefined. */
export function text(record: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = record?.[name];
  return typeof value === 'string' ? value : undefined;
}
/** A finite number member of a record, or undefined. */
export function number(record: Readonly<Record<string, unknown>> | undefined, name: string): number | undefined {
  const value = record?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
