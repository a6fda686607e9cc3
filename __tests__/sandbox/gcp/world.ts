// A Google Cloud for these tests: the default document with changes, and the two steps every other request stands on.
import { gcpService } from '../../../sandbox/gcp/service.ts';
import {
  defaultGcpTrust,
  type GcpTrust,
  type Project,
  type Provider,
  type ServiceAccount,
} from '../../../sandbox/gcp/trust.ts';
import type { Reply } from '../../../sandbox/service.ts';
import { callTo, type Minting, mint, newContext, postForm } from '../test-issuer.ts';

export const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org';
export const POOL = 'iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github';
export const AUDIENCE = `https://iam.googleapis.com/${PROVIDER}`;
export const DEPLOY = 'deploy@octo-project.iam.gserviceaccount.com';
export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
export const JSON_TYPE = { 'content-type': 'application/json' };

export const bodyOf = (reply: Reply) => JSON.parse(reply.body ?? '');
export const claimsOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());

export function withProject(change: (project: Project) => Partial<Project>, universe?: string): GcpTrust {
  const projects = defaultGcpTrust.projects.map((project) => ({ ...project, ...change(project) }));
  return { ...defaultGcpTrust, projects, ...(universe !== undefined && { universe }) };
}

export function withProvider(change: Partial<Provider>): GcpTrust {
  return withProject(({ pools }) => ({
    pools: pools.map((pool) => ({ ...pool, providers: pool.providers.map((p) => ({ ...p, ...change })) })),
  }));
}

export function withAccounts(change: Partial<ServiceAccount>, ...more: ServiceAccount[]): GcpTrust {
  return withProject(({ serviceAccounts }) => ({
    serviceAccounts: [
      ...serviceAccounts.map((account) => (account.email === DEPLOY ? { ...account, ...change } : account)),
      ...more,
    ],
  }));
}

export const EXCHANGE = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  audience: `//iam.googleapis.com/${PROVIDER}`,
  scope: CLOUD_PLATFORM,
  requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
};

export function startGcp(trust: GcpTrust = defaultGcpTrust) {
  const context = newContext();
  const state = { trust };
  const service = gcpService({ ...context, trust: () => state.trust });
  const jwtOf = (claims: Record<string, unknown> = {}, minting: Minting = {}) =>
    mint(context.clock, { aud: AUDIENCE, ...claims }, minting);
  const exchange = async (form: Record<string, string | undefined> = {}, jwt = jwtOf()) =>
    service.answer(postForm('https://sts.googleapis.com/v1/token', { ...EXCHANGE, subject_token: jwt, ...form }));
  const federated = async (form: Record<string, string | undefined> = {}): Promise<string> =>
    bodyOf(await exchange(form)).access_token;
  /** A call with a bearer token; a body makes it a POST of JSON. */
  const send = async (token: string | undefined, url: string, body?: object | string) =>
    service.answer(
      callTo(url, {
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && JSON_TYPE),
        },
        ...(body !== undefined && { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
  return { context, service, state, jwtOf, exchange, federated, send };
}

export const accountUrl = (method: string, account = DEPLOY) =>
  `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:${method}`;
