// Vault and OpenBao as the stories see them.

import { provider } from '../../core/task.ts';
import { connectionOf, SKIP } from './connection.ts';
import { vaultInputs } from './inputs.ts';
import { checkVault, type VaultRequest } from './request.ts';

/** As many reads as run at a time. */
const PARALLEL = 8;
const pathsOf = (request: VaultRequest) => new Set(request.secrets.map((s) => s.path)).size;

export const vault = provider({
  cloud: 'vault',
  title: 'Vault',
  inputs: vaultInputs,
  askedBy: 'url',
  check: checkVault,
  plan: (request) => ({
    audiences: { exchange: request.audience },
    // One connection a read that runs beside the others, and one for what is asked beside them.
    hosts: Array<string>(Math.min(PARALLEL, pathsOf(request) + 1)).fill(request.url),
    summary: `Vault: log in to ${request.url} as ${request.role ?? "the mount's default role"}, read ${pathsOf(request)} paths`,
  }),
  identifiers: () => [],
  settings: (request) => ({
    'vault-url': request.url,
    ...(request.namespace && { 'vault-namespace': request.namespace }),
    ...(request.authNamespace && { 'vault-auth-namespace': request.authNamespace }),
    ...(request.connection?.tls?.skipVerify && { [SKIP]: 'true' }),
  }),
  connection: connectionOf,
  loadExchange: async () => (await import('./exchange.ts')).exchange,
  loadCounsel: async () => ({ ...(await import('./advice.ts')), ...(await import('./trust.ts')) }),
});
