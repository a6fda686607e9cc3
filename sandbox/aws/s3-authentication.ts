// Who signed a call to S3: as for STS, in S3's order and words.
import type { Call } from '../service.ts';
import type { Endpoint } from './regions.ts';
import { S3Refusal } from './s3-refusal.ts';
import type { Session, Sessions } from './sessions.ts';
import {
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
  if ('lacks' in authorization) {
    throw new S3Refusal(
      400,
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; ${authorization.lacks[0] ?? ''}`,
    );
  }
  const { scope, signedHeaders } = authorization;
  if (scope.region !== endpoint.region) {
    const message = `The authorization header is malformed; the region '${scope.region}' is wrong; expecting '${endpoint.region}'`;
    throw new S3Refusal(400, 'AuthorizationHeaderMalformed', message, { Region: endpoint.region });
  }
  if (scope.service !== 's3') {
    const message = `The authorization header is malformed; incorrect service "${scope.service}". This endpoint belongs to "s3".`;
    throw new S3Refusal(400, 'AuthorizationHeaderMalformed', message);
  }
  const date = call.headers['x-amz-date'] ?? '';
  const signedAt = readAmzDate(date);
  if (signedAt === undefined) {
    throw new S3Refusal(403, 'AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  }
  if (Math.abs(now - signedAt) > SKEW_MS) {
    throw new S3Refusal(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  }
  const payloadHash = checkPayload(call);
  const unsigned = Object.keys(call.headers).filter(
    (name) => name.startsWith('x-amz-') && !signedHeaders.includes(name),
  );
  if (unsigned.length > 0 || !signedHeaders.includes('host')) {
    const HeadersNotSigned = (unsigned.length > 0 ? unsigned : ['host']).join(', ');
    throw new S3Refusal(403, 'AccessDenied', 'There were headers present in the request which were not signed', {
      HeadersNotSigned,
    });
  }
  const session = sessions.find(authorization.accessKeyId);
  if (session === undefined || call.headers['x-amz-security-token'] !== session.token) {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    throw new S3Refusal(403, 'InvalidAccessKeyId', message, { AWSAccessKeyId: authorization.accessKeyId });
  }
  const toSign = stringToSign(date, scope, canonicalRequest(call, signedHeaders, payloadHash, false));
  if (!sameSignature(signatureOf(session.secretKey, scope, toSign), authorization.signature)) {
    const message =
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
    throw new S3Refusal(403, 'SignatureDoesNotMatch', message, { AWSAccessKeyId: session.accessKeyId });
  }
  if (sessions.isExpired(session)) throw new S3Refusal(400, 'ExpiredToken', 'The provided token has expired.');
  return session;
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
