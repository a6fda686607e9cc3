// What a cloud is to the stories: its inputs, its plan, and, loaded only when asked for, its exchange and its endings.
import type { Budget } from './budget.ts';
import type { Checked } from './checked.ts';
import type { Claims } from './claims.ts';
import type { Failure } from './failure.ts';
import type { Grant, Keep } from './grant.ts';
import type { Send } from './http.ts';
import { type Cloud, type InputSource, type InputTable, readTable, type Values } from './input.ts';
import type { Debt } from './ledger.ts';
import type { Clock, Random } from './ports.ts';
import type { RetryPolicy } from './retry.ts';
import type { Secret } from './secret.ts';

/** The common inputs that exchanges need. Plain data. */
export interface Terms {
  /** Seconds. */
  readonly lifetime: number;
  /** Whether the user set it: then giving more is worth a warning. */
  readonly lifetimeGiven: boolean;
  readonly revoke: boolean;
}

/** Who the job is, as the runner's environment says. Plain data; for names and user agents, never for trust. */
export interface Job {
  readonly repository?: string;
  readonly repositoryId?: string;
  readonly runId?: string;
  readonly runAttempt?: string;
  readonly serverUrl: string;
  readonly eventName?: string;
  readonly actor?: string;
  readonly step?: string;
  /** Where identity tokens are minted; useless without the request token. */
  readonly requestUrl?: string;
}

export interface Identity {
  readonly token: Secret;
  readonly claims: Claims;
}

/** The identity tokens of one cloud: by use, each with its own audience, minted before any exchange starts. */
export interface Identities {
  get(use: string): Identity;
  /** Mints the token of this use anew, for an authority that found the first one too old. */
  renew(use: string): Promise<Identity>;
}

export interface ExchangePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly budget: Budget;
  /** The transport, one try. */
  readonly send: Send;
  /** The transport with patience. */
  readonly patient: (policy: RetryPolicy) => Send;
  readonly job: Job;
}

/** What one cloud will need: tokens by use with their audiences, and the hosts to connect to while these are minted. */
export interface Plan {
  readonly audiences: Readonly<Record<string, string>>;
  readonly hosts: readonly string[];
  /** One line: who will become what. */
  readonly summary: string;
}

export type ExchangeFunction<Request> = (
  request: Request,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
) => Promise<Grant>;

/** What advice is made from: the failure, what was asked, and whom the token says we are. */
export interface Counsel<Request> {
  /** The failure with its cause named and what to do; the same one where nothing is known. */
  advise(failure: Failure, request: Request, claims: Claims): Failure;
  /** The trust that would accept these claims, ready to paste, as lines; empty where none may be generated (INVARIANTS 4). */
  trust(request: Request, claims: Claims): readonly string[];
  /** Ids of failures that another trust would mend. */
  readonly TRUST_IDS: ReadonlySet<string>;
}

export interface Provider<Table extends InputTable, Request> {
  readonly cloud: Cloud;
  readonly title: string;
  readonly inputs: Table;
  /** Key of the input that asks for this cloud. */
  readonly askedBy: keyof Table & string;
  /** From texts to a checked request: plain data, so that it can be handed to another process. */
  check(values: Values<Table>, terms: Terms): Checked<Request>;
  plan(request: Request): Plan;
  /** Account, tenant, project and client ids, for `mask-identifiers`. */
  identifiers(request: Request): readonly string[];
  /** What post decides by; saved in state before the first exchange. */
  settings(request: Request): Readonly<Record<string, string>>;
  /** The heavy half, in a chunk of its own: the SDK comes with it. */
  loadExchange(): Promise<ExchangeFunction<Request>>;
  /** Loaded when something failed. */
  loadCounsel(): Promise<Counsel<Request>>;
}

/** A provider bound to its own table and request, so that a list of them can be walked. */
export interface AnyProvider {
  readonly cloud: Cloud;
  readonly title: string;
  readonly inputs: InputTable;
  readonly askedBy: string;
  /** Undefined: this cloud was not asked for. */
  read(source: InputSource, terms: Terms): Checked<Task | undefined>;
}

/** One cloud's part of the step: a checked request, closed over its provider. */
export interface Task {
  readonly cloud: Cloud;
  readonly title: string;
  readonly plan: Plan;
  readonly identifiers: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  /** Loads the heavy half; resolves with what runs the exchange. */
  load(): Promise<(identities: Identities, ports: ExchangePorts, keep: Keep) => Promise<Grant>>;
  counsel(failure: Failure, claims: Claims): Promise<{ failure: Failure; trust: readonly string[] }>;
}

/** Ties a provider's types together. */
export function provider<Table extends InputTable, Request>(parts: Provider<Table, Request>): AnyProvider {
  const { cloud, title, inputs, askedBy } = parts;
  const task = (request: Request): Task => ({
    cloud,
    title,
    plan: parts.plan(request),
    identifiers: parts.identifiers(request),
    settings: parts.settings(request),
    async load() {
      const run = await parts.loadExchange();
      return (identities, ports, keep) => run(request, identities, ports, keep);
    },
    async counsel(failure, claims) {
      const { advise, trust, TRUST_IDS: trustIds } = await parts.loadCounsel();
      const advised = advise(failure, request, claims);
      return { failure: advised, trust: trustIds.has(advised.id) ? trust(request, claims) : [] };
    },
  });
  return {
    cloud,
    title,
    inputs,
    askedBy,
    read(source, terms) {
      const asked = source(inputs[askedBy]?.name ?? '')?.trim();
      if (!asked) return unasked(inputs, askedBy, source);
      const values = readTable(inputs, source);
      if (!values.ok) return values;
      const request = parts.check(values.value, terms);
      return request.ok ? { ok: true, value: task(request.value) } : request;
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

/** How one debt ended, as far as servers confirmed it. */
export type Outcome =
  | { readonly how: 'revoked' | 'queued' | 'removed' | 'restored' | 'left' | 'gone'; readonly note?: string }
  | { readonly how: 'expires'; readonly at?: number; readonly note?: string }
  | { readonly how: 'failed'; readonly failure: Failure };

export interface Ended {
  readonly cloud: string;
  /** What ended: `Vault lease database/creds/readonly`. */
  readonly what: string;
  readonly outcome: Outcome;
}

export interface EndingPorts {
  readonly clock: Clock;
  readonly budget: Budget;
  readonly patient: (policy: RetryPolicy) => Send;
  /** Whether `revoke` was true. */
  readonly revoke: boolean;
  readonly settings: (name: string) => string | undefined;
}

/** The light half that post loads: what this cloud's debts are and how they end. */
export interface Endings {
  /** Ends all debts of this cloud, in the order that is right for it. Never throws: each debt gets an outcome. */
  end(debts: readonly Debt[], ports: EndingPorts): Promise<readonly Ended[]>;
}
