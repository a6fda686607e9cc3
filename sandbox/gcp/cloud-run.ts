// A service on Cloud Run that lets in whoever shows an ID token for it: what such tokens are for.
import { type Call, json, type Reply } from '../service.ts';
import type { GcpContext } from './context.ts';
import { openSigned } from './signing.ts';

export function isCloudRun(host: string): boolean {
  return /^[a-z][a-z0-9-]*\.run\.app$/.test(host);
}

/** Any path; the answer is whom the token names. Signature, issuer, audience and end are checked. */
export async function callService(call: Call, context: GcpContext): Promise<Reply> {
  const [, token] = /^Bearer (\S+)$/i.exec(call.headers.authorization ?? '') ?? [];
  if (token === undefined) return refused(403);
  const opened = await openSigned(token, 'accounts.google.com');
  if ('fault' in opened) return refused(401);
  const { iss, aud, exp, sub, email } = opened.claims;
  const now = context.clock.seconds();
  const fits = iss === 'https://accounts.google.com' && aud === `https://${call.host}`;
  if (!fits || typeof exp !== 'number' || exp <= now) return refused(401);
  return json(200, { sub, ...(email !== undefined && { email }) });
}

function refused(status: 401 | 403): Reply {
  const title = status === 401 ? '401 Unauthorized' : '403 Forbidden';
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=UTF-8',
      ...(status === 401 && {
        'www-authenticate': 'Bearer error="invalid_token" error_description="The access token could not be verified"',
      }),
    },
    body: `<html><head><title>${title}</title></head><body><h1>Error: ${title.slice(4)}</h1><h2>Your client does not have permission to get URL from this server.</h2></body></html>`,
  };
}
