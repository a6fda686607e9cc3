// What the login's answer already tells of how the step will end: said before anything is made that would end too early.
import { Failure } from '../../core/failure.ts';
import type { ExchangePorts } from '../../core/provider.ts';
import { iso } from '../../core/time.ts';
import { effectOf } from './engine-paths.ts';
import type { VaultToken } from './exchange.ts';
import { placesOf } from './read.ts';
import type { VaultRequest } from './request.ts';

/**
 * Warnings for the step, which are also said at once. Throws `vault/token-uses` where the token cannot do what the lines ask for: each request is a use, and
 * with the last one the server ends the token and all that hangs on it (facts: vault 3.1).
 */
export function forewarn(request: VaultRequest, token: VaultToken, ports: ExchangePorts): string[] {
  const calls = placesOf(request);
  const makes = calls.filter(({ path, method }) => effectOf(path, method) === 'makes').length;
  refuseTooFew(calls.length, makes, token.uses);
  const warnings = [
    ...usesWarning(calls.length, makes, token.uses, request),
    ...termWarning(makes, token, request, ports),
  ];
  for (const warning of warnings) ports.say(warning);
  return warnings;
}

function refuseTooFew(calls: number, makes: number, uses: number): void {
  const needed = makes > 0 ? calls + 1 : calls;
  if (uses === 0 || uses >= needed) return;
  throw new Failure(
    'vault/token-uses',
    `The token may be used ${times(uses)}, but the lines of vault-secrets take ${times(needed)}${makes > 0 ? ', for with its last use the server ends the token and every lease' : ''}; nothing was read`,
    {},
    [
      `Set token_num_uses of the role to 0 (no limit), or to ${needed + makes + 1} or more: each call is one use, and the post step's revocations are some.`,
    ],
  );
}

function usesWarning(calls: number, makes: number, uses: number, { exportToken }: VaultRequest): string[] {
  if (uses === 0) return [];
  const left = uses - calls;
  if (makes > 0 && left < makes + 1) {
    return [
      `The Vault token has ${times(left)} left after the reads, and post needs ${makes + 1}: what it cannot revoke ends with the token. Raise token_num_uses of the role, or set it to 0.`,
    ];
  }
  return exportToken
    ? [`VAULT_TOKEN can be used ${times(left)} by later steps and post together (token_num_uses of the role).`]
    : [];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** A lease says for how long it would run, not that its token ends before (facts: real-parts 1.5). */
function termWarning(makes: number, token: VaultToken, { lifetime }: VaultRequest, ports: ExchangePorts): string[] {
  if (makes === 0 || token.expiresAt === undefined) return [];
  const seconds = Math.round((token.expiresAt - ports.clock.now()) / 1000);
  if (lifetime !== undefined && seconds < lifetime) {
    return [
      `The Vault token lives for ${seconds} s, shorter than lifetime: whatever is leased with it ends with it, at ${iso(token.expiresAt)}. Raise token_ttl of the role.`,
    ];
  }
  ports.say(`What is leased with the Vault token ends with it, at ${iso(token.expiresAt)} at the latest.`);
  return [];
}
