// Between the server and its engines: the call that an engine gets, what it keeps between calls, and what it writes into the ledger.
import { randomUUID } from 'node:crypto';
import type { Entry } from '../ledger.ts';
import type { VaultContext } from './context.ts';
import type { EngineCall, RecordExtra } from './engine.ts';
import { cubbyhole } from './engines/kv-one.ts';
import type { Request } from './requests.ts';
import { mountAt } from './system.ts';
import type { VaultToken } from './tokens.ts';
import type { Fields, SecretMount, VaultServer } from './trust.ts';
import type { Outcome } from './wire.ts';

/** A request that has a token and a body. */
export interface Authenticated {
  readonly request: Request;
  readonly body: Record<string, unknown>;
  readonly token: VaultToken;
}

export class EngineDesk {
  readonly #context: VaultContext;
  readonly #server: () => VaultServer;
  readonly #holes = new Map<VaultToken, Map<string, Fields>>();
  /** By namespace and mount. */
  readonly #memories = new Map<string, unknown>();

  constructor(context: VaultContext, server: () => VaultServer) {
    this.#context = context;
    this.#server = server;
  }

  /** The call for a mount at a path; the engine sees what lies below it. */
  call<Mount extends SecretMount>(asked: Authenticated, at: string, mount: Mount): EngineCall<Mount> {
    const { namespace } = asked.request;
    const key = `${namespace}${at}`;
    return {
      ...this.#below(asked, at),
      mount,
      mountNow: () => mountAt(this.#server(), namespace, at)?.mount as Mount | undefined,
      memory: (make) => {
        if (!this.#memories.has(key)) this.#memories.set(key, make());
        return this.#memories.get(key) as ReturnType<typeof make>;
      },
      record: (kind, secrets, extra = {}) => this.#record(kind, secrets, extra, key, asked.token),
    };
  }

  cubbyhole(asked: Authenticated): Outcome {
    const hole = this.#holes.get(asked.token) ?? new Map<string, Fields>();
    this.#holes.set(asked.token, hole);
    return cubbyhole(this.#below(asked, 'cubbyhole'), hole);
  }

  holds(token: VaultToken, path: string): boolean {
    return this.#holes.get(token)?.has(path) ?? false;
  }

  /** A token takes its cubbyhole with it. */
  forget(token: VaultToken): void {
    this.#holes.delete(token);
  }

  #below({ request, body, token }: Authenticated, at: string) {
    const { operation, path, query, headers } = request;
    const { flavour } = this.#server();
    return {
      operation,
      path: path.slice(at.length + 1),
      body,
      query,
      headers,
      token,
      flavour,
      clock: this.#context.clock,
    };
  }

  #record(kind: string, secrets: readonly string[], extra: RecordExtra, mount: string, token: VaultToken): Entry {
    const id = extra.id ?? randomUUID();
    const scope = extra.id === undefined ? mount : `${mount}/${extra.id}`;
    const known = extra.once
      ? this.#context.ledger.all('vault').find((entry) => entry.scope === scope && entry.kind === kind)
      : undefined;
    if (known && secrets.every((value) => known.secrets.includes(value))) return known;
    const entry = {
      id,
      service: 'vault',
      kind,
      holder: token.displayName,
      scope,
      revocable: extra.revocable ?? false,
      secrets,
    };
    return this.#context.ledger.issue({
      ...entry,
      ...(extra.expiresAt !== undefined && { expiresAt: extra.expiresAt }),
    });
  }
}
