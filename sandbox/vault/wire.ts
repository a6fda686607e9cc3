// Vault's wire: the envelope of every answer, the two forms of an error, and how a request's body is read.
import { randomUUID } from 'node:crypto';
import type { Reply } from '../service.ts';
import type { LeaseTerms } from './leases.ts';

/** What a handler has to say; the server turns it into a reply, wraps it, or registers its lease. */
export type Outcome =
  | ({ readonly kind: 'secret'; readonly data: object | null; readonly lease?: LeaseTerms } & Extras)
  | ({ readonly kind: 'auth'; readonly auth: AuthBlock } & Extras)
  | { readonly kind: 'empty'; readonly status: 202 | 204 }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly errors: readonly string[];
      readonly headers?: Record<string, string>;
    }
  | { readonly kind: 'raw'; readonly status: number; readonly body: unknown };

interface Extras {
  /** 404 with data: a deleted version. */
  readonly status?: number;
  readonly warnings?: readonly string[];
  /** KV v1's refresh hint, and a renewed lease's id and rest. */
  readonly leaseId?: string;
  readonly leaseDuration?: number;
  readonly renewable?: boolean;
  /** Repeated beside `data`, as `sys/capabilities-self` does. */
  readonly beside?: object;
}

export interface AuthBlock {
  readonly client_token: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly token_policies: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly lease_duration: number;
  readonly renewable: boolean;
  readonly entity_id: string;
  readonly token_type: 'service' | 'batch';
  readonly orphan: boolean;
  readonly mfa_requirement: null;
  readonly num_uses: number;
}

const HEADERS = {
  'cache-control': 'no-store',
  'content-type': 'application/json',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
};

export function secret(data: object | null, extras: Extras & { readonly lease?: LeaseTerms } = {}): Outcome {
  return { kind: 'secret', data, ...extras };
}

export function refused(status: number, ...errors: string[]): Outcome {
  return { kind: 'refused', status, errors };
}

export const EMPTY: Outcome = { kind: 'empty', status: 204 };
export const NOT_FOUND: Outcome = refused(404);

/** The form in which a handler's own error reaches the client: one list item of a multi-error. */
export function multi(status: number, text: string): Outcome {
  return refused(status, `1 error occurred:\n\t* ${text}\n\n`);
}

/** What a policy refuses; a dead token gets the bare words instead (facts: real-parts 1.6, 8). */
export const FORBIDDEN: Outcome = multi(403, 'permission denied');
export const UNSUPPORTED_OPERATION: Outcome = multi(405, 'unsupported operation');
export const UNSUPPORTED_PATH: Outcome = multi(404, 'unsupported path');

export function reply(outcome: Outcome): Reply {
  switch (outcome.kind) {
    case 'empty':
      return { status: outcome.status, headers: HEADERS };
    case 'raw':
      return { status: outcome.status, headers: HEADERS, body: JSON.stringify(outcome.body) };
    case 'refused':
      return {
        status: outcome.status,
        headers: { ...HEADERS, ...outcome.headers },
        body: JSON.stringify({ errors: outcome.errors }),
      };
    default:
      return { status: outcome.status ?? 200, headers: HEADERS, body: JSON.stringify(envelope(outcome)) };
  }
}

/** The JSON of a success; `wrapping` has its own, with an empty request id. */
export function envelope(outcome: Extract<Outcome, { kind: 'secret' | 'auth' }>): Record<string, unknown> {
  return {
    ...outcome.beside,
    request_id: randomUUID(),
    lease_id: outcome.leaseId ?? '',
    renewable: outcome.renewable ?? false,
    lease_duration: outcome.leaseDuration ?? 0,
    data: outcome.kind === 'secret' ? outcome.data : null,
    wrap_info: null,
    warnings: outcome.warnings && outcome.warnings.length > 0 ? outcome.warnings : null,
    auth: outcome.kind === 'auth' ? outcome.auth : null,
  };
}

/** A request's JSON object, or the error text that Go's decoder has for what it is instead. An empty body is an empty object. */
export function readBody(body: string): Record<string, unknown> | string {
  if (body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    return `failed to decode JSON input: json: cannot unmarshal ${goType(value)} into Go value of type map[string]interface {}`;
  } catch {
    const stray = /[^\s{["]/.exec(body)?.[0] ?? body.trim().charAt(0);
    return `failed to decode JSON input: invalid character '${stray}' looking for beginning of value`;
  }
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** A text field of a body; undefined where it is missing or empty. Numbers are taken as text, as the real one does. */
export function textField(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
