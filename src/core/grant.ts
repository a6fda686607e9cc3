// What an exchange gave: kept the moment it arrives, delivered when all have answered.
import type { Cloud } from './input.ts';
import type { Debt } from './ledger.ts';
import type { Secret } from './secret.ts';

/** How a credential ends, in the words that the report may use (CONTRACT, "How each credential ends"). */
export type Ending =
  | 'revoked by post' // a server confirms it
  | 'revoked by main' // it was only needed to read
  | 'queued by post' // through its token's own end
  | 'expires'
  | 'denied after'; // a time box

/** One credential of the report. Nothing here is secret. */
export interface Credential {
  readonly cloud: Cloud;
  /** `AWS session`, `Azure access token`, `Vault lease` ... */
  readonly kind: string;
  /** Who it makes the holder: a session ARN, client id, principal, role. */
  readonly holder: string;
  /** What it is for, where that is not in the holder: a scope, a path. */
  readonly scope?: string;
  /** Milliseconds since the epoch; undefined: unknown or never. */
  readonly expiresAt?: number;
  readonly ending: Ending;
  readonly requestId?: string;
}

export interface Variable {
  readonly name: string;
  /** A string is not secret. */
  readonly value: Secret | string;
  /** Never replaces a variable that is set already: its name was not chosen by the user. */
  readonly ifAbsent?: true;
  /** Only replaces one that is set already: it would win over what is exported with it. */
  readonly ifPresent?: true;
}

/** A file of the step's own folder, 0600; the variables and outputs named get its absolute path. */
export interface PlannedFile {
  readonly name: string;
  /** What it is a changed copy of: then its variables go back to that file, named or not. */
  readonly copyOf?: Original;
  /** Made when paths are known, since a file may name its neighbour. No final newline: Python's clients do not trim. */
  readonly content: (path: (name: string) => string, original?: string) => Secret | string | Uint8Array;
  readonly variables: readonly string[];
  readonly outputs: readonly string[];
  /** For docker actions: the paths that its content and its outputs get are those that such an action sees. */
  readonly forDocker?: true;
}

/** A file of the user's that tools find by a variable, or else in the home folder. */
export interface Original {
  readonly variable: string;
  /** Below the home folder: `.aws/config`. */
  readonly inHome: string;
  /** From its text: the secrets in it, masked before it is copied, and what the user should know. */
  readonly heed: (text: string) => { readonly secrets: readonly string[]; readonly remarks: readonly string[] };
}

export interface Shadow {
  readonly name: string;
  /** The value with which it changes nothing. */
  readonly harmless?: string;
}

export interface Grant {
  readonly cloud: Cloud;
  readonly credentials: readonly Credential[];
  readonly variables: readonly Variable[];
  /** Outputs that are always set. */
  readonly outputs: readonly Variable[];
  /** Outputs that `output-credentials` asks for. */
  readonly secretOutputs: readonly Variable[];
  readonly files: readonly PlannedFile[];
  /** Variables that would win over this grant's, beside the cloud's usual ones (`core/variables.ts`). */
  readonly shadows?: readonly Shadow[];
  /** When what later steps were given stops working, milliseconds: the `<cloud>-expires-at` output. */
  readonly expiresAt?: number;
  /** Lines for the log: what a user should know about this grant. */
  readonly remarks: readonly string[];
  readonly warnings: readonly string[];
  /** What the keeper goes on with, once everything is delivered; absent: nothing of this grant is kept fresh. */
  readonly handover?: Handover;
}

/**
 * What a keeper needs to go on with a grant, by name. It holds secrets and goes over the keeper's pipe and nowhere else.
 */
export type Handover = Readonly<Record<string, Secret | string | number>>;

/** What an exchange does with a value the moment it has it, before anything else. Both are synchronous. */
export interface Keep {
  /** Masks the value. */
  secret(value: string, label: string): Secret;
  /** Writes down what will have to be ended. A token is owed before it is used, a file before it is created. */
  owe(debt: Debt): void;
}
