// What main tells post of credentials that nobody can revoke: post says when they end, and whether anybody may read what it writes.
import { type Claims, isPublic } from './core/claims.ts';
import type { Ended } from './core/ending.ts';
import type { Grant } from './core/grant.ts';
import type { Cloud } from './core/input.ts';
import { type Debt, field } from './core/ledger.ts';

/** Clouds whose credentials are no debts: AWS owes its sessions (`expiring.ts`), Vault ends its own. */
const NOT_OWED: ReadonlySet<Cloud> = new Set(['azure', 'gcp']);

/** Kind and end only: what they are for is nobody's business in a state that other steps can read. */
export function issuedDebt(grants: readonly Grant[], claims: Claims): Debt {
  const credentials = grants
    .flatMap((grant) => grant.credentials)
    .filter(({ cloud, ending }) => NOT_OWED.has(cloud) && (ending === 'expires' || ending === 'denied after'));
  const told = credentials.map((one, i) => [`${i}`, `${one.cloud}|${one.kind}|${one.expiresAt ?? ''}`] as const);
  return { by: 'step', kind: 'issued', data: { public: isPublic(claims), ...Object.fromEntries(told) } };
}

/** The same, as post tells it. Without main's word everything counts as public. */
export function recallIssued(debts: readonly Debt[]): { readonly open: boolean; readonly ended: readonly Ended[] } {
  const debt = debts.find((d) => d.by === 'step' && d.kind === 'issued');
  if (!debt) return { open: true, ended: [] };
  const ended: Ended[] = [];
  for (let i = 0; ; i++) {
    const text = field(debt, `${i}`, /[a-z]{1,10}\|[A-Za-z0-9 ]{1,60}\|\d{0,16}/);
    if (!text) return { open: debt.data.public !== false, ended };
    const [cloud = '', what = '', at = ''] = text.split('|');
    ended.push({ cloud, what, outcome: { how: 'expires', ...(at && { at: Number(at) }) } });
  }
}
