// What the core asks of the outside. Adapters implement these; tests use literals.
import type { Request, Send } from './http.ts';
import type { Secret } from './secret.ts';

/** The workflow runner: inputs, masks, state, output. The only writer (INVARIANTS 1). */
export interface Runner {
  /** A variable of the environment; empty counts as absent. */
  env(name: string): string | undefined;
  /** The text of an input; empty counts as absent. */
  input(name: string): string | undefined;
  /** Names of all inputs the step was given, lower case. */
  inputNames(): readonly string[];
  /** A value that an earlier process of this step saved, and the names of all. Can be planted: see `ledger.ts`. */
  state(name: string): string | undefined;
  stateNames(): readonly string[];
  /** Registers every form of a secret with the runner and with our own redaction. Synchronous; before anything else uses the value. */
  mask(secret: Secret): void;
  /** Appends one pair to the step's state, synchronously. */
  save(name: string, value: string): void;
  /** A line of the log. */
  say(line: string): void;
  group(title: string, lines: readonly string[]): void;
  notice(line: string): void;
  warn(line: string): void;
  /** An annotation; does not decide how the step ends. */
  error(line: string): void;
  debug(line: string): void;
  /** Makes the step fail once the process ends by itself. */
  fail(): void;
  /** Variables for later steps, in one append; and outputs, likewise. */
  writeEnvironment(pairs: ReadonlyMap<string, string>): void;
  writeOutputs(pairs: ReadonlyMap<string, string>): void;
  /** Markdown for the job summary. */
  summarize(markdown: string): void;
}

/** The only way out to the network. */
/** Connections that were opened before the transport that will use them. */
export interface Connections {
  /** How many to the first host that was named. */
  readonly count: number;
  /** Ends those that no request has taken. */
  close(): void;
}

export interface Transport {
  /** Opens a connection ahead of the request that will use it. Never throws. */
  preconnect(url: string): void;
  /** Resolves once the connections to the first host that was named are there, or have failed, and requests have been written to them. */
  onTheWire(): Promise<void>;
  /** One try. Rejects with `NetworkFault`. Never follows a redirect. */
  readonly send: Send;
  /** Ends all connections, so that none holds the process. */
  close(): void;
}

/** How a transport is to reach a host: everything post decides by is saved in state, so this is plain data (INVARIANTS 12). */
export interface NetworkSettings {
  /** `http://[user:password@]host:port`, or undefined. */
  readonly proxy?: string;
  readonly noProxy?: string;
  /** Further trusted certificates, PEM. */
  readonly ca?: string;
  /** What differs for one host, by `URL.host`. */
  readonly tls?: Readonly<Record<string, HostTls>>;
}

/** TLS with one host. All PEM. */
export interface HostTls {
  /** In the place of every other root. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Its certificate is not checked. */
  readonly skipVerify?: true;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that nobody sets: it stands still while the machine is suspended. */
  steady(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `then` after `ms` unless stopped; returns what stops it. Does not hold the process. */
  after(ms: number, then: () => void): () => void;
}

export interface Random {
  /** In [0, 1). */
  fraction(): number;
  /** `bytes` random bytes in lower-case hex, from the system's generator. */
  hex(bytes: number): string;
  /** HMAC-SHA-256 of `value` under `key`, hex: a fingerprint that gives nothing away. */
  fingerprint(key: string, value: string): string;
}

/** The step's own folder under RUNNER_TEMP (INVARIANTS 13). */
export interface Files {
  /** Throws `files/unsafe-temp` where RUNNER_TEMP is missing or open to other users. Creates nothing. */
  checkTemp(): void;
  /** Creates the folder `name` under RUNNER_TEMP, 0700; returns its absolute path. */
  createFolder(name: string): string;
  /** Creates a file 0600 in a folder of ours; never follows a link, never overwrites. */
  createFile(folder: string, name: string, content: string | Uint8Array): void;
  /** Puts a new content in a file's place at once: whoever reads it gets the old one or the new one, whole. 0600. */
  replaceFile(folder: string, name: string, content: string): void;
  /** Removes a file of a folder of ours, if it is there. */
  removeFile(folder: string, name: string): void;
  /** Adds a line to a file of a folder of ours, which is made 0600 where it is missing. */
  appendLine(folder: string, name: string, line: string): void;
  /** The lines of a file that a process of ours wrote; none where it is missing, a link, not this user's, or longer than a journal gets. */
  readLines(folder: string, name: string): readonly string[];
  /** The absolute path of the folder `name` under RUNNER_TEMP; undefined where it is not there. */
  findFolder(name: string): string | undefined;
  /** The path of a file in a folder. */
  pathOf(folder: string, name: string): string;
  /**
   * A file of the user's: where it is, and its text. `pointed`: where a variable says that it is; else `inHome` below the home folder. A
   * file that is not there has no text; without a home folder it has no place either. Throws `files/unreadable`.
   */
  original(pointed: string | undefined, inHome: string): { readonly path?: string; readonly text: string };
  /** Creates a folder 0700 in a folder of ours; returns its path. */
  createInner(folder: string, name: string): string;
  /** The text of a file that a child process of ours wrote into a folder of ours; undefined where there is none, or too much. */
  readFile(folder: string, name: string): string | undefined;
  /** Removes a folder of ours with all that is in it; false where it was gone already. */
  removeFolder(name: string): boolean;
  /** Makes the runner's command files readable by this user alone; returns their base names. Throws `run/not-actions` without them. */
  guardCommandFiles(): readonly string[];
  /** Empties command files of an earlier step of ours. */
  emptyCommandFiles(names: readonly string[]): void;
}

/** How a program is looked for. */
export interface Wanted {
  /** Its file on Linux and macOS. */
  readonly name: string;
  /** On Windows, where no batch file starts without a shell: the batch file, the program that it starts, beside it, and what that is given first. */
  readonly batches: readonly { readonly file: string; readonly program: string; readonly args: readonly string[] }[];
}

export interface Program {
  /** Absolute. */
  readonly file: string;
  /** What it is always given first. */
  readonly args: readonly string[];
}

export interface RunTerms {
  /** Beside the least that a program needs: the search path, home and temp folders, language, proxy, certificates. Nothing else is handed on. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Aborted: the program is killed, and all that it started. */
  readonly signal: AbortSignal;
  /** Called with its process id before anything else can happen. */
  readonly onStart?: (pid: number) => void;
}

/** How a program ended; what it printed is somebody else's text. */
export interface Ran {
  readonly how: 'exited' | 'stopped' | 'timeout' | 'too-large' | 'not-started';
  /** Its exit status, where it exited; -1 after a signal. */
  readonly status?: number;
  /** The system's code, where it did not start: `EACCES`, `ENOEXEC`. */
  readonly code?: string;
  readonly output: string;
  readonly errors: string;
}

/** Programs of the machine (INVARIANTS 16). */
export interface Processes {
  /** Looked for once a name, on the search path but never in the workspace or a relative folder; undefined: there is none. */
  find(wanted: Wanted): Promise<Program | undefined>;
  /** Runs it to its end, without a shell and with its standard input closed. Never throws. */
  run(program: Program, args: readonly string[], terms: RunTerms): Promise<Ran>;
  /**
   * Kills what a main that was killed has left running, with all that it started: process `pid`, if `mark` is in its environment. Only Linux
   * tells that. Never throws.
   */
  endStray(pid: number, mark: string): Promise<void>;
}

/** Another process of this action, which has just been started: all that is known of it, and the two pipes to it. */
export interface Background {
  readonly pid: number;
  /** When the machine says that it began; with the pid, it names a process for good. Undefined where the machine does not say. */
  readonly began?: string;
  /** The first line that it says; undefined where it says none in `ms`, or could not be started. */
  firstLine(ms: number): Promise<string | undefined>;
  /** Hands it one line, closes both pipes and lets it live on its own; false where it did not take the line. */
  release(line: string): Promise<boolean>;
  /** Closes the pipes: a process that was not released ends by that. */
  drop(): void;
}

/** The keeper's process on this machine, started by main and found again by post. */
export interface Backgrounds {
  /** Starts the keeper: none of this process's variables but what it needs to reach the network as this process does. */
  startKeeper(): Background;
  /** Whether this process runs, and is the one that began then. `unsure`: it runs, and the machine does not tell when processes began. */
  find(pid: number, began: string | undefined): 'there' | 'gone' | 'unsure';
  /** Asks the process to end; never throws. */
  kill(pid: number): void;
  /** The process that started this one, where the machine tells it apart from later ones of the same number. */
  parent(): { readonly pid: number; readonly began?: string } | undefined;
}

/** A request to the keeper. */
export interface LocalCall {
  readonly method: string;
  readonly path: string;
  /** The Host header. */
  readonly host: string;
  /** Where the keeper listens. */
  readonly port: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A listener on 127.0.0.1, at a port that the machine chose. */
export interface LocalServer {
  readonly port: number;
  /** Ends it with all connections. */
  close(): void;
}

export type { Request, Send };
