// A runner that keeps a journal of what an action asks of it, in order: what left the process is what tests compare.
import type { Runner } from '../../src/core/ports.ts';

export type Entry = readonly [verb: string, ...what: unknown[]];

export interface RecordingRunner extends Runner {
  readonly journal: readonly Entry[];
  /** The arguments of all entries of one verb. */
  of(verb: string): readonly unknown[][];
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly state?: Readonly<Record<string, string>>;
  /** Where entries go; shared with other recording ports when their order matters. */
  readonly journal?: Entry[];
}

export function recordingRunner({
  env = {},
  inputs = {},
  state = {},
  journal = [],
}: Surroundings = {}): RecordingRunner {
  const note =
    (verb: string) =>
    (...what: unknown[]): void =>
      void journal.push([verb, ...what]);
  return {
    journal,
    of: (verb) => journal.filter(([v]) => v === verb).map(([, ...what]) => what),
    env: (name) => env[name] || undefined,
    input: (name) => inputs[name] || undefined,
    inputNames: () => Object.keys(inputs),
    state: (name) => state[name] || undefined,
    stateNames: () => Object.keys(state),
    mask: (secret) => note('mask')(secret.label, secret.reveal()),
    save: note('save'),
    say: note('say'),
    group: note('group'),
    notice: note('notice'),
    warn: note('warn'),
    error: note('error'),
    debug: note('debug'),
    fail: note('fail'),
    writeEnvironment: (pairs) => note('environment')(Object.fromEntries(pairs)),
    writeOutputs: (pairs) => note('outputs')(Object.fromEntries(pairs)),
    summarize: note('summary'),
  };
}
