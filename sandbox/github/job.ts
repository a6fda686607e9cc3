// Who the job is: what GitHub knows about a run, and the claims that it signs about it (facts: github 2.1).
import { randomUUID } from 'node:crypto';
import { subjectOf } from './subject.ts';

export interface JobIdentity {
  readonly owner: string;
  readonly ownerId: string;
  /** Without the owner. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly visibility: 'public' | 'private' | 'internal';
  readonly ref: string;
  readonly sha: string;
  readonly environment?: string;
  /** `push`, `pull_request`, `workflow_dispatch` ... */
  readonly event: string;
  /** Branches of a pull request. */
  readonly headRef?: string;
  readonly baseRef?: string;
  readonly workflow: string;
  /** Path of the workflow file; the caller's if a reusable workflow runs. */
  readonly workflowPath: string;
  /** `owner/repo/path@ref` of the workflow that holds the job, where that is a reusable one. */
  readonly jobWorkflowRef?: string;
  readonly jobWorkflowSha?: string;
  readonly runId: string;
  readonly runNumber: string;
  readonly runAttempt: string;
  readonly actor: string;
  readonly actorId: string;
  readonly runnerEnvironment: 'github-hosted' | 'self-hosted';
  readonly enterprise?: { readonly slug: string; readonly id: string };
  /** The form of 2026: `repo:OWNER@ID/REPO@ID:...`. */
  readonly immutableSubject: boolean;
  /** The repository's `include_claim_keys`, where its subject is customised. */
  readonly subjectKeys?: readonly string[];
  /** `repo_property_*` claims, without the prefix. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** A push to main of octo-org/octo-repo: the job that the default trust documents let in. */
export const defaultJob: JobIdentity = {
  owner: 'octo-org',
  ownerId: '583231',
  repository: 'octo-repo',
  repositoryId: '1296269',
  visibility: 'private',
  ref: 'refs/heads/main',
  sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
  event: 'push',
  workflow: 'deploy',
  workflowPath: '.github/workflows/deploy.yml',
  runId: '9876543210',
  runNumber: '42',
  runAttempt: '1',
  actor: 'octocat',
  actorId: '1',
  runnerEnvironment: 'github-hosted',
  immutableSubject: false,
};

/** Everything but `iss`, `aud` and the times. All ids are texts. */
export function claimsOf(job: JobIdentity): Record<string, unknown> {
  const repository = `${job.owner}/${job.repository}`;
  const workflowRef = `${repository}/${job.workflowPath}@${job.ref}`;
  const claims = {
    jti: randomUUID(),
    ref: job.ref,
    sha: job.sha,
    repository,
    repository_owner: job.owner,
    repository_owner_id: job.ownerId,
    run_id: job.runId,
    run_number: job.runNumber,
    run_attempt: job.runAttempt,
    repository_visibility: job.visibility,
    repository_id: job.repositoryId,
    actor_id: job.actorId,
    actor: job.actor,
    workflow: job.workflow,
    head_ref: job.headRef ?? '',
    base_ref: job.baseRef ?? '',
    event_name: job.event,
    ref_protected: 'false',
    ref_type: job.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    workflow_ref: workflowRef,
    workflow_sha: job.sha,
    job_workflow_ref: job.jobWorkflowRef ?? workflowRef,
    job_workflow_sha: job.jobWorkflowSha ?? job.sha,
    runner_environment: job.runnerEnvironment,
    check_run_id: `5${job.runId}`,
    ...(job.environment !== undefined && { environment: job.environment }),
    ...(job.enterprise && { enterprise: job.enterprise.slug, enterprise_id: job.enterprise.id }),
    ...Object.fromEntries(
      Object.entries(job.properties ?? {}).map(([name, value]) => [`repo_property_${name}`, value]),
    ),
  };
  return { sub: subjectOf(job, claims), ...claims };
}
