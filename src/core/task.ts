// One cloud's part of the step: a provider tied to the request that its inputs made.
import type { Checked } from './checked.ts';
import type { Claims } from './claims.ts';
import type { Documents } from './documents.ts';
import type { Failure } from './failure.ts';
import type { Grant, Keep } from './grant.ts';
import type { Send } from './http.ts';
import { type Cloud, type InputSource, type InputTable, readTable } from './input.ts';
import type { Processes } from './ports.ts';
import type { Finding } from './probe.ts';
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

/** A failure with its cause named; and the trust, where another one would mend it. */
export interface Counselled {
  readonly failure: Failure;
  /** Lines for the log. */
  readonly trust: readonly string[];
  readonly documents?: Documents;
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
  /** Whether this refusal may pass by itself while a trust is new. Absent where no refusal of this cloud does. */
  readonly lags?: (failure: Failure) => Promise<boolean>;
  counsel(failure: Failure, claims: Claims): Promise<Counselled>;
  /** The trust that would accept these claims, in every form. */
  documents(claims: Claims): Promise<Documents>;
  /** What the authority tells without a credential. Never rejects. */
  probe(send: Send): Promise<readonly Finding[]>;
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
    ...(parts.loadLag && { lags: async (failure) => (await parts.loadLag?.())?.(failure) ?? false }),
    async counsel(failure, ofJob) {
      const claims = addressed(ofJob, parts.plan(request));
      const { advise, trust, documents, TRUST_IDS: trustIds } = await parts.loadCounsel();
      const advised = advise(failure, request, claims);
      if (!trustIds.has(advised.id)) return { failure: advised, trust: [] };
      return {
        failure: advised,
        trust: trust(request, claims, advised),
        documents: documents(request, claims, advised),
      };
    },
    documents: async (claims) => (await parts.loadCounsel()).documents(request, addressed(claims, parts.plan(request))),
    probe: async (send) => (await parts.loadProbe())(request, send),
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

/** The claims of the token that this cloud was shown: those of the job's other tokens differ in the audience alone. */
function addressed(claims: Claims, { audiences }: Plan): Claims {
  const [audience] = Object.values(audiences);
  return audience === undefined ? claims : { ...claims, aud: audience };
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
