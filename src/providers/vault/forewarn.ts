// What the login's answer tells of the term, before anything is made that would end too early.
import type { ExchangePorts } from '../../core/provider.ts';
import { iso } from '../../core/time.ts';
import { makes } from './engine-paths.ts';
import type { VaultToken } from './exchange.ts';
import type { VaultRequest } from './request.ts';
import type { SecretRequest } from './secrets.ts';

/** Warnings where a token ends before the `lifetime` that was set; else only said. A lease does not say that its token ends before it (facts: real-parts 1.5). */
export function forewarned(
  token: VaultToken,
  places: readonly SecretRequest[],
  { lifetime }: VaultRequest,
  ports: ExchangePorts,
): string[] {
  if (!places.some(makes) || token.expiresAt === undefined) return [];
  const seconds = Math.round((token.expiresAt - ports.clock.now()) / 1000);
  if (lifetime !== undefined && seconds < lifetime) {
    return [
      `The Vault token lives for ${seconds} s, shorter than lifetime: whatever is leased with it ends with it, at ${iso(token.expiresAt)}. Raise token_ttl of the role.`,
    ];
  }
  ports.say(`What is leased with the Vault token ends with it, at ${iso(token.expiresAt)} at the latest.`);
  return [];
}
