// Microsoft's own client signs in to this Entra, and hears its refusals.
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { ClientAssertionCredential } from '@azure/identity';
import { azureService } from '../../../sandbox/azure/service.ts';
import { defaultAzureTrust } from '../../../sandbox/azure/trust.ts';
import type { Service } from '../../../sandbox/service.ts';
import { callTo, mint, newContext } from '../test-issuer.ts';

function httpClient(service: Service): HttpClient {
  return {
    async sendRequest(request) {
      const body = typeof request.body === 'string' ? request.body : '';
      const call = callTo(request.url, { method: request.method, headers: request.headers.toJSON(), body });
      const reply = await service.answer(call);
      return {
        request,
        status: reply.status,
        headers: createHttpHeaders({ ...reply.headers }),
        bodyAsText: reply.body ?? '',
      };
    },
  };
}

function credential(audience: string, options: { authorityHost?: string } = {}) {
  const context = newContext();
  const service = azureService({ ...context, trust: () => defaultAzureTrust });
  const made = new ClientAssertionCredential(
    '22222222-2222-4222-8222-222222222222',
    '11111111-1111-4111-8111-111111111111',
    async () => mint(context.clock, { aud: audience }),
    { httpClient: httpClient(service), retryOptions: { maxRetries: 0 }, ...options },
  );
  return { made, context };
}

it('takes a token', async () => {
  const { made, context } = credential('api://AzureADTokenExchange');
  const { token } = await made.getToken('https://management.azure.com/.default');
  expect(context.ledger.living('azure').map((entry) => entry.secrets)).toEqual([[token]]);
});

it('reports the refusal', async () => {
  const { made } = credential('api://Other');
  await expect(made.getToken('https://management.azure.com/.default')).rejects.toThrow(
    /700212.*presented assertion audience 'api:\/\/Other'/s,
  );
});
