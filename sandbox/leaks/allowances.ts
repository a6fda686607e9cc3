// Where a secret may stand as it is, and why. Anything else is a leak.

import type { RunResult } from '../runner/result.ts';
import type { Spot } from './places.ts';

export interface Allowance {
  readonly reason: string;
  /** Only these canaries; all unless given. */
  readonly labels?: RegExp;
  /** The forms by name; the value as it is (and so what is part of it) unless given: the masker knows no other for certain. */
  readonly forms?: RegExp;
  admits(spot: Spot, result: RunResult): boolean;
}

/** The value itself. */
export const asItIs = /^(raw|signature of the token)$/;
const maskedByRunner = /^(raw|signature of the token|JSON-escaped)$/;

const closed = (spot: Spot): boolean => spot.mode === 0o600;

/** What the contract and the invariants allow. A test may add what its own workflow does. */
export const standardAllowances: readonly Allowance[] = [
  {
    reason: 'the runner itself hands these to every process of a job with the permission (INVARIANTS 11)',
    admits: ({ kind, subject }) => kind === 'step env' && /^ACTIONS_(ID_TOKEN_REQUEST|RUNTIME)_TOKEN$/.test(subject),
  },
  {
    reason: 'how a value is masked',
    forms: /./,
    admits: ({ kind, subject }) => kind === 'stream' && subject === 'add-mask',
  },
  {
    reason: 'exported for later steps; main makes the file 0600 first (INVARIANTS 13)',
    admits: (spot) => spot.kind === 'command file' && spot.subject === 'env' && closed(spot),
  },
  {
    reason: 'what revoking and restoring need, in forms that the runner masks (INVARIANTS 12)',
    forms: maskedByRunner,
    admits: (spot) => spot.kind === 'command file' && spot.subject === 'state' && closed(spot),
  },
  {
    reason: 'outputs with output-credentials; masked, and dropped from job outputs by the runner',
    admits: (spot) => spot.kind === 'command file' && spot.subject === 'output' && closed(spot),
  },
  { reason: 'state once the runner has read it', forms: maskedByRunner, admits: ({ kind }) => kind === 'state' },
  { reason: 'outputs once the runner has read them', admits: ({ kind }) => kind === 'output' },
  {
    reason: 'exported variables, in the steps after',
    admits: ({ kind, subject }, result) => kind === 'step env' && result.steps.some((step) => subject in step.exported),
  },
  {
    reason: 'state, in the post stage; inputs that the workflow itself filled from a secret',
    forms: maskedByRunner,
    admits: ({ kind, subject }) => kind === 'step env' && /^(STATE|INPUT)_/.test(subject),
  },
  {
    reason: "files of the step's own: 0600 in a 0700 folder of the temp folder (INVARIANTS 13)",
    forms: /./,
    admits: (spot) => spot.kind === 'file' && closed(spot) && spot.ownFolder === true,
  },
];
