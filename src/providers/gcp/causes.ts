// What Google's refusals leave open: a condition that was false, a permission that was not there (facts: gcp 2, 8.1).
import type { Cause, Facts } from '../../core/advice.ts';
import { claim } from '../../core/claims.ts';
import { callsElsewhere, readSubject, shown } from '../../core/subject.ts';
import type { GcpRequest } from './request.ts';

type GcpFacts = Facts<GcpRequest>;

export const FRESH = 'Run the job again if it was set up just now: a change can take five minutes to arrive.';

const immutable = ({ claims }: GcpFacts) => readSubject(claims).form === 'immutable';

/** The condition may be on any claim: those that vary between jobs stand first. */
export const CONDITION_CAUSES: readonly Cause<GcpFacts>[] = [
  {
    weight: (facts) => (immutable(facts) ? 80 : 0),
    tell: () =>
      'The condition is on assertion.sub, or on a part of it, in the classic form: this subject is repo:OWNER@ID/REPO@ID:... Conditions on assertion.repository_id are not touched by it.',
  },
  {
    weight: ({ claims }) => (claim(claims, 'ref')?.startsWith('refs/pull/') ? 75 : 0),
    tell: ({ claims }) =>
      `The condition asks for a branch: for a pull request assertion.ref is ${shown(claims, 'ref')}. Widening it would let in unreviewed code.`,
  },
  {
    weight: 60,
    tell: ({ claims }) =>
      `The condition names another repository or owner, or differs in upper and lower case: here they are ${shown(claims, 'repository')} and ${shown(claims, 'repository_owner')}.`,
  },
  {
    weight: ({ claims }) => (claim(claims, 'environment') ? 35 : 50),
    tell: ({ claims }) =>
      `The condition is on assertion.environment, which is ${shown(claims, 'environment')}, or on another claim that this token lacks: that makes a condition false.`,
  },
  {
    weight: ({ claims }) => (claim(claims, 'ref')?.startsWith('refs/pull/') ? 0 : 45),
    tell: ({ claims }) => `The condition asks for another branch or tag: assertion.ref is ${shown(claims, 'ref')}.`,
  },
  {
    weight: 40,
    tell: ({ claims }) =>
      `The condition compares an id as a number: ids are texts, such as assertion.repository_id == "${shown(claims, 'repository_id')}".`,
  },
  {
    weight: ({ claims }) => (callsElsewhere(claims) ? 65 : 30),
    tell: ({ claims }) =>
      `The condition asks for another workflow or event: assertion.job_workflow_ref is ${shown(claims, 'job_workflow_ref')}, assertion.event_name is ${shown(claims, 'event_name')}.`,
  },
];

/** Who may act as the service account; the answer is the same where there is none. */
export const DENIED_CAUSES: readonly Cause<GcpFacts>[] = [
  {
    weight: (facts) => (immutable(facts) ? 80 : 0),
    tell: () =>
      'The binding is for a principal://.../subject/... in the classic form: this subject is repo:OWNER@ID/REPO@ID:... A binding by attribute.repository_id is not touched by it.',
  },
  {
    weight: 70,
    tell: () =>
      'Neither the account nor its project has a binding of roles/iam.workloadIdentityUser for this job (roles/iam.serviceAccountUser does not do). Add it on the account: on the project it would be for all its accounts.',
  },
  {
    weight: 60,
    tell: () =>
      'The binding is for an attribute that the provider does not map, or maps to another value; and one principalSet takes one attribute only.',
  },
  {
    weight: 50,
    tell: ({ request }) =>
      `There is no service account ${request.serviceAccount ?? ''}: Google does not say so. Check gcp-service-account, letter by letter.`,
  },
  {
    weight: 40,
    tell: ({ request }) =>
      `The binding is for another pool, or names the project by its id: it must begin with principalSet or principal, then ${poolOf(request)}.`,
  },
];

/** `//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL`: how the members of its bindings begin. */
export function poolOf(request: GcpRequest): string {
  return `//iam.googleapis.com/${request.provider.replace(/\/providers\/[^/]+$/, '')}`;
}
