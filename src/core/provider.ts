// What a cloud is to the stories: its inputs, its plan, and, loaded only when asked for, its exchange and its endings.
import type { Budget } from './budget.ts';
import type { Checked } from './checked.ts';
import type { Claims } from './claims.ts';
import type { Documents } from './documents.ts';
import type { Failure } from './failure.ts';
import type { Grant, Keep } from './grant.ts';
import type { Send } from './http.ts';
import type { Cloud, InputTable, Values } from './input.ts';
import type { Clock, HostTls, Processes, Random } from './ports.ts';
import type { Finding } from './probe.ts';
import type { RetryPolicy } from './retry.ts';
import type { Secret } from './secret.ts';
import type { StepFolder } from './step-folder.ts';

/** The common inputs that exchanges need. Plain data. */
export interface Terms {
  /** Seconds. */
  readonly lifetime: number;
  /** Whether the user set it: then giving more is worth a warning. */
  readonly lifetimeGiven: boolean;
  readonly revoke: boolean;
  /** The clouds whose credentials become outputs. */
  readonly outputs: ReadonlySet<Cloud>;
  readonly keepFresh: KeepFresh;
}

/** The `keep-fresh` input: where a consumer could not otherwise reach `lifetime`, everywhere it can, or nowhere. */
export type KeepFresh = 'auto' | 'always' | 'never';

/** When a task wants the step's keeper: from the start, or only once its exchange has seen that it needs one. */
export type KeeperWish = 'early' | 'late';

/** The background process of the step, as a grant sees it. */
export interface Keeper {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Until when it keeps, milliseconds. */
  readonly until: number;
  /** What a consumer of this cloud has to show it; masked. */
  secret(cloud: Cloud): Secret;
  /** Whether clients that follow the proxy variables would take this origin to the proxy, where it leads nowhere and shows the secret. */
  readonly behindProxy: boolean;
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
  readonly processes: Processes;
  /** For what a child process reads and writes before anything is delivered. */
  readonly folder: StepFolder;
  /** A line for the log: what the user should know at once. */
  readonly say: (line: string) => void;
  /**
   * The step's keeper, for what a grant would have kept fresh. Resolves with undefined where there is none: what ends earlier is then said.
   * Throws `keeper/not-started` where `keep-fresh` demands one.
   */
  readonly keeper?: () => Promise<Keeper | undefined>;
}

/** What one cloud will need: tokens by use with their audiences, and the hosts to connect to while these are minted. */
export interface Plan {
  readonly audiences: Readonly<Record<string, string>>;
  readonly hosts: readonly string[];
  /** One line: who will become what. */
  readonly summary: string;
}

/** What one cloud's server asks of the way to it, beyond what every host gets. */
export interface Connection {
  /** By `URL.host`. */
  readonly tls: Readonly<Record<string, HostTls>>;
  /** What inputs held, by their names: state has its fingerprints, and post reads the inputs again (INVARIANTS 12). */
  readonly reread: Readonly<Record<string, string>>;
  /** Masked before anything is sent. */
  readonly secrets: readonly string[];
  /** Warnings that come before everything else. */
  readonly cautions: readonly string[];
}

/**
 * Reads PEM from an input that is a text, its base64, or a path: certificates, or with `keyOf` the private key that fits that certificate,
 * which must be valid now. Throws `inputs/invalid`.
 */
export type ReadPem = (name: string, given: string, keyOf?: { readonly name: string; readonly pem: string }) => string;

export type ExchangeFunction<Request> = (
  request: Request,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
) => Promise<Grant>;

/** The heavy half of a provider. */
export interface Exchanging<Request> {
  readonly exchange: ExchangeFunction<Request>;
  /** Makes the SDK ready for its first call, without a request. */
  rehearse?(): Promise<void>;
}

/** What advice is made from: the failure, what was asked, and whom the token says we are. */
export interface Counsel<Request> {
  /** The failure with its cause named and what to do; the same one where nothing is known. */
  advise(failure: Failure, request: Request, claims: Claims): Failure;
  /**
   * The trust that would accept these claims, ready to paste, as lines for the log; where none may be generated, the one that says why
   * (INVARIANTS 4). `failure`: what it is to mend.
   */
  trust(request: Request, claims: Claims, failure?: Failure): readonly string[];
  /** The same in every form. */
  documents(request: Request, claims: Claims, failure?: Failure): Documents;
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
  check(values: Values<Table>, terms: Terms, readPem: ReadPem): Checked<Request>;
  plan(request: Request): Plan;
  /** Account, tenant, project and client ids, for `mask-identifiers`. */
  identifiers(request: Request): readonly string[];
  /** What post decides by; saved in state before the first exchange. */
  settings(request: Request): Readonly<Record<string, string>>;
  /** Where a server of the user's own is spoken to in its own way. */
  connection?(request: Request): Connection;
  /** Refuses what this machine lacks, before a token is minted. Rejects with a `Failure`. */
  prepare?(request: Request, processes: Processes): Promise<void>;
  /** Whether what this request gives has to be kept fresh; absent or undefined: never. */
  keeps?(request: Request, terms: Terms): KeeperWish | undefined;
  /** The heavy half, in a chunk of its own: the SDK comes with it. */
  loadExchange(): Promise<Exchanging<Request>>;
  /** Whether a refusal is one that a fresh trust causes for some minutes; loaded for `propagation-wait`. Absent: there is none. */
  loadLag?(): Promise<(failure: Failure) => boolean>;
  /** Asks what the authority tells without a credential; loaded for `check-only`. Never rejects. */
  loadProbe(): Promise<(request: Request, send: Send) => Promise<readonly Finding[]>>;
  /** Loaded when something failed. */
  loadCounsel(): Promise<Counsel<Request>>;
}
