// Whether anybody may read what this job writes: main learns it from its token, post from main.
import { type Claims, isPublic } from './core/claims.ts';
import type { Debt } from './core/ledger.ts';

export function visibilityDebt(claims: Claims): Debt {
  return { by: 'step', kind: 'visibility', data: { public: isPublic(claims) } };
}

/** Without main's word everything counts as public. */
export function isOpen(debts: readonly Debt[]): boolean {
  return debts.find((debt) => debt.by === 'step' && debt.kind === 'visibility')?.data.public !== false;
}
