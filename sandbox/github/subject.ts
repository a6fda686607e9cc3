// The subject of an identity token in its forms: classic, immutable, customised (facts: github 2.2).
import type { JobIdentity } from './job.ts';

/** `repo:O/R`, or with the ids that cannot be taken over with a name. */
export function repositoryPrefix(job: JobIdentity): string {
  return job.immutableSubject
    ? `repo:${job.owner}@${job.ownerId}/${job.repository}@${job.repositoryId}`
    : `repo:${job.owner}/${job.repository}`;
}

/** The subject of a job; `claims` are its others, which a customised subject may name. */
export function subjectOf(job: JobIdentity, claims: Readonly<Record<string, unknown>>): string {
  const keys = job.subjectKeys ?? ['repo', 'context'];
  return keys.map((key) => segment(key, job, claims)).join(':');
}

function segment(key: string, job: JobIdentity, claims: Readonly<Record<string, unknown>>): string {
  if (key === 'repo') return repositoryPrefix(job);
  if (key === 'context') return context(job);
  return `${key}:${escaped(String(claims[key] ?? ''))}`;
}

/** An environment wins over the event; `pull_request_target` runs for the base and has its ref. */
function context(job: JobIdentity): string {
  if (job.environment !== undefined) return `environment:${escaped(job.environment)}`;
  return job.event === 'pull_request' ? 'pull_request' : `ref:${escaped(job.ref)}`;
}

/** A colon in a value must not read as the end of its segment. */
function escaped(value: string): string {
  return value.replaceAll(':', '%3A');
}
