// How Google refuses: OAuth's shape at the token endpoints, google.rpc.Status at the APIs (facts: gcp 2).
import { json, type Reply } from '../service.ts';

/** The token endpoints. */
export function oauthRefusal(error: string, description: string, status = 400): Reply {
  return json(status, { error, error_description: description }, googleHeaders());
}

interface ApiRefusal {
  readonly code: 400 | 401 | 403 | 404;
  readonly status: 'INVALID_ARGUMENT' | 'UNAUTHENTICATED' | 'PERMISSION_DENIED' | 'NOT_FOUND' | 'FAILED_PRECONDITION';
  readonly message: string;
  readonly details?: readonly object[];
}

/** The APIs. A 401 says how to authenticate. */
export function apiRefusal(refusal: ApiRefusal): Reply {
  const challenge = { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' };
  const headers = { ...googleHeaders(), ...(refusal.code === 401 && challenge) };
  return json(refusal.code, { error: refusal }, headers);
}

/** 400; Google's general words unless it has better ones. */
export function invalidArgument(message = 'Request contains an invalid argument.'): Reply {
  return apiRefusal({ code: 400, status: 'INVALID_ARGUMENT', message });
}

/** 401; the reason is named where Google names it. */
export function unauthenticated(reason?: 'CREDENTIALS_MISSING' | 'ACCESS_TOKEN_EXPIRED'): Reply {
  const subject =
    reason === 'CREDENTIALS_MISSING'
      ? 'Request is missing required authentication credential.'
      : 'Request had invalid authentication credentials.';
  const message = `${subject} Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.`;
  const details = reason === undefined ? {} : { details: [errorInfo(reason, 'googleapis.com', {})] };
  return apiRefusal({ code: 401, status: 'UNAUTHENTICATED', message, ...details });
}

/** 403 of a permission that no policy gives. */
export function permissionDenied(permission: string): Reply {
  const message = `Permission '${permission}' denied on resource (or it may not exist).`;
  const details = [errorInfo('IAM_PERMISSION_DENIED', 'iam.googleapis.com', { permission })];
  return apiRefusal({ code: 403, status: 'PERMISSION_DENIED', message, details });
}

/** 403 of a token that was issued for less. */
export function insufficientScopes(service: string): Reply {
  const details = [errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'googleapis.com', { service })];
  const message = 'Request had insufficient authentication scopes.';
  return apiRefusal({ code: 403, status: 'PERMISSION_DENIED', message, details });
}

/** 403 of an API that is off in the project. */
export function serviceDisabled(title: string, service: string, projectNumber: string): Reply {
  const page = `https://console.developers.google.com/apis/api/${service}/overview?project=${projectNumber}`;
  const message = `${title} has not been used in project ${projectNumber} before or it is disabled. Enable it by visiting ${page} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;
  const details = [
    {
      '@type': 'type.googleapis.com/google.rpc.Help',
      links: [{ description: 'Google developers console API activation', url: page }],
    },
    errorInfo('SERVICE_DISABLED', 'googleapis.com', { service, consumer: `projects/${projectNumber}` }),
  ];
  return apiRefusal({ code: 403, status: 'PERMISSION_DENIED', message, details });
}

/** 404 */
export function notFound(message = 'Requested entity was not found.'): Reply {
  return apiRefusal({ code: 404, status: 'NOT_FOUND', message });
}

/** The headers of every answer. */
export function googleHeaders(): Record<string, string> {
  return {
    'content-type': 'application/json; charset=UTF-8',
    'cache-control': 'private, max-age=0, no-store',
    vary: 'Origin, X-Origin, Referer',
    'x-content-type-options': 'nosniff',
  };
}

function errorInfo(reason: string, domain: string, metadata: object): object {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain, metadata };
}
