// Who signed a call to STS: the signature worked out again, each mistake in STS's own words.
import type { Call } from '../service.ts';
import { StsRefusal } from './refusal.ts';
import type { Endpoint } from './regions.ts';
import type { Session, Sessions } from './sessions.ts';
import {
  type Authorization,
  amzDate,
  canonicalRequest,
  readAmzDate,
  readAuthorization,
  sameSignature,
  sha256,
  signatureOf,
  stringToSign,
} from './sigv4.ts';

const SKEW_MS = 15 * 60 * 1000;

/** The session that signed. Throws StsRefusal. `now` in milliseconds. */
export function authenticate(call: Call, endpoint: Endpoint, sessions: Sessions, now: number): Session {
  const { authorization: header } = call.headers;
  if (!header) throw new StsRefusal(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  const authorization = readAuthorization(header);
  if ('lacks' in authorization) throw incomplete(authorization.lacks.join(' '));
  const date = call.headers['x-amz-date'] ?? '';
  const signedAt = readAmzDate(date);
  if (signedAt === undefined) {
    throw incomplete(
      date
        ? `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`
        : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  }
  checkScope(authorization, endpoint, date);
  checkAge(date, signedAt, now);
  if (!authorization.signedHeaders.includes('host')) {
    throw mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const session = sessions.find(authorization.accessKeyId);
  // A session's key without its own token is as unknown as one that never was.
  if (session === undefined || call.headers['x-amz-security-token'] !== session.token) {
    throw new StsRefusal(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  checkSignature(call, authorization, date, session);
  if (sessions.isExpired(session)) {
    throw new StsRefusal(403, 'ExpiredToken', 'The security token included in the request is expired');
  }
  return session;
}

function checkScope({ scope }: Authorization, { region }: Endpoint, date: string): void {
  const wrong = [
    ...(scope.region === region ? [] : ['Credential should be scoped to a valid region. ']),
    ...(scope.service === 'sts' ? [] : ["Credential should be scoped to correct service: 'sts'. "]),
    ...(scope.terminator === 'aws4_request'
      ? []
      : [`Credential should be scoped with a valid terminator: 'aws4_request', not '${scope.terminator}'. `]),
    ...(scope.date === date.slice(0, 8)
      ? []
      : [
          `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${date.slice(0, 8)}', from '${date}'. `,
        ]),
  ];
  if (wrong.length > 0) throw mismatch(wrong.join(''));
}

function checkAge(date: string, signedAt: number, now: number): void {
  const [earliest, latest] = [now - SKEW_MS, now + SKEW_MS];
  if (signedAt < earliest) {
    throw mismatch(`Signature expired: ${date} is now earlier than ${amzDate(earliest)} (${amzDate(now)} - 15 min.)`);
  }
  if (signedAt > latest) {
    throw mismatch(
      `Signature not yet current: ${date} is still later than ${amzDate(latest)} (${amzDate(now)} + 15 min.)`,
    );
  }
}

function checkSignature(call: Call, authorization: Authorization, date: string, session: Session): void {
  const canonical = canonicalRequest(call, authorization.signedHeaders, sha256(call.body), true);
  const toSign = stringToSign(date, authorization.scope, canonical);
  const expected = signatureOf(session.secretKey, authorization.scope, toSign);
  if (sameSignature(expected, authorization.signature)) return;
  throw mismatch(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

const incomplete = (message: string) => new StsRefusal(400, 'IncompleteSignature', message);
const mismatch = (message: string) => new StsRefusal(403, 'SignatureDoesNotMatch', message);
