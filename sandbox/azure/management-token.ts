// Who shows an access token to the resource manager, and how it refuses the wrong one.
import type { WorldClock } from '../clock.ts';
import { type Call, json, type Reply } from '../service.ts';
import type { AccessToken, AccessTokens } from './access-tokens.ts';
import { type Cloud, MANAGEMENT_APP_ID } from './clouds.ts';

/** The token behind the Authorization header, or the refusal. Compared with the world's clock and this cloud's audiences. */
export function managementToken(
  call: Call,
  cloud: Cloud,
  tokens: AccessTokens,
  clock: WorldClock,
): AccessToken | Reply {
  const header = call.headers.authorization;
  if (!header) {
    return unauthenticated(
      cloud,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  const [, jwt] = /^Bearer (\S+)$/i.exec(header) ?? [];
  if (!jwt) {
    const text = "Authentication failed. The 'Authorization' header is provided in an invalid format.";
    return unauthenticated(cloud, 'AuthenticationFailedInvalidHeader', text);
  }
  const token = tokens.find(jwt);
  if (!token) return unauthenticated(cloud, 'InvalidAuthenticationToken', 'The access token is invalid.');
  if (clock.seconds() >= token.expiresAt) {
    const text = `The access token expiry UTC time '${american(token.expiresAt * 1000)}' is earlier than current UTC time '${american(clock.now())}'.`;
    return unauthenticated(cloud, 'ExpiredAuthenticationToken', text);
  }
  if (![...cloud.managementAudiences, MANAGEMENT_APP_ID].includes(token.audience)) {
    const allowed = cloud.managementAudiences.map((audience) => `'${audience}'`).join(',');
    const text = `The access token has been obtained for wrong audience or resource '${token.audience}'. It should exactly match with one of the allowed audiences ${allowed}.`;
    return unauthenticated(cloud, 'InvalidAuthenticationTokenAudience', text);
  }
  return token;
}

function unauthenticated(cloud: Cloud, code: string, text: string): Reply {
  const scheme = `Bearer authorization_uri="https://${cloud.authorityHost}/", error="invalid_token", error_description="${text}"`;
  return json(401, { error: { code, message: text } }, { ...armHeaders(), 'www-authenticate': scheme });
}

/** The headers of every answer of the resource manager. */
export function armHeaders(): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  };
}

/** Times as the resource manager's refusals print them: `11/25/2026 3:26:36 PM`. */
function american(ms: number): string {
  return new Date(ms).toLocaleString('en-US', { timeZone: 'UTC' }).replace(',', '').replace('\u202f', ' ');
}
