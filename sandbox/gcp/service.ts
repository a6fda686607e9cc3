// Google Cloud: which host is which service, in `googleapis.com` or the universe of the trust document.
import { type Call, json, type Reply, type Service } from '../service.ts';
import { AccessTokens } from './access-tokens.ts';
import { actAsAccount } from './account-credentials.ts';
import { evaluate } from './cel.ts';
import { callService, isCloudRun } from './cloud-run.ts';
import { type GcpContext, universeOf } from './context.ts';
import { introspect } from './introspection.ts';
import { notFound } from './refusal.ts';
import { listBuckets, listUsers, readProject } from './resources.ts';
import { grantSigned, revoke } from './signed-grant.ts';
import { prepareSigningKey, publishedKeys } from './signing.ts';
import { exchangeToken } from './token-exchange.ts';

type Answer = (call: Call, context: GcpContext, tokens: AccessTokens) => Reply | Promise<Reply>;

const HOSTS: Readonly<Record<string, Answer>> = {
  sts: securityTokens,
  iamcredentials: actAsAccount,
  oauth2: oauth,
  cloudresourcemanager: readProject,
  storage: listBuckets,
  admin: listUsers,
  www: keys,
};

/** Plays Google's token, credentials, project and storage services by the trust document. */
export function gcpService(context: GcpContext): Service {
  const tokens = new AccessTokens(context.clock, context.ledger);
  void prepareSigningKey();
  // The first evaluation in a process is twenty times slower than the next: not on a client's time.
  evaluate('assertion.sub', { assertion: { sub: '' } });
  const answerOf = (host: string): Answer | undefined => {
    if (isCloudRun(host)) return callService;
    const [name = '', ...domain] = host.split('.');
    return domain.join('.') === universeOf(context.trust()) && Object.hasOwn(HOSTS, name) ? HOSTS[name] : undefined;
  };
  return {
    name: 'gcp',
    plays: (host) => answerOf(host) !== undefined,
    operation,
    answer: (call) => answerOf(call.host)?.(call, context, tokens) ?? json(404, { error: 'not_found' }),
  };
}

/** `token`, `introspect`, `generateAccessToken`, `generateIdToken`, `signJwt`, `allowedLocations`, `projects.get`, `buckets.list`, `users.list`; else method and path. */
function operation(call: Call): string {
  const { pathname } = call.url;
  if (pathname === '/v1/token' || pathname === '/token') return 'token';
  if (pathname === '/revoke') return 'revoke';
  if (pathname === '/v1/introspect') return 'introspect';
  if (/^\/v1\/projects\/[^/:]+$/.test(pathname)) return 'projects.get';
  if (pathname === '/storage/v1/b') return 'buckets.list';
  if (pathname === '/admin/directory/v1/users') return 'users.list';
  const [, method] = /\/serviceAccounts\/[^/:]+[:/](\w+)$/.exec(pathname) ?? [];
  return method ?? `${call.method} ${pathname}`;
}

function securityTokens(call: Call, context: GcpContext, tokens: AccessTokens): Reply | Promise<Reply> {
  if (call.method === 'POST' && call.url.pathname === '/v1/token') return exchangeToken(call, context, tokens);
  if (call.method === 'POST' && call.url.pathname === '/v1/introspect') return introspect(call, tokens);
  return notFound('Method not found.');
}

function oauth(call: Call, context: GcpContext, tokens: AccessTokens): Reply | Promise<Reply> {
  if (call.method === 'POST' && call.url.pathname === '/token') return grantSigned(call, context, tokens);
  return call.method === 'POST' && call.url.pathname === '/revoke' ? revoke() : notFound('Method not found.');
}

/** Google's own keys, and those of a service account. */
async function keys(call: Call): Promise<Reply> {
  const { pathname } = call.url;
  if (pathname === '/oauth2/v3/certs') return json(200, await publishedKeys('accounts.google.com'));
  const [, account] = /^\/service_accounts\/v1\/jwk\/([^/]+)$/.exec(pathname) ?? [];
  return account === undefined ? notFound() : json(200, await publishedKeys(account.replaceAll(/%40/gi, '@')));
}
