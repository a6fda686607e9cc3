// One cloud's part of the step: a provider tied to the request that its inputs made.
import type { Checked } from './checked.ts';
import type { Claims } from './claims.ts';
import type { Failure } from './failure.ts';
import type { Grant, Keep } from './grant.ts';
import { type Cloud, type InputSource, type InputTable, readTable } from './input.ts';
import type { Processes } from './ports.ts';
import type { Connection, ExchangePorts, Identities, KeeperWish, Plan, Provider, ReadPem, Terms } from './provider.ts';

/** A provider bound to its own table and request, so that a list of them can be walked. */
export interface AnyProvider {
  readonly cloud: Cloud;
  readonly title: string;
  readonly inputs: InputTable;
  readonly askedBy: string;
  /** Undefined: this cloud was not asked for. */
  read(source: InputSource, terms: Terms, readPem: ReadPem): Checked<Task | undefined>;
}

/** The heavy half of a task. */
export interface Run {
  exchange(identities: Identities, ports: ExchangePorts, keep: Keep): Promise<Grant>;
  /** Makes the SDK ready for its first call, without a request. */
  rehearse(): Promise<void>;
}

/** One cloud's part of the step: a checked request, closed over its provider. */
export interface Task {
  readonly cloud: Cloud;
  readonly title: string;
  readonly plan: Plan;
  readonly identifiers: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  /** The checked request: plain data, so that the keeper can be given it. */
  readonly request: unknown;
  /** When it wants the keeper, if at all. */
  readonly keeps?: KeeperWish;
  readonly connection: Connection | undefined;
  /** Before a token is minted: rejects with a `Failure` where this machine lacks what the exchange needs. */
  prepare(processes: Processes): Promise<void>;
  /** Loads the heavy half. */
  load(): Promise<Run>;
  counsel(failure: Failure, claims: Claims): Promise<{ failure: Failure; trust: readonly string[] }>;
}

/** Ties a provider's types together. */
export function provider<Table extends InputTable, Request>(parts: Provider<Table, Request>): AnyProvider {
  const { cloud, title, inputs, askedBy } = parts;
  const task = (request: Request, keeps: KeeperWish | undefined): Task => ({
    cloud,
    title,
    request,
    ...(keeps && { keeps }),
    plan: parts.plan(request),
    identifiers: parts.identifiers(request),
    settings: parts.settings(request),
    connection: parts.connection?.(request),
    async prepare(processes) {
      await parts.prepare?.(request, processes);
    },
    async load() {
      const { exchange, rehearse } = await parts.loadExchange();
      return {
        exchange: (identities, ports, keep) => exchange(request, identities, ports, keep),
        rehearse: async () => rehearse?.(),
      };
    },
    async counsel(failure, claims) {
      const { advise, trust, TRUST_IDS: trustIds } = await parts.loadCounsel();
      const advised = advise(failure, request, claims);
      return { failure: advised, trust: trustIds.has(advised.id) ? trust(request, claims, advised) : [] };
    },
  });
  return {
    cloud,
    title,
    inputs,
    askedBy,
    read(source, terms, readPem) {
      const asked = source(inputs[askedBy]?.name ?? '')?.trim();
      if (!asked) return unasked(inputs, askedBy, source);
      const values = readTable(inputs, source);
      if (!values.ok) return values;
      const request = parts.check(values.value, terms, readPem);
      return request.ok ? { ok: true, value: task(request.value, parts.keeps?.(request.value, terms)) } : request;
    },
  };
}

/** An input of a cloud that was not asked for is an error: never a silently dropped cloud. */
function unasked(inputs: InputTable, askedBy: string, source: InputSource): Checked<undefined> {
  const key = inputs[askedBy]?.name;
  const stray = Object.values(inputs).filter((field) => {
    const text = source(field.name)?.trim();
    return text !== undefined && text !== '' && text !== field.default;
  });
  if (stray.length === 0) return { ok: true, value: undefined };
  const problems = stray.map((field) => ({
    id: 'inputs/not-asked',
    message: `${field.name}: was given, but ${key} is empty, so nothing would use it. Set ${key}, or remove ${field.name}.`,
  }));
  return { ok: false, problems };
}
