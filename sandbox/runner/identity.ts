// Who the job is: GitHub's facts about a run, and whether the job may ask for an identity token.
import type { Job, Mapping, Workflow } from './workflow.ts';

export interface Event {
  readonly name: string;
  /** What GITHUB_EVENT_PATH holds. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What the job's processes need to ask for an identity token. They get it only if the job may. */
export interface Identity {
  readonly requestUrl: string;
  readonly requestToken: string;
  /** The claims that a token would carry: the github context is filled from them, so that both tell one story. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A job as GitHub's token issuer would have to know it. */
export interface JobFacts {
  readonly id: string;
  readonly environment?: string;
  readonly event: Event;
  readonly mayMint: boolean;
}

/** `id-token: write` of the job, else of the workflow; never for what runs without the repository's trust. */
export function mayMint(workflow: Workflow, job: Job, event: Event, actor: string): boolean {
  if (isFork(event) || (actor === 'dependabot[bot]' && READ_ONLY_EVENTS.has(event.name))) return false;
  // A job's `permissions` replace the workflow's, they are not added to them.
  return grantsIdToken(job.permissions ?? workflow.permissions);
}

/** A pull request from another repository: gets no identity and no secrets, whatever `permissions` say. */
export function isFork(event: Event): boolean {
  if (!event.name.startsWith('pull_request') || event.name === 'pull_request_target') return false;
  const request = event.payload.pull_request as PullRequest | undefined;
  const head = request?.head?.repo;
  const base = request?.base?.repo;
  // `fork` alone is also true inside a repository that is itself a fork.
  if (head?.full_name !== undefined && base?.full_name !== undefined) return head.full_name !== base.full_name;
  // The repository of a fork that has been deleted is null.
  return head === null || head?.fork === true;
}

export function environmentOf(job: Job): string | undefined {
  return typeof job.environment === 'string' ? job.environment : job.environment?.name;
}

/** Events for which GitHub makes Dependabot's runs read-only. */
const READ_ONLY_EVENTS: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'create',
  'deployment',
  'deployment_status',
]);

interface PullRequest {
  readonly head?: { readonly repo?: { readonly fork?: boolean; readonly full_name?: string } | null };
  readonly base?: { readonly repo?: { readonly full_name?: string } };
}

function grantsIdToken(permissions: string | Mapping | undefined): boolean {
  if (permissions === undefined || permissions === null) return false;
  return typeof permissions === 'string' ? permissions === 'write-all' : permissions['id-token'] === 'write';
}
