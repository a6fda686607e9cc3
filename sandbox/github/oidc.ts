// GitHub's OIDC service on the wire: the endpoint that a job asks for tokens, and the issuer's public documents.
import { type Call, json, type Reply, type Service } from '../service.ts';
import { ISSUER_URL, REQUEST_HOST, type TokenIssuer } from './issuer.ts';
import { claimsOf, defaultJob } from './job.ts';
import { jwkOf, signingKey } from './signing-key.ts';

const ISSUER_HOST = new URL(ISSUER_URL).host;

export function oidcService(github: TokenIssuer): Service {
  return {
    name: 'github',
    plays: (host) => host === ISSUER_HOST || host === REQUEST_HOST,
    operation,
    answer: (call) => (call.host === ISSUER_HOST ? publicDocument(call) : identityToken(call, github)),
  };
}

function operation({ host, method, url }: Call): string {
  if (host === REQUEST_HOST) return 'idtoken';
  if (url.pathname === '/.well-known/jwks') return 'jwks';
  if (url.pathname === '/.well-known/openid-configuration') return 'openid-configuration';
  return `${method} ${url.pathname}`;
}

function identityToken(call: Call, github: TokenIssuer): Reply {
  const expected = new URL(github.requestUrl);
  const [scheme = '', bearer = ''] = (call.headers.authorization ?? '').split(' ');
  if (call.url.pathname !== expected.pathname)
    return failure(404, 'NotFoundException', 'The requested resource was not found.');
  if (call.method !== 'GET')
    return failure(405, 'VssServiceException', `The requested resource does not support http method '${call.method}'.`);
  if (scheme.toLowerCase() !== 'bearer' || !github.accepts(bearer)) return unauthorized();
  if (github.state !== 'InProgress') return wrongState(github.state);
  if (!call.url.searchParams.get('api-version')) {
    return failure(400, 'VssVersionNotSpecifiedException', 'No api-version was supplied for the request.');
  }
  const audience = call.url.searchParams.get('audience') || undefined;
  const value = github.mint(audience);
  return json(200, { count: value.length, value });
}

function unauthorized(): Reply {
  const reply = failure(401, 'UnauthorizedRequestException', 'Client authentication required.');
  return { ...reply, headers: { ...reply.headers, 'www-authenticate': 'Bearer' } };
}

/** The texts that users have reported (facts: github 1.1). */
function wrongState(state: string): Reply {
  return failure(403, 'TaskOrchestrationJobStateException', `Can't issue ID_TOKEN for job in '${state}' state.`);
}

function failure(status: number, typeKey: string, message: string): Reply {
  return json(status, { $id: '1', innerException: null, message, typeKey, errorCode: 0, eventId: 3000 });
}

function publicDocument(call: Call): Reply {
  if (call.method !== 'GET') return json(405, { message: 'Method Not Allowed' });
  if (call.url.pathname === '/.well-known/jwks') return json(200, { keys: [jwkOf(signingKey())] });
  if (call.url.pathname === '/.well-known/openid-configuration') return json(200, configuration());
  return json(404, { message: 'Not Found' });
}

function configuration(): Record<string, unknown> {
  const claims = Object.keys(claimsOf(defaultJob));
  return {
    issuer: ISSUER_URL,
    jwks_uri: `${ISSUER_URL}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    claims_supported: [
      ...new Set([
        'sub',
        'aud',
        'exp',
        'iat',
        'iss',
        'jti',
        'nbf',
        ...claims,
        'environment',
        'enterprise',
        'enterprise_id',
      ]),
    ],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}
