// Vault and OpenBao as the stories see them.

import { provider } from '../../core/task.ts';
import { vaultInputs } from './inputs.ts';
import { checkVault, type VaultRequest } from './request.ts';
import { callOf } from './secrets.ts';

function calls({ secrets }: VaultRequest, writes: boolean): number {
  return new Set(secrets.filter(({ method }) => (method !== undefined) === writes).map(callOf)).size;
}

export const vault = provider({
  cloud: 'vault',
  title: 'Vault',
  inputs: vaultInputs,
  askedBy: 'url',
  check: checkVault,
  plan: (request) => ({
    audiences: { exchange: request.audience },
    hosts: [request.url],
    summary: `Vault: log in to ${request.url} as ${request.role ?? "the mount's default role"}, read ${calls(request, false)} paths${calls(request, true) > 0 ? ` and write ${calls(request, true)}` : ''}`,
  }),
  identifiers: () => [],
  settings: (request) => ({
    'vault-url': request.url,
    ...(request.namespace && { 'vault-namespace': request.namespace }),
    ...(request.authNamespace && { 'vault-auth-namespace': request.authNamespace }),
  }),
  loadExchange: async () => (await import('./exchange.ts')).exchange,
  loadCounsel: async () => ({ ...(await import('./advice.ts')), ...(await import('./trust.ts')) }),
});
