// The only file that knows Google's SDK and wire. The SDK does the federation, over our transport; acting as a service account is plain calls,
// since the SDK's own class writes warnings to the console and rewrites errors (facts: toolchain 2.1, gcp 1.2).
import { IdentityPoolClient } from 'google-auth-library/build/src/auth/identitypoolclient.js';
import type { Answer, Send } from '../../core/http.ts';
import { recorded } from '../../core/recorder.ts';
import type { Secret } from '../../core/secret.ts';
import { hostOf, resourceName } from './universe.ts';

/** The federated hop of an impersonation always asks for this; the user's scopes go to the service account's token. */
export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

/** What every call says of itself. */
interface Call {
  readonly universe: string;
  readonly requestReason?: string;
}

/** A call in the name of a service account, through `delegates`. */
export interface AccountCall extends Call {
  readonly serviceAccount: string;
  readonly delegates: readonly string[];
}

/** Exchanges the identity token at Google's STS. Resolves with the federated token, or with the answer that held none. */
export async function federate(
  call: Call & { provider: string; scopes: readonly string[] },
  token: Secret,
  send: Send,
): Promise<{ token?: string; answer: Answer }> {
  const reasoned: Send = (request) => send({ ...request, headers: { ...request.headers, ...reasonOf(call) } });
  const { result, answer } = await recorded(reasoned, async (recording) => {
    const client = new PoolClient(call, token, recording);
    const { token: value } = await client.getAccessToken();
    return typeof value === 'string' ? value : undefined; // what the server sent, unchecked
  });
  return result === undefined ? { answer } : { token: result, answer };
}

/** Asks for an access token of a service account; `lifetime` in seconds. One answer, whatever it is. */
export function generateAccessToken(
  call: AccountCall & { scopes: readonly string[]; lifetime: number },
  federated: Secret,
  send: Send,
): Promise<Answer> {
  return actAs('generateAccessToken', call, { scope: call.scopes, lifetime: `${call.lifetime}s` }, federated, send);
}

/** Asks for an ID token of a service account. One answer, whatever it is. */
export function generateIdToken(
  call: AccountCall & { audience: string; includeEmail: boolean },
  federated: Secret,
  send: Send,
): Promise<Answer> {
  const { audience, includeEmail } = call;
  return actAs('generateIdToken', call, { audience, includeEmail }, federated, send);
}

/** Has a service account sign claims with its Google-managed key. One answer, whatever it is. */
export function signJwt(call: AccountCall, claims: object, federated: Secret, send: Send): Promise<Answer> {
  return actAs('signJwt', call, { payload: JSON.stringify(claims) }, federated, send);
}

/** Exchanges what a service account has signed for an access token (RFC 7523). One answer, whatever it is. */
export function exchangeSigned(call: Call, signed: Secret, send: Send): Promise<Answer> {
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: signed.reveal() };
  return send({
    method: 'POST',
    url: tokenEndpoint(call.universe),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...reasonOf(call) },
    body: new URLSearchParams(form).toString(),
  });
}

/** OAuth's token endpoint of a universe: also the audience of what is signed for it. */
export function tokenEndpoint(universe: string): string {
  return `https://${hostOf('oauth2', universe)}/token`;
}

export function impersonationUrl(serviceAccount: string, universe: string, method = 'generateAccessToken'): string {
  const account = encodeURIComponent(serviceAccount).replace('%40', '@');
  return `https://${hostOf('iamcredentials', universe)}/v1/projects/-/serviceAccounts/${account}:${method}`;
}

function actAs(method: string, call: AccountCall, fields: object, federated: Secret, send: Send): Promise<Answer> {
  const delegates = call.delegates.map((account) => `projects/-/serviceAccounts/${account}`);
  return send({
    method: 'POST',
    url: impersonationUrl(call.serviceAccount, call.universe, method),
    headers: {
      authorization: `Bearer ${federated.reveal()}`,
      'content-type': 'application/json',
      ...reasonOf(call),
    },
    body: JSON.stringify({ ...fields, ...(delegates.length > 0 && { delegates }) }),
  });
}

function reasonOf({ requestReason }: Call): Record<string, string> {
  return requestReason ? { 'x-goog-request-reason': requestReason } : {};
}

/** The SDK's client with both of its transporters replaced. */
class PoolClient extends IdentityPoolClient {
  constructor(call: Call & { provider: string; scopes: readonly string[] }, token: Secret, send: Send) {
    super({
      type: 'external_account',
      audience: resourceName(call.provider, call.universe),
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      subject_token_supplier: { getSubjectToken: async () => token.reveal() },
      token_url: `https://${hostOf('sts', call.universe)}/v1/token`,
      universe_domain: call.universe,
      scopes: [...call.scopes],
      // With the default of five minutes every use of a five-minute token would exchange again.
      eagerRefreshThresholdMillis: 10_000,
    });
    const transporter = transporterOver(send) as never;
    this.transporter = transporter;
    (this as unknown as { stsCredential: { transporter: unknown } }).stsCredential.transporter = transporter;
  }
}

interface SdkCall {
  url: string | URL;
  method?: string;
  headers?: Headers | Record<string, string>;
  data?: unknown;
}

function transporterOver(send: Send) {
  return {
    defaults: {},
    async request(call: SdkCall) {
      const headers = Object.fromEntries(new Headers(call.headers));
      let body: string | undefined;
      if (call.data instanceof URLSearchParams) {
        body = call.data.toString();
        headers['content-type'] ??= 'application/x-www-form-urlencoded;charset=UTF-8';
      } else if (call.data !== undefined) {
        body = JSON.stringify(call.data);
        headers['content-type'] ??= 'application/json';
      }
      const method = call.method === 'POST' || body !== undefined ? 'POST' : 'GET';
      const answer = await send({ method, url: String(call.url), headers, ...(body !== undefined && { body }) });
      // Ours, and without the request: the SDK's own error carries the JWT.
      if (answer.status >= 300) throw new Error(`answered ${answer.status}`);
      return { data: JSON.parse(answer.body), status: answer.status, headers: new Headers(answer.headers), config: {} };
    },
  };
}
