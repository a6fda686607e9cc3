// Signature version 4: what a client signs, worked out again from the request as it arrived. How a mismatch is worded is each service's own.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Call } from '../service.ts';

export const ALGORITHM = 'AWS4-HMAC-SHA256';

/** An Authorization header, read. */
export interface Authorization {
  readonly accessKeyId: string;
  /** `date/region/service/aws4_request`. */
  readonly scope: {
    readonly date: string;
    readonly region: string;
    readonly service: string;
    readonly terminator: string;
  };
  /** In lower case, as signed. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** The header's parts; a list of what it lacks, in AWS's words. */
export function readAuthorization(header: string): Authorization | { readonly lacks: readonly string[] } {
  const [algorithm = '', rest = ''] = [header.slice(0, header.indexOf(' ')), header.slice(header.indexOf(' ') + 1)];
  if (algorithm !== ALGORITHM) return { lacks: [`Unsupported AWS 'algorithm': '${algorithm}'.`] };
  const fields = new Map<string, string>();
  for (const part of rest.split(',')) {
    const at = part.indexOf('=');
    if (at > 0) fields.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  const lacks = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !fields.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (lacks.length > 0) return { lacks };
  const parts = (fields.get('Credential') ?? '').split('/');
  const [accessKeyId, date, region, service, terminator] = parts;
  if (!accessKeyId || !date || !region || !service || !terminator || parts.length !== 5) {
    return {
      lacks: [
        `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${parts.join('/')}'`,
      ],
    };
  }
  return {
    accessKeyId,
    scope: { date, region, service, terminator },
    signedHeaders: (fields.get('SignedHeaders') ?? '').split(';'),
    signature: fields.get('Signature') ?? '',
  };
}

/** The request in the canonical form, with `payloadHash` (hex) for its body. `encodeTwice`: every service but S3 encodes the path again. */
export function canonicalRequest(
  call: Call,
  signedHeaders: readonly string[],
  payloadHash: string,
  encodeTwice: boolean,
): string {
  const path = call.path.split('?')[0] ?? '/';
  const headers = signedHeaders.map((name) => `${name}:${(call.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [
    call.method,
    encodeTwice ? path.split('/').map(encode).join('/') : path,
    canonicalQuery(call.path),
    headers.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

function canonicalQuery(path: string): string {
  const query = path.includes('?') ? path.slice(path.indexOf('?') + 1) : '';
  const pairs = query
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return `${encode(decode(name))}=${encode(decode(value))}`;
    });
  return pairs.sort().join('&');
}

/** RFC 3986: everything but unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What the signature is made over. `amzDate` is `YYYYMMDDTHHMMSSZ`. */
export function stringToSign(amzDate: string, scope: Authorization['scope'], canonical: string): string {
  const { date, region, service, terminator } = scope;
  return [ALGORITHM, amzDate, `${date}/${region}/${service}/${terminator}`, sha256(canonical)].join('\n');
}

/** The signature in hex. */
export function signatureOf(secretKey: string, scope: Authorization['scope'], toSign: string): string {
  const key = [scope.date, scope.region, scope.service, scope.terminator].reduce<Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    Buffer.from(`AWS4${secretKey}`),
  );
  return createHmac('sha256', key).update(toSign).digest('hex');
}

export function sameSignature(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Milliseconds of `YYYYMMDDTHHMMSSZ`; undefined for another form. */
export function readAmzDate(text: string): number | undefined {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const time = y === undefined ? Number.NaN : Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** `YYYYMMDDTHHMMSSZ` of milliseconds. */
export function amzDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
