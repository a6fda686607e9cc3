// Mistakes that nobody refuses: no answer tells of them, so no advice can. They are listed, and docs/setup says how to keep clear of them.

export interface Silent {
  readonly mistake: string;
  readonly source: string;
  /** What happens instead of a refusal. */
  readonly instead: string;
}

export const SILENT: readonly Silent[] = [
  {
    mistake: 'AWS: an old trust policy without a condition on sub',
    source: 'aws 8.4',
    instead: 'Every repository of GitHub may assume the role',
  },
  {
    mistake: 'AWS: ForAllValues in an Allow (the popular “fix” of #318)',
    source: 'aws 8.4',
    instead: 'True where the claim is absent or misspelt: anybody is let in',
  },
  {
    mistake: 'AWS: repo:org* or repo:org/* under StringLike',
    source: 'aws 8.4',
    instead: 'More repositories than meant are let in; org* those of org-evil too',
  },
  {
    mistake: 'Azure: no role assignment',
    source: 'azure 8.2',
    instead: 'The token is issued; the first call with it is refused (403, or "No subscriptions found" of az)',
  },
  {
    mistake: 'Google: a pool-wide principalSet, or a provider without a condition',
    source: 'gcp 8.2',
    instead: 'Every repository of GitHub is a principal of the pool',
  },
  {
    mistake: 'Google: a condition on names in place of ids',
    source: 'gcp 8.2',
    instead: 'Whoever takes over the name is let in',
  },
  {
    mistake: 'Google: direct federation without a role',
    source: 'gcp 8.1',
    instead: 'The token is issued; the first call with it is refused',
  },
  {
    mistake: 'Google: a service that takes no federated token',
    source: 'gcp 2',
    instead: 'The token is issued; that service answers 401 to later steps',
  },
  {
    mistake: 'Vault: no bound claims beside repository_owner, or a glob too wide',
    source: 'vault 8.3',
    instead: 'More repositories than meant may log in',
  },
];

/** What an administrator's own client refuses; `instead` is what it says. */
export const NEVER_STORED: readonly Silent[] = [
  {
    mistake: 'AWS: a new trust policy for GitHub without a condition on sub or job_workflow_ref',
    source: 'aws 8.3',
    instead: 'MalformedPolicyDocument',
  },
  {
    mistake: 'Azure: a flexible credential whose expression uses other claims',
    source: 'azure 8.1',
    instead: '"either lacks all required claims or contains unallowed claims"',
  },
  {
    mistake: 'Google: a provider without a condition',
    source: 'gcp 2',
    instead: `"The attribute condition must reference one of the provider's claims."`,
  },
  {
    mistake: 'Google: a provider that the organisation does not allow',
    source: 'gcp 2',
    instead: `"Org Policy violated for value: '{PROVIDER}'."`,
  },
  {
    mistake: 'Vault: a role without any bound constraint',
    source: 'vault 2.2',
    instead: '"must have at least one bound constraint when creating/updating a role"',
  },
];
