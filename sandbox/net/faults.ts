// Which fault is played to which connection or call. The list is live: a test adds to it while the world runs.
import type { Fault } from '../service.ts';

export type FaultKind = Fault['kind'];

/** Played while a connection is being made; matched by host and service, since no operation is known yet. */
export const CONNECTION_FAULTS: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'connect-refused',
  'connect-reset',
  'connect-hang',
  'tls-broken',
]);

export interface Occasion {
  readonly service: string;
  readonly host: string;
  /** Undefined for a connection. */
  readonly operation?: string;
}

/**
 * The fault for this occasion, counted down. A matching fault that still skips lets this occasion pass, and the next in the list is looked at.
 */
export function takeFault(faults: readonly Fault[], occasion: Occasion): Fault | undefined {
  for (const fault of faults) {
    if (!applies(fault, occasion)) continue;
    if ((fault.skip ?? 0) > 0) {
      fault.skip = (fault.skip ?? 0) - 1;
      continue;
    }
    fault.times = (fault.times ?? 1) - 1;
    return fault;
  }
  return undefined;
}

function applies(fault: Fault, occasion: Occasion): boolean {
  if ((fault.times ?? 1) <= 0) return false;
  const forConnections = CONNECTION_FAULTS.has(fault.kind);
  if (forConnections !== (occasion.operation === undefined)) return false;
  if (fault.service !== undefined && fault.service !== occasion.service) return false;
  if (!fits(fault.host, occasion.host)) return false;
  return forConnections || fits(fault.operation, occasion.operation ?? '');
}

/** A string is the whole value; a pattern is searched from the start, whatever its flags. */
function fits(wanted: string | RegExp | undefined, actual: string): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? wanted === actual : actual.search(wanted) >= 0;
}
