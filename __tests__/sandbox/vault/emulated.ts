// The emulated server as a stage for the table, and for the tests that look into the ledger.
import { WorldClock } from '../../../sandbox/clock.ts';
import { Ledger } from '../../../sandbox/ledger.ts';
import type { Reply, Service } from '../../../sandbox/service.ts';
import { vaultService } from '../../../sandbox/vault/service.ts';
import type { VaultTrust } from '../../../sandbox/vault/trust.ts';
import { issuer } from './job.ts';
import type { Got, Sent, Stage } from './play.ts';

export interface Emulated extends Stage {
  readonly clock: WorldClock;
  readonly ledger: Ledger;
  readonly service: Service;
  readonly trust: VaultTrust;
  answer(request: Sent, host?: string): Promise<Reply>;
}

export function emulated(trust: VaultTrust): Emulated {
  const clock = new WorldClock();
  const ledger = new Ledger(clock);
  const service = vaultService({ clock, ledger, issuer, trust: () => trust });
  const answer = async (request: Sent, host = 'vault.example.com'): Promise<Reply> => {
    const { method, path, headers, body } = request;
    return service.answer({ host, method, path, url: new URL(`https://${host}${path}`), headers, body });
  };
  return {
    clock,
    ledger,
    service,
    trust,
    answer,
    now: () => clock.seconds(),
    pass: (seconds) => clock.advance(seconds * 1000),
    databaseDown: async () => switchDatabases(trust, false),
    send: async (request): Promise<Got> => {
      const { status, body = '' } = await answer(request);
      return { status, body };
    },
  };
}

/** Stops or starts every database of the root namespaces. */
export function switchDatabases(trust: VaultTrust, up: boolean): void {
  for (const mount of trust.servers.flatMap((server) => Object.values(server.secrets)))
    if (mount.type === 'database') mount.up = up;
}
