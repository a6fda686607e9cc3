// From the event that started a run to who its job is.
import type { JobIdentity } from './job.ts';

/** What a runner knows of a job when it asks who it is. */
export interface JobDescription {
  readonly environment?: string;
  readonly event: { readonly name: string; readonly payload?: Readonly<Record<string, unknown>> };
}

interface PullRequest {
  readonly number?: number;
  readonly head?: { readonly ref?: string };
  readonly base?: { readonly ref?: string };
}

/** The described job; what the description leaves open is as in `known`. */
export function jobFor({ environment, event }: JobDescription, known: JobIdentity): JobIdentity {
  const { environment: _, headRef: __, baseRef: ___, ...rest } = known;
  const job: JobIdentity = { ...rest, event: event.name, ...(environment !== undefined && { environment }) };
  const request = event.payload?.pull_request as PullRequest | undefined;
  if (request === undefined || !event.name.startsWith('pull_request')) return job;
  const baseRef = request.base?.ref ?? 'main';
  const branches = { headRef: request.head?.ref ?? 'change', baseRef };
  // pull_request_target runs for the base; the others for the merge of both.
  const ref = event.name === 'pull_request_target' ? `refs/heads/${baseRef}` : `refs/pull/${request.number ?? 1}/merge`;
  return { ...job, ...branches, ref };
}
