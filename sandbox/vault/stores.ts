// What one server remembers: its tokens, leases, wrapped answers, counters, and the engines' own memory.
import type { VaultContext } from './context.ts';
import { EngineDesk } from './engine-desk.ts';
import { LeaseStore } from './leases.ts';
import { Quotas } from './quotas.ts';
import { TokenStore, type VaultToken } from './tokens.ts';
import type { VaultServer } from './trust.ts';
import { Wrappings } from './wrapping.ts';

/** Measured: the role is gone from a healthy database 22 ms after the 204 of a token's revocation. */
const BACKGROUND_MS = 20;

export class Stores {
  readonly context: VaultContext;
  /** The server as the trust document has it now. */
  readonly server: () => VaultServer;
  readonly tokens: TokenStore;
  readonly leases: LeaseStore;
  readonly wrappings: Wrappings;
  readonly quotas: Quotas;
  readonly desk: EngineDesk;

  constructor(context: VaultContext, server: () => VaultServer) {
    const { clock, ledger } = context;
    this.context = context;
    this.server = server;
    this.tokens = new TokenStore(clock, ledger);
    this.leases = new LeaseStore(clock, ledger);
    this.wrappings = new Wrappings(clock, ledger);
    this.quotas = new Quotas(clock);
    this.desk = new EngineDesk(context, server);
  }

  /** How long after its answer a queued revocation is tried. */
  get backgroundMs(): number {
    return this.server().backgroundMs ?? BACKGROUND_MS;
  }

  /** Ends a token and its cubbyhole now, its leases a moment later. */
  end(token: VaultToken): void {
    this.tokens.revoke(token);
    this.desk.forget(token);
    this.leases.queueAllOf(token, this.backgroundMs);
  }
}
