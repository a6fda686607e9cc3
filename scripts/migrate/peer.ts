// What docs/migrate.md is made from: one official action, its inputs and what takes the place of each here.

/** One input of the peer. */
export interface PeerInput {
  /** Its name there. */
  readonly name: string;
  /** Our inputs that take its place; none: `how` says why. */
  readonly ours: readonly string[];
  /** What is different, or why there is none: one sentence. */
  readonly how: string;
}

/** One output of the peer. */
export interface PeerOutput {
  readonly name: string;
  /** Our outputs that take its place. */
  readonly ours: readonly string[];
  readonly how: string;
}

export interface Peer {
  /** `owner/name` and the major version that was compared: `aws-actions/configure-aws-credentials@v6`. */
  readonly action: string;
  readonly inputs: readonly PeerInput[];
  /** Its outputs, where workflows read any. */
  readonly outputs?: readonly PeerOutput[];
  /** Workflow steps before and after, side by side; each `after` is run in the sandbox by a test. */
  readonly moves: readonly Move[];
}

export interface Move {
  /** What this workflow does: `Assume a role`. */
  readonly title: string;
  /** YAML of the peer's `uses:` step. */
  readonly before: string;
  /** The inputs of ours that do the same, by name. */
  readonly after: Readonly<Record<string, string>>;
  /** What a user should know that the YAML does not show. */
  readonly note?: string;
}
