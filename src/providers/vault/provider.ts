// Vault and OpenBao as the stories see them.

import { provider } from '../../core/task.ts';
import { vaultInputs } from './inputs.ts';
import { checkVault } from './request.ts';

export const vault = provider({
  cloud: 'vault',
  title: 'Vault',
  inputs: vaultInputs,
  askedBy: 'url',
  check: checkVault,
  plan: (request) => ({
    audiences: { exchange: request.audience },
    hosts: [request.url],
    summary: `Vault: log in to ${request.url} as ${request.role ?? "the mount's default role"}, read ${new Set(request.secrets.map((s) => s.path)).size} paths`,
  }),
  identifiers: () => [],
  // Whether anything ends early is known once the server has said how long it gives.
  keeps: ({ lifetime }) => (lifetime === undefined ? undefined : 'late'),
  settings: (request) => ({
    'vault-url': request.url,
    ...(request.namespace && { 'vault-namespace': request.namespace }),
    ...(request.authNamespace && { 'vault-auth-namespace': request.authNamespace }),
  }),
  loadExchange: async () => (await import('./exchange.ts')).exchange,
  loadCounsel: async () => ({ ...(await import('./advice.ts')), ...(await import('./trust.ts')) }),
});
