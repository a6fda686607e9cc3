// Vault and OpenBao as the stories see them.

import { provider } from '../../core/task.ts';
import { vaultInputs } from './inputs.ts';
import { checkVault, type VaultRequest } from './request.ts';
import { placeOf } from './secrets.ts';

export const vault = provider({
  cloud: 'vault',
  title: 'Vault',
  inputs: vaultInputs,
  askedBy: 'url',
  check: checkVault,
  plan: (request) => ({
    audiences: { exchange: request.audience },
    hosts: connections(request),
    summary: `Vault: log in to ${request.url} as ${request.role ?? "the mount's default role"}, read ${places(request)} paths`,
  }),
  identifiers: () => [],
  // Whether anything ends early is known once the server has said how long it gives.
  keeps: ({ lifetime }) => (lifetime === undefined ? undefined : 'late'),
  settings: (request) => ({
    'vault-url': request.url,
    ...(request.namespace && { 'vault-namespace': request.namespace }),
    ...(request.authNamespace && { 'vault-auth-namespace': request.authNamespace }),
  }),
  loadExchange: () => import('./exchange.ts'),
  loadCounsel: async () => ({ ...(await import('./advice.ts')), ...(await import('./trust.ts')) }),
});

/** How many different things are read. */
function places(request: VaultRequest): number {
  return new Set(request.secrets.map(placeOf)).size;
}

/** The reads run side by side, each in a connection of its own; the transport has eight to a host. */
function connections(request: VaultRequest): string[] {
  return Array.from({ length: Math.min(8, Math.max(1, places(request))) }, () => request.url);
}
