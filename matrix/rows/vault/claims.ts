// Vault and OpenBao: bound claims (facts: vault 2, 8).
import { obey, paste } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { pullRequest } from '../../scene.ts';
import { claims, job, MAIN, right, role } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    ...claims,
    mistake: 'The role asks for an environment, the job names none',
    source: 'vault 2.1',
    scene: role({ bound_claims: { repository: 'octo-org/octo-repo', environment: 'production' } }),
    cause: /asks for the claim environment, which this token does not have/,
    fix: obey(/Give the job the `environment:` that the role names/, (at) => job({ environment: 'production' }, at)),
  },
  {
    ...claims,
    mistake: 'The role asks for another branch',
    source: 'vault 2.1',
    scene: role({ bound_claims: { ref: 'refs/heads/release' } }),
    cause: /The claim ref of this token/,
    fix: paste,
  },
  {
    ...claims,
    mistake: 'The job runs for a pull request, the role is for a branch',
    source: 'vault 2.1',
    scene: { ...right, event: pullRequest() },
    cause: /The claim ref of this token/,
    fix: paste,
  },
  {
    ...claims,
    mistake: 'The repository in other upper and lower case',
    source: 'vault 2.1',
    scene: role({ bound_claims: { repository: 'Octo-Org/octo-repo' } }),
    cause: /upper and lower case/,
    fix: paste,
  },
  {
    ...claims,
    mistake: 'The repository was renamed',
    source: 'vault 8.2',
    scene: job({ repository: 'renamed' }),
    cause: /follows a renaming/,
    fix: obey(/here repository is (\S+)/, (at, name) => role({ bound_claims: { repository: name ?? '' } }, at)),
  },
  {
    ...claims,
    mistake: 'An id as a number',
    source: 'vault 8.1',
    scene: role({ bound_claims: { repository_id: 1296269 } }),
    cause: /ids in the role as texts/,
    fix: paste,
  },
  {
    ...claims,
    mistake: 'A glob, but bound_claims_type is not glob',
    source: 'vault 8.1',
    scene: role({ bound_claims: { ref: 'refs/heads/*' } }),
    cause: /bound_claims_type/,
    fix: obey(/bound_claims_type=(glob)/, (at) =>
      role({ bound_claims: { ref: 'refs/heads/*' }, bound_claims_type: 'glob' }, at),
    ),
  },
  {
    ...claims,
    mistake: 'A bound sub in the classic form, the token in the immutable one',
    source: 'vault 8.2',
    scene: job({ immutableSubject: true }, role({ bound_claims: { sub: MAIN } })),
    cause: /immutable form/,
    fix: obey(/here sub is (\S+)/, (at, sub) => role({ bound_claims: { sub: sub ?? '' } }, at)),
  },
  {
    ...claims,
    mistake: 'job_workflow_ref at another ref',
    source: 'vault 8.1',
    scene: job(
      { jobWorkflowRef: 'platform/workflows/.github/workflows/deploy.yml@refs/heads/main' },
      role({ bound_claims: { job_workflow_ref: 'platform/workflows/.github/workflows/deploy.yml@refs/tags/v2' } }),
    ),
    cause: /Compare the part behind @/,
    fix: obey(/here job_workflow_ref is (\S+)/, (at, ref) =>
      role({ bound_claims: { job_workflow_ref: ref ?? '' } }, at),
    ),
  },
];
