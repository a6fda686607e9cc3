// The trust policy that accepts exactly this token, and the provider that it needs (facts: aws 8.1-8.3).
import type { Claims } from '../../core/claims.ts';
import type { Failure } from '../../core/failure.ts';
import { jsonLines, shell } from '../../core/quoting.ts';
import { readSubject } from '../../core/subject.ts';
import { admits, type Speaker, speakerOf, whyNoTrust } from '../../core/trustable.ts';
import { roleName } from './causes.ts';
import { hopTrust } from './hop-trust.ts';
import type { AwsRequest } from './request.ts';

/** Issuers for which STS knows GitHub's claims beside `sub` and `aud`; in the public partition, as far as it is known. */
const KNOWS_CLAIMS = /^https:\/\/token\.actions\.(githubusercontent\.com|[a-z0-9-]+\.ghe\.com)(\/[\w-]+)?$/;

/**
 * Lines to paste; or the one line that says why there are none. For a failure those that would mend it; without one those of every role of
 * a chain.
 */
export function trust(request: AwsRequest, claims: Claims, failure?: Failure): readonly string[] {
  const refused = whyNoTrust(claims);
  if (refused) return [refused];
  const hop = failure?.evidence.hop;
  if (hop !== undefined) return hopTrust(request, hop);
  const hops = failure ? [] : (request.chain?.roleArns ?? []);
  return [...firstTrust(request, claims), ...hops.flatMap((_, i) => hopTrust(request, i + 1))];
}

/** Of the role that takes the identity token. */
function firstTrust(request: AwsRequest, claims: Claims): readonly string[] {
  const speaker = speakerOf(claims);
  const host = speaker.issuer.replace(/^https:\/\//, '');
  const [, partition = 'aws'] = request.roleArn.split(':');
  const provider = `arn:${partition}:iam::${request.accountId}:oidc-provider/${host}`;
  const byId = partition === 'aws' && readSubject(claims).form !== 'immutable' && KNOWS_CLAIMS.test(speaker.issuer);
  const policy = { Version: '2012-10-17', Statement: [statement(provider, host, speaker, byId)] };
  return [
    `Trust policy of the role ${roleName(request)} (IAM, Roles, Trust relationships). Where it has statements for others, add this one to them:`,
    ...jsonLines(policy),
    ...admits(claims),
    `It needs the OIDC provider ${host} in account ${request.accountId}. Where there is none:`,
    `aws iam create-open-id-connect-provider --url ${shell(speaker.issuer)} --client-id-list ${shell(speaker.audience)}`,
    'Where it is there, but does not list the audience:',
    `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${shell(provider)} --client-id ${shell(speaker.audience)}`,
  ];
}

/** A classic subject is made of names, which can pass to others: the repository's id holds it fast. */
function statement(provider: string, host: string, speaker: Speaker, byId: boolean): object {
  const { audience, subject, repositoryId } = speaker;
  const id = byId && repositoryId ? { [`${host}:repository_id`]: repositoryId } : {};
  return {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${host}:aud`]: audience, [`${host}:sub`]: subject, ...id } },
  };
}
