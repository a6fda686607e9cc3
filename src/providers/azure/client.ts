// The only file that knows Azure's SDK. Our transport is its HTTP client, its retry and instance discovery are off (facts: azure 9).
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { ClientAssertionCredential } from '@azure/identity';
import type { Answer, Send } from '../../core/http.ts';
import { recorded } from '../../core/recorder.ts';
import type { Secret } from '../../core/secret.ts';

export interface TokenCall {
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly scope: string;
}

/** Resolves with the access token, or with the answer that held none. Rejects with what `send` rejected with. */
export async function accessToken(
  call: TokenCall,
  assertion: Secret,
  send: Send,
): Promise<{ token?: string; answer: Answer }> {
  const { result, answer } = await recorded(send, (recording) => {
    // A credential for each call: its cache would answer the second try after a refusal.
    const credential = new ClientAssertionCredential(call.tenantId, call.clientId, async () => assertion.reveal(), {
      authorityHost: call.authority,
      disableInstanceDiscovery: true,
      retryOptions: { maxRetries: 0 },
      httpClient: httpClient(recording),
    });
    return credential.getToken(call.scope);
  });
  return result ? { token: result.token, answer } : { answer };
}

function httpClient(send: Send): HttpClient {
  return {
    async sendRequest(request) {
      const body = typeof request.body === 'string' ? request.body : undefined;
      const method = request.method === 'POST' ? 'POST' : 'GET';
      const headers = request.headers.toJSON();
      const answer = await send({ method, url: request.url, headers, ...(body !== undefined && { body }) });
      return {
        request,
        status: answer.status,
        headers: createHttpHeaders({ ...answer.headers }),
        bodyAsText: answer.body,
      };
    },
  };
}
