// What a token's subject shows about why a trust did not match it. It is read for advice only: never rebuilt, never trusted.
import type { Cause } from './advice.ts';
import { type Claims, claim } from './claims.ts';
import { plain } from './plain.ts';

export interface Subject {
  /** `immutable` since 2026: `repo:OWNER@ID/REPO@ID:...`; `custom`: an organisation's or repository's own template. */
  readonly form: 'classic' | 'immutable' | 'custom';
  readonly context: 'environment' | 'pull_request' | 'branch' | 'tag' | 'other';
  /** The environment, branch or tag; cleaned for display. */
  readonly name?: string;
}

const IMMUTABLE = /^repo:[^/:]+@\d+\/[^/:]+@\d+:/;
const CLASSIC = /^repo:[^/:]+\/[^/:]+:/;
const CONTEXTS: readonly (readonly [RegExp, Subject['context']])[] = [
  [/^environment:([^:]+)$/, 'environment'],
  [/^pull_request$/, 'pull_request'],
  [/^ref:refs\/heads\/([^:]+)$/, 'branch'],
  [/^ref:refs\/tags\/([^:]+)$/, 'tag'],
];

/** Form and context of the subject; a subject in neither of GitHub's two forms is `custom`. */
export function readSubject(claims: Claims): Subject {
  const sub = claim(claims, 'sub') ?? '';
  const prefix = IMMUTABLE.exec(sub)?.[0] ?? CLASSIC.exec(sub)?.[0];
  if (prefix === undefined) return { form: 'custom', context: 'other' };
  const form = IMMUTABLE.test(sub) ? 'immutable' : 'classic';
  for (const [pattern, context] of CONTEXTS) {
    const match = pattern.exec(sub.slice(prefix.length));
    if (match) return { form, context, ...(match[1] && { name: plain(match[1]) }) };
  }
  return { form: 'custom', context: 'other' };
}

/** A claim for a sentence: cleaned, `MISSING` where the token has none. */
export function shown(claims: Claims, name: string): string {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (value === undefined || value === '') return 'MISSING';
  return plain(typeof value === 'string' ? value : JSON.stringify(value));
}

interface Presented {
  readonly claims: Claims;
}
const context =
  (wanted: Subject['context'], weight: number) =>
  ({ claims }: Presented) =>
    readSubject(claims).context === wanted ? weight : 0;
const form =
  (wanted: Subject['form'], weight: number) =>
  ({ claims }: Presented) =>
    readSubject(claims).form === wanted ? weight : 0;

/** In part no cause where the authority has an answer of its own for upper and lower case: there it is `OTHER_REPOSITORY`. */
export const SPELT_OTHERWISE: Cause<Presented> = {
  weight: ({ claims }) => (/[A-Z]/.test(claim(claims, 'sub') ?? '') ? 50 : 35),
  tell: ({ claims }) =>
    `The trust names another owner or repository, or spells them otherwise: here it is ${shown(claims, 'repository')}, in this upper and lower case, and without github.com/ before it.`,
};
export const OTHER_REPOSITORY: Cause<Presented> = {
  weight: 35,
  tell: ({ claims }) => `The trust names another owner or repository: here it is ${shown(claims, 'repository')}.`,
};

/**
 * Why a trust for another subject was written, the likeliest first. Each says how to tell, against the trust as it stands. What a token
 * cannot have caused has no weight (facts: github 2.2, aws 8.4, azure 8.2).
 */
export const SUBJECT_CAUSES: readonly Cause<Presented>[] = [
  {
    weight: form('custom', 90),
    tell: () =>
      'The subject follows a template of your organisation or repository, not repo:OWNER/REPO:...; a trust in the usual form does not match. Compare the whole.',
  },
  {
    weight: form('immutable', 80),
    tell: () =>
      'The trust has the classic subject repo:OWNER/REPO:... This repository sends the immutable form repo:OWNER@ID/REPO@ID:..., as those do that were created, renamed or transferred since 2026-07-15.',
  },
  {
    weight: ({ claims }) => (callsElsewhere(claims) ? 75 : 0),
    tell: ({ claims }) =>
      `The trust names the wrong repository: the job comes from a reusable workflow of ${repositoryOf(shown(claims, 'job_workflow_ref'))}, but the subject names the caller, ${shown(claims, 'repository')}.`,
  },
  {
    weight: context('environment', 70),
    tell: ({ claims }) =>
      `The trust is for a branch, a tag, pull_request or another environment, but the job names the environment ${readSubject(claims).name}: then the subject ends in environment:... and holds no branch. Trust that, or take \`environment:\` out of the job if it is there by accident.`,
  },
  {
    weight: context('pull_request', 70),
    tell: () =>
      'The trust is for a branch or an environment, but the job runs for a pull request. Widening it would let in unreviewed code.',
  },
  {
    weight: context('tag', 60),
    tell: ({ claims }) =>
      `The trust is for a branch or another tag, but the job runs for the tag ${readSubject(claims).name}. To cover all tags, give the job an environment and trust that.`,
  },
  {
    weight: context('branch', 60),
    tell: ({ claims }) =>
      `The trust is for an environment, a tag or another branch, but the job runs on the branch ${readSubject(claims).name} and names no environment: add \`environment:\` to the job if the trust names one.`,
  },
  SPELT_OTHERWISE,
  {
    weight: form('classic', 30),
    tell: () =>
      'The trust has the immutable form repo:OWNER@ID/REPO@ID:..., as a portal may have filled it in; this repository sends the classic one.',
  },
];

/** Whether the job comes from a reusable workflow of another repository. */
export function callsElsewhere(claims: Claims): boolean {
  const called = claim(claims, 'job_workflow_ref');
  const repository = claim(claims, 'repository');
  if (!called || !repository) return false;
  return repositoryOf(called).toLowerCase() !== repository.toLowerCase();
}

function repositoryOf(workflowRef: string): string {
  return workflowRef.split('/').slice(0, 2).join('/');
}
