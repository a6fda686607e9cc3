// What main hands to the keeper, in one line over a pipe, once everything is delivered: all that the keeper will ever know (INVARIANTS 11).
import { isRecord } from '../core/http.ts';
import type { Cloud } from '../core/input.ts';
import type { NetworkSettings } from '../core/ports.ts';
import type { Job } from '../core/provider.ts';

/** One cloud's part: the request as it was checked, and what main obtained. */
export interface CommissionedTask {
  readonly cloud: Cloud;
  readonly request: unknown;
  /** What consumers of this cloud have to show. */
  readonly secret: string;
  readonly handover: Readonly<Record<string, string | number>>;
}

export interface Commission {
  /** Carried by every record of the journal. */
  readonly nonce: string;
  /** Name of the step's folder under RUNNER_TEMP. */
  readonly folder: string;
  /** When the keeper ends by itself, milliseconds. */
  readonly until: number;
  /** What post has to show to stop the keeper. */
  readonly stop: string;
  readonly network: NetworkSettings;
  readonly endpoint: { readonly url: string; readonly requestToken: string };
  readonly job: Job;
  /** The runner's own process: when it has gone, the job has. */
  readonly runner?: { readonly pid: number; readonly began?: string };
  readonly tasks: readonly CommissionedTask[];
}

/** The commission in a line; undefined for one that was cut short. It comes from our own main over a pipe of its own, so its parts are not checked again. */
export function readCommission(line: string): Commission | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) && Array.isArray(value.tasks) ? (value as unknown as Commission) : undefined;
  } catch {
    return undefined;
  }
}
