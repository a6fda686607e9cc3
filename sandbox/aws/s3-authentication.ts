// Who signed a call to S3: as for STS, in S3's order and words.
import type { Call } from '../service.ts';
import type { Endpoint } from './regions.ts';
import { S3Refusal } from './s3-refusal.ts';
import type { Session, Sessions } from './sessions.ts';
import {
  type Authorization,
  canonicalRequest,
  readAmzDate,
  readAuthorization,
  sameSignature,
  sha256,
  signatureOf,
  stringToSign,
} from './sigv4.ts';

const SKEW_MS = 15 * 60 * 1000;
const UNSIGNED = 'UNSIGNED-PAYLOAD';

/** The session that signed. Throws S3Refusal. `now` in milliseconds. */
export function authenticate(call: Call, endpoint: Endpoint, sessions: Sessions, now: number): Session {
  const { authorization: header } = call.headers;
  if (!header) throw new S3Refusal(403, 'AccessDenied', 'Access Denied');
  const authorization = readAuthorization(header);
  if ('lacks' in authorization) throw malformed(authorization.lacks[0] ?? '');
  checkScope(authorization, endpoint);
  const date = checkDate(call, authorization, now);
  const payloadHash = checkPayload(call);
  checkSignedHeaders(call, authorization);
  const session = sessions.find(authorization.accessKeyId);
  if (session === undefined || call.headers['x-amz-security-token'] !== session.token) {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    throw new S3Refusal(403, 'InvalidAccessKeyId', message, { AWSAccessKeyId: authorization.accessKeyId });
  }
  const canonical = canonicalRequest(call, authorization.signedHeaders, payloadHash, false);
  const expected = signatureOf(
    session.secretKey,
    authorization.scope,
    stringToSign(date, authorization.scope, canonical),
  );
  if (!sameSignature(expected, authorization.signature)) {
    const message =
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
    throw new S3Refusal(403, 'SignatureDoesNotMatch', message, { AWSAccessKeyId: session.accessKeyId });
  }
  if (sessions.isExpired(session)) throw new S3Refusal(400, 'ExpiredToken', 'The provided token has expired.');
  return session;
}

function malformed(why: string, details: Readonly<Record<string, string>> = {}): S3Refusal {
  return new S3Refusal(400, 'AuthorizationHeaderMalformed', `The authorization header is malformed; ${why}`, details);
}

function checkScope({ scope }: Authorization, { region }: Endpoint): void {
  if (scope.region !== region) {
    throw malformed(`the region '${scope.region}' is wrong; expecting '${region}'`, { Region: region });
  }
  if (scope.service !== 's3') {
    throw malformed(`incorrect service "${scope.service}". This endpoint belongs to "s3".`);
  }
  if (scope.terminator !== 'aws4_request') throw malformed(`incorrect terminal "${scope.terminator}".`);
}

/** The `x-amz-date`, which must be near and of the scope's day. */
function checkDate(call: Call, { scope }: Authorization, now: number): string {
  const date = call.headers['x-amz-date'] ?? '';
  const signedAt = readAmzDate(date);
  if (signedAt === undefined) {
    throw new S3Refusal(403, 'AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  }
  const day = date.slice(0, 8);
  if (scope.date !== day) {
    throw malformed(`Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${day}".`);
  }
  if (Math.abs(now - signedAt) > SKEW_MS) {
    const message = 'The difference between the request time and the current time is too large.';
    throw new S3Refusal(403, 'RequestTimeTooSkewed', message);
  }
  return date;
}

/** The host and every `x-amz-` header must be signed. */
function checkSignedHeaders({ headers }: Call, { signedHeaders }: Authorization): void {
  const needed = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  const HeadersNotSigned = needed.filter((name) => !signedHeaders.includes(name)).join(', ');
  if (!HeadersNotSigned) return;
  const message = 'There were headers present in the request which were not signed';
  throw new S3Refusal(403, 'AccessDenied', message, { HeadersNotSigned });
}

/** The hash that the client gave, if it is the body's. */
function checkPayload(call: Call): string {
  const given = call.headers['x-amz-content-sha256'];
  if (given === undefined)
    throw new S3Refusal(400, 'InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  if (given === UNSIGNED || given === sha256(call.body)) return given;
  throw new S3Refusal(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}
