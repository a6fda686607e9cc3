// Google Cloud: pool and provider (facts: gcp 2, 8.1).
import { obey, paste } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { asItWas, input, missing, NAME, pool, provider, rightly } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'The pool in the place of the provider (auth#60)',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-workload-identity-provider', NAME.replace(/\/providers.*/, '')),
    id: 'inputs/invalid',
    cause: /full name of a provider/,
    fix: obey(/(gcp-workload-identity-provider): got/, rightly('gcp-workload-identity-provider')),
  },
  {
    mistake: 'The project’s id in the place of its number',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-workload-identity-provider', NAME.replace('123456789012', 'octo-project')),
    id: 'inputs/invalid',
    cause: /number, not its id/,
    fix: obey(/(gcp-workload-identity-provider): got/, rightly('gcp-workload-identity-provider')),
  },
  {
    mistake: 'An expression that was not expanded (auth#211)',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-workload-identity-provider', `$${'{ secrets.WIF_PROVIDER }'}`),
    id: 'inputs/invalid',
    cause: /full name of a provider/,
    fix: obey(/(gcp-workload-identity-provider): got/, rightly('gcp-workload-identity-provider')),
  },
  {
    ...missing,
    mistake: 'Another provider’s id',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-workload-identity-provider', NAME.replace('octo-org', 'octo-orgs')),
    fix: obey(/Check (gcp-workload-identity-provider)/, rightly('gcp-workload-identity-provider')),
  },
  {
    ...missing,
    mistake: 'Another project’s number',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-workload-identity-provider', NAME.replace('123456789012', '210987654321')),
    fix: obey(
      /Check (gcp-workload-identity-provider): the project's number/,
      rightly('gcp-workload-identity-provider'),
    ),
  },
  {
    ...missing,
    mistake: 'The provider is disabled',
    source: 'gcp 2',
    scene: provider({ disabled: true }),
    cause: /[Ww]here it is disabled/,
    fix: paste,
  },
  {
    ...missing,
    mistake: 'The pool is disabled',
    source: 'gcp 2',
    scene: pool(() => ({ disabled: true })),
    cause: /disabled, or in a pool that is/,
    fix: paste,
  },
  {
    ...missing,
    mistake: 'The provider was deleted',
    source: 'gcp 2',
    scene: pool(() => ({ providers: [] })),
    cause: /may be deleted/,
    fix: obey(/providers undelete (projects\/\S+)`/, asItWas),
  },
  {
    ...missing,
    mistake: 'The provider was made seconds ago',
    source: 'gcp 2',
    scene: pool(() => ({ providers: [] })),
    cause: /set up just now/,
    fix: obey(/Run the job again/, asItWas),
  },
];
