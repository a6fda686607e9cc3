// The two sides of a chained hop: the trust policy of its role, and the permission of the role before it.
import type { Snippet } from '../../core/documents.ts';
import { jsonLines } from '../../core/quoting.ts';
import { hopOf } from './hop-advice.ts';
import type { AwsRequest } from './request.ts';

/** Only after `whyNoTrust` had nothing against the claims. `number`: which hop, from 1. */
export function hopSnippets(request: AwsRequest, number: number): Snippet[] {
  const { role, by, actions } = hopOf(request, number);
  const externalId = request.chain?.externalId;
  const trusted = {
    Effect: 'Allow',
    Principal: { AWS: by },
    Action: actions,
    ...(externalId !== undefined && { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
  };
  const permitted = { Effect: 'Allow', Action: actions, Resource: role };
  return [
    {
      title: `Trust policy of ${role} (IAM, Roles, Trust relationships). Where it has statements for others, add this one to them`,
      language: 'json',
      place: 'log',
      lines: jsonLines({ Version: '2012-10-17', Statement: [trusted] }),
    },
    {
      title: `Permissions of ${by}`,
      language: 'json',
      place: 'log',
      lines: jsonLines({ Version: '2012-10-17', Statement: [permitted] }),
    },
  ];
}
