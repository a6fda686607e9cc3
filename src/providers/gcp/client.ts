// The only file that knows Google's SDK and wire. The SDK does the federation, over our transport; impersonation is a plain call, since the
// SDK's own class writes warnings to the console and rewrites errors (facts: toolchain 2.1).
import { IdentityPoolClient } from 'google-auth-library/build/src/auth/identitypoolclient.js';
import type { Answer, Send } from '../../core/http.ts';
import { recorded } from '../../core/recorder.ts';
import type { Secret } from '../../core/secret.ts';
import { IAM_HOST } from './hosts.ts';

/** The federated hop of an impersonation always asks for this; the user's scopes go to the service account's token. */
export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

/** Exchanges the identity token at Google's STS. Resolves with the federated token, or with the answer that held none. */
export async function federate(
  call: { provider: string; scopes: readonly string[] },
  token: Secret,
  send: Send,
): Promise<{ token?: string; answer: Answer }> {
  const { result, answer } = await recorded(send, async (recording) => {
    const client = new PoolClient(call.provider, call.scopes, token, recording);
    const { token: value } = await client.getAccessToken();
    return typeof value === 'string' ? value : undefined; // what the server sent, unchecked
  });
  return result === undefined ? { answer } : { token: result, answer };
}

/** Asks for an access token of a service account (IAM Credentials API, `generateAccessToken`). One answer, whatever it is. */
export function generateAccessToken(
  call: { serviceAccount: string; scopes: readonly string[]; lifetime: number; requestReason?: string },
  federated: Secret,
  send: Send,
): Promise<Answer> {
  return send({
    method: 'POST',
    url: impersonationUrl(call.serviceAccount),
    headers: {
      authorization: `Bearer ${federated.reveal()}`,
      'content-type': 'application/json',
      ...(call.requestReason && { 'x-goog-request-reason': call.requestReason }),
    },
    body: JSON.stringify({ scope: call.scopes, lifetime: `${call.lifetime}s` }),
  });
}

export function impersonationUrl(serviceAccount: string): string {
  return `https://${IAM_HOST}/v1/projects/-/serviceAccounts/${encodeURIComponent(serviceAccount).replace('%40', '@')}:generateAccessToken`;
}

/** The SDK's client with both of its transporters replaced. */
class PoolClient extends IdentityPoolClient {
  constructor(provider: string, scopes: readonly string[], token: Secret, send: Send) {
    super({
      type: 'external_account',
      audience: `//iam.googleapis.com/${provider}`,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      subject_token_supplier: { getSubjectToken: async () => token.reveal() },
      scopes: [...scopes],
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
