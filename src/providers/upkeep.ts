// Who knows how a cloud's credentials are kept fresh. The keeper imports this and nothing else of the providers.
import type { Upkeep } from '../core/charge.ts';
import type { Cloud } from '../core/input.ts';

export const UPKEEP: Readonly<Partial<Record<Cloud, () => Promise<Upkeep>>>> = {
  aws: () => import('./aws/upkeep.ts'),
  azure: () => import('./azure/upkeep.ts'),
  gcp: () => import('./gcp/upkeep.ts'),
  vault: () => import('./vault/upkeep.ts'),
};
