// What AccessDenied of AssumeRoleWithWebIdentity can mean: STS gives the same answer for all of it (facts: aws 8.4).
import type { Cause, Facts } from '../../core/advice.ts';
import { claim } from '../../core/claims.ts';
import { callsElsewhere, SUBJECT_CAUSES, shown } from '../../core/subject.ts';
import { partitionOf } from './partition.ts';
import type { AwsRequest } from './request.ts';

const PUBLIC_ISSUER = 'https://token.actions.githubusercontent.com';

/** The role's own name: the last segment, behind its path. */
export function roleName(request: AwsRequest): string {
  return request.roleArn.split('/').at(-1) ?? '';
}

/** How our own session names begin, and what a trust may ask for in `sts:RoleSessionName`. */
const OWN_SESSION = 'gh-';
const choosesSession = ({ request }: Facts<AwsRequest>) => request.sessionName?.startsWith(OWN_SESSION) === false;

/** The subject's causes stand first: of the conditions it is the one that differs from job to job. */
export const DENIED_CAUSES: readonly Cause<Facts<AwsRequest>>[] = [
  ...SUBJECT_CAUSES,
  {
    weight: ({ claims }) => (claim(claims, 'iss') === PUBLIC_ISSUER ? 12 : 65),
    tell: ({ claims }) =>
      `The trust policy names another provider: its Federated principal must end in oidc-provider/${hostOf(shown(claims, 'iss'))}, and its condition keys must begin with the same host.`,
  },
  {
    weight: ({ request }) => (request.audience === partitionOf(request.region).audience ? 25 : 55),
    tell: ({ request }) =>
      `The trust policy asks for another audience: its condition on aud must be ${request.audience}, as this step sends (aws-audience).`,
  },
  {
    weight: 45,
    tell: ({ request }) =>
      `There is no role ${roleName(request)} in account ${request.accountId}, or it has another path than the ARN in aws-role-arn: STS does not say so. \`aws iam get-role --role-name ${roleName(request)} --query Role.Arn\`, in that account, does.`,
  },
  {
    weight: 40,
    tell: () =>
      'A * in the subject under StringEquals: there it is a character like any other. Patterns need StringLike; an exact subject is safer.',
  },
  {
    weight: (facts) => (callsElsewhere(facts.claims) ? 50 : choosesSession(facts) ? 22 : 5),
    tell: (facts) =>
      choosesSession(facts)
        ? 'The trust policy wants another session name: look for sts:RoleSessionName in it, and at aws-session-name.'
        : `The trust policy has another condition that fails: on job_workflow_ref, here ${shown(facts.claims, 'job_workflow_ref')}; on sts:RoleSessionName; or on a claim that this token lacks.`,
  },
  {
    weight: ({ request }) => (isPrivate(request) ? 40 : 8),
    tell: ({ request }) =>
      isPrivate(request)
        ? 'The policy of the VPC endpoint in aws-sts-endpoint does not allow the call, or a service or resource control policy of the organisation denies it.'
        : 'A service or resource control policy of the organisation denies the call. Suspect it once trust policy and claims agree.',
  },
  {
    weight: ({ request }) => (roleName(request) === 'GitHubActions' ? 15 : 0),
    tell: () => 'The role is named GitHubActions, which has been reported not to work: try another name.',
  },
];

function hostOf(issuer: string): string {
  return issuer.replace(/^https:\/\//, '');
}

function isPrivate(request: AwsRequest): boolean {
  return new URL(request.endpoint).hostname.startsWith('vpce-');
}
