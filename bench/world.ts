// The world as a process of its own, so that its work is not counted as a contestant's: started and asked through messages.
// Arguments: milliseconds a request, milliseconds a new connection.
import { defaultVaultTrust } from '../sandbox/vault/default-trust.ts';
import type { VaultTrust } from '../sandbox/vault/trust.ts';
import { startWorld } from '../sandbox/world.ts';
import { SECRETS } from './jobs.ts';

/** First message: what a process needs to live in the world, and to be the job that it trusts. */
export interface Opened {
  readonly env: Readonly<Record<string, string>>;
  readonly requestUrl: string;
  readonly requestToken: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Answer to every message: one request each, since the last. */
export interface Asked {
  readonly operation: string;
  readonly start: number;
  readonly end: number;
  readonly outcome: number | string;
}

const [latencyMs, connectMs] = process.argv.slice(2).map(Number);
const world = await startWorld({
  latencyMs: latencyMs ?? 0,
  connectMs: connectMs ?? 0,
  trust: { vault: filledVault() },
});
const { requestUrl, requestToken } = world.github;
process.send?.({ env: world.env(), requestUrl, requestToken, claims: world.github.claims() } satisfies Opened);

process.on('message', () => process.send?.(world.traffic.splice(0).map(askedOf)));
process.on('disconnect', () => void world.stop());

function askedOf({ service, operation, start, end, outcome }: (typeof world.traffic)[number]): Asked {
  return { operation: `${service} ${operation}`, start, end: end ?? start, outcome: outcome ?? 'unanswered' };
}

function filledVault(): VaultTrust {
  const { servers } = defaultVaultTrust();
  const secrets = Object.fromEntries(
    Array.from({ length: SECRETS }, (_, i) => [`bench-${i + 1}`, { value: `the value of secret number ${i + 1}` }]),
  );
  return {
    servers: servers.map((server) => ({
      ...server,
      secrets: { ...server.secrets, secret: { type: 'kv', version: 2, secrets } },
    })),
  };
}
