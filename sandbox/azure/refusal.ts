// How Entra refuses: one JSON shape, a number behind AADSTS, an OAuth code and a status (facts: azure 1.1 and 2).
import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../service.ts';

export interface Refusal {
  /** The number behind AADSTS. */
  readonly code: number;
  readonly error:
    | 'invalid_request'
    | 'invalid_client'
    | 'unauthorized_client'
    | 'unsupported_grant_type'
    | 'invalid_scope'
    | 'invalid_resource';
  readonly text: string;
}

/** Ids of one request: Entra's own, and the client's or a new one. */
export interface Trace {
  readonly traceId: string;
  readonly correlationId: string;
  /** Milliseconds of the world's clock. */
  readonly at: number;
}

/** Ids for one answer; a correlation id that is no GUID is replaced. `at` in milliseconds. */
export function traceOf(correlationId: string | undefined, at: number): Trace {
  const given = correlationId !== undefined && /^[0-9a-f-]{36}$/i.test(correlationId);
  return { traceId: randomUUID(), correlationId: given ? correlationId : randomUUID(), at };
}

/** `invalid_client` is answered with 401, all else with 400. */
export function refused(refusal: Refusal, trace: Trace, authorityHost: string): Reply {
  const timestamp = new Date(trace.at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  const { traceId, correlationId } = trace;
  const body = {
    error: refusal.error,
    error_description: `AADSTS${refusal.code}: ${refusal.text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [refusal.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://${authorityHost}/error?code=${refusal.code}`,
  };
  return json(refusal.error === 'invalid_client' ? 401 : 400, body, entraHeaders(trace));
}

/** The headers of every answer of the token endpoint. */
export function entraHeaders(trace: Trace): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store, no-cache',
    pragma: 'no-cache',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': trace.traceId,
    'client-request-id': trace.correlationId,
  };
}

/** Entra names the first parameter that is not there. */
export const missing = (parameter: string): Refusal => ({
  code: 900144,
  error: 'invalid_request',
  text: `The request body must contain the following parameter: '${parameter}'.`,
});
