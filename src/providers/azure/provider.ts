// Azure as the stories see it.

import { provider } from '../../core/task.ts';
import { azureInputs } from './inputs.ts';
import { CLI_USE, checkAzure, FILE_USE, TOKEN_FILE_LIFE, useOf } from './request.ts';

export const azure = provider({
  cloud: 'azure',
  title: 'Azure',
  inputs: azureInputs,
  askedBy: 'clientId',
  check: checkAzure,
  plan: (request) => ({
    audiences: {
      ...Object.fromEntries(request.scopes.map((scope) => [useOf(scope), request.audience])),
      ...(request.consumers.includes('sdk') && { [FILE_USE]: request.audience }),
      ...(request.consumers.includes('cli') && { [CLI_USE]: request.audience }),
    },
    hosts: request.scopes.map(() => request.authority),
    summary: `Azure: sign in as ${request.clientId} in tenant ${request.tenantId} for ${request.scopes.join(', ')}`,
  }),
  identifiers: (request) => [
    request.clientId,
    request.tenantId,
    ...(request.subscriptionId ? [request.subscriptionId] : []),
  ],
  settings: () => ({}),
  // Terraform asks GitHub itself; the SDKs read a file whose token ends after five minutes, and az keeps such a token.
  keeps: ({ consumers }, { keepFresh, lifetime }) =>
    keepFresh !== 'never' && lifetime > TOKEN_FILE_LIFE && consumers.some((consumer) => consumer !== 'terraform')
      ? 'early'
      : undefined,
  async prepare(request, processes) {
    if (request.consumers.includes('cli')) await (await import('./cli-program.ts')).findAz(processes);
  },
  loadExchange: () => import('./exchange.ts'),
  loadLag: async () => (await import('./refusal.ts')).lags,
  loadProbe: async () => (await import('./probe.ts')).probe,
  loadCounsel: async () => ({ ...(await import('./advice.ts')), ...(await import('./trust.ts')) }),
});
