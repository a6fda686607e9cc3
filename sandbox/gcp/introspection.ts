// `POST sts.googleapis.com/v1/introspect` (RFC 7662): how gcloud learns whom a federated token speaks for. Service accounts' tokens are not STS's.
import { type Call, json, type Reply } from '../service.ts';
import type { AccessTokens } from './access-tokens.ts';
import { principalName } from './principal.ts';
import { googleHeaders, oauthRefusal } from './refusal.ts';

export function introspect(call: Call, tokens: AccessTokens): Reply {
  const token = new URLSearchParams(call.body).get('token');
  if (!token) return oauthRefusal('invalid_request', 'Missing required parameter: token');
  const found = tokens.find(token);
  if (found?.principal.kind !== 'federated') return json(200, { active: false }, googleHeaders());
  const username = principalName(found.principal);
  const exp = Math.floor((found.entry.expiresAt ?? 0) / 1000);
  return json(200, { active: true, scope: found.scopes.join(' '), username, exp }, googleHeaders());
}
