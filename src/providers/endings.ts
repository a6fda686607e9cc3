// Who ends whose debts. Post imports this and nothing else of the providers.
import type { Endings } from '../core/ending.ts';

/** By `Debt.by`. AWS, Azure and Google owe nothing that can be revoked: their files and variables are the step's own debts. */
export const ENDINGS: Readonly<Record<string, () => Promise<Endings>>> = {
  vault: () => import('./vault/ending.ts'),
};
