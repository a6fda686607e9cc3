// What no server can end: main writes down what it handed out and until when, so that post can say it (CONTRACT, "How each credential ends").
import type { Ended } from './core/ending.ts';
import type { Grant, Keep } from './core/grant.ts';
import { isRecord } from './core/http.ts';
import { CLOUDS, type Cloud } from './core/input.ts';
import type { Debt } from './core/ledger.ts';
import { ENDINGS } from './providers/endings.ts';

/** One record for all, or none. A cloud with endings of its own tells its credentials itself. */
export function oweLasting(grants: readonly Grant[], keep: Keep): void {
  const lasting = grants
    .flatMap((grant) => grant.credentials)
    .filter(({ cloud, ending }) => !ENDINGS[cloud] && (ending === 'expires' || ending === 'denied after'))
    .map(({ cloud, kind, holder, expiresAt }) => ({ cloud, what: `${kind} (${holder})`, at: expiresAt }));
  if (lasting.length === 0) return;
  keep.owe({ by: 'step', kind: 'lasting', data: { credentials: JSON.stringify(lasting) } });
}

/** Each with its end, which may lie behind us by now. What is no such record is nobody's. */
export function lastingOf(debts: readonly Debt[], now: number): Ended[] {
  return debts
    .filter((debt) => debt.by === 'step' && debt.kind === 'lasting')
    .flatMap((debt) => parsed(debt.data.credentials))
    .flatMap((item) => (isRecord(item) ? told(item, now) : []));
}

function told({ cloud, what, at }: Readonly<Record<string, unknown>>, now: number): Ended[] {
  if (!CLOUDS.includes(cloud as Cloud) || typeof what !== 'string') return [];
  if (typeof at !== 'number') return [{ cloud: cloud as Cloud, what, outcome: { how: 'expires' } }];
  return [{ cloud: cloud as Cloud, what, outcome: at <= now ? { how: 'gone' } : { how: 'expires', at } }];
}

function parsed(text: unknown): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(typeof text === 'string' ? text : '');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
