// For whom no trust may be written (INVARIANTS 4), and what a trust that may be written would let in.
import { boundClaims } from './binding.ts';
import { type Claims, claim } from './claims.ts';
import { plain } from './plain.ts';
import { readSubject } from './subject.ts';

/** The claims that our snippets hold; the ids only where the issuer has them. */
export interface Speaker {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly repositoryId?: string;
  readonly ownerId?: string;
}

/** Events that run with the base repository's trust while somebody else decides what they work on. */
const UNTRUSTED_EVENTS: Readonly<Record<string, string>> = {
  pull_request_target: 'anybody who opens a pull request starts it, from a fork too',
  issue_comment: 'anybody who may comment starts it',
  workflow_run: 'it follows another workflow, which a fork may have started',
};
const DEPENDABOT = /^dependabot(-preview)?\[bot\]$/;
const SNIPPET = /^[A-Za-z0-9._/@:-]+$/;

/** Why no trust is written for a token with these claims; undefined: it may be. A token of a fork needs no case: forks cannot mint. */
export function whyNoTrust(claims: Claims): string | undefined {
  const event = claim(claims, 'event_name') ?? '';
  const untrusted = Object.hasOwn(UNTRUSTED_EVENTS, event) ? UNTRUSTED_EVENTS[event] : undefined;
  if (untrusted) {
    return `No trust is written for the event ${event}: ${untrusted}. Federate in a workflow that runs on push, or in an environment with reviewers.`;
  }
  if (DEPENDABOT.test(claim(claims, 'actor') ?? '')) {
    return 'No trust is written for Dependabot: its jobs run code of packages that nobody has reviewed. Let a later job federate, after the merge.';
  }
  const unfit = ['iss', 'sub', 'aud'].filter((name) => !fits(single(claims, name)));
  unfit.push(
    ...['repository_id', 'repository_owner_id'].filter((name) => name in claims && !fits(single(claims, name))),
    ...boundClaims(claims).flatMap(({ claim: name, value }) => (/_id$/.test(name) || fits(value) ? [] : [name])),
  );
  if (unfit.length === 0) return undefined;
  return `No trust is written for this token: its ${unfit.join(', ')} cannot be pasted safely (only A-Z a-z 0-9 . _ / @ : - are, in at most 300 characters). Write it by hand from the claims that were presented.`;
}

/** The claims for a snippet. Only after `whyNoTrust` had nothing against them. */
export function speakerOf(claims: Claims): Speaker {
  const [repositoryId, ownerId] = [single(claims, 'repository_id'), single(claims, 'repository_owner_id')];
  return {
    issuer: single(claims, 'iss') ?? '',
    subject: single(claims, 'sub') ?? '',
    audience: single(claims, 'aud') ?? '',
    ...(repositoryId && { repositoryId }),
    ...(ownerId && { ownerId }),
  };
}

/** What a trust for exactly this subject lets in, in sentences: nobody should paste it without knowing. */
export function admits(claims: Claims): string[] {
  const { context, form } = readSubject(claims);
  const event = claim(claims, 'event_name');
  const found = [
    context === 'pull_request' &&
      'It lets in every pull request of the repository, from whatever branch, before any review: grant it reading at most. Where a private repository gives write tokens to forks, it lets those in too.',
    context === 'environment' &&
      event === 'pull_request' &&
      'It lets in every job that names this environment, those of pull requests too: restrict the branches of the environment in the repository settings.',
    context === 'branch' &&
      event !== 'merge_group' &&
      'It lets in every job of this branch that has the same subject, those that strangers can start too (pull_request_target, issue_comment, workflow_run): where the repository has such workflows, give this job an environment and trust that.',
    event === 'merge_group' &&
      context === 'branch' &&
      'This branch belongs to one merge of the merge queue and does not come again: give the job an environment and trust that.',
    form === 'custom' &&
      'The subject is customised: whatever job carries the same one is let in, perhaps of other repositories. Read it before you trust it.',
  ];
  return found.filter((sentence) => sentence !== false);
}

/** What a trust holds beyond the subject, and how to widen it: it accepts this very token, which may be less than was wanted. */
export function narrows(claims: Claims): string[] {
  const names = boundClaims(claims).map((bound) => bound.claim);
  const telling = names.filter((name) => name === 'ref' || name === 'job_workflow_ref');
  const passing = claim(claims, 'job_workflow_ref') !== undefined && !names.includes('job_workflow_ref');
  return [
    ...(telling.length > 0
      ? [
          `It holds ${telling.join(' and ')} too: leave out what is to differ (ref: other branches; job_workflow_ref: other workflow files).`,
        ]
      : []),
    ...(passing
      ? ['It does not hold job_workflow_ref, which is another one in each such run: any workflow file gets in.']
      : []),
  ];
}

/** A claim with one value: `aud` may be a list of one. */
function single(claims: Claims, name: string): string | undefined {
  const value = claims[name];
  const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof only === 'string' && only !== '' ? only : undefined;
}

/** `plain` changes what reads as a command of the runner or as a token, although its characters are harmless. */
function fits(value: string | undefined): boolean {
  return value !== undefined && SNIPPET.test(value) && plain(value) === value;
}
