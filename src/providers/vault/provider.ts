// Vault and OpenBao as the stories see them.

import { provider } from '../../core/task.ts';
import { connectionOf, SKIP } from './connection.ts';
import { vaultInputs } from './inputs.ts';
import { checkVault, type VaultRequest } from './request.ts';
import { callOf } from './secrets.ts';

export const vault = provider({
  cloud: 'vault',
  title: 'Vault',
  inputs: vaultInputs,
  askedBy: 'url',
  check: checkVault,
  plan: (request) => ({
    audiences: { exchange: request.audience },
    hosts: connections(request),
    summary: `Vault: log in to ${request.url} as ${request.role ?? "the mount's default role"}${work(request)}`,
  }),
  identifiers: () => [],
  // Whether anything ends early is known once the server has said how long it gives.
  keeps: ({ keepFor }) => (keepFor === undefined ? undefined : 'late'),
  settings: (request) => ({
    'vault-url': request.url,
    ...(request.namespace && { 'vault-namespace': request.namespace }),
    ...(request.authNamespace && { 'vault-auth-namespace': request.authNamespace }),
    ...(request.connection?.tls?.skipVerify && { [SKIP]: 'true' }),
  }),
  connection: connectionOf,
  loadExchange: () => import('./exchange.ts'),
  loadProbe: async () => (await import('./probe.ts')).probe,
  loadCounsel: async () => ({ ...(await import('./advice.ts')), ...(await import('./trust.ts')) }),
});

/** `, read 2 paths and write to 1 path`; empty where the login is all. */
function work(request: VaultRequest): string {
  const parts = [['read', calls(request, false)] as const, ['write to', calls(request, true)] as const].flatMap(
    ([verb, count]) => (count > 0 ? [`${verb} ${count} ${count === 1 ? 'path' : 'paths'}`] : []),
  );
  return parts.length > 0 ? `, ${parts.join(' and ')}` : '';
}

/** How many different calls read, or write. */
function calls({ secrets }: VaultRequest, writes: boolean): number {
  return new Set(secrets.filter(({ method }) => (method !== undefined) === writes).map(callOf)).size;
}

/** The calls run side by side, each in a connection of its own, and what is asked beside them; the transport has eight to a host. */
function connections(request: VaultRequest): string[] {
  const all = calls(request, false) + calls(request, true);
  return Array.from({ length: Math.min(8, all + 1) }, () => request.url);
}
