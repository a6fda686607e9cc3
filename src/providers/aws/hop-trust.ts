// The two sides of a chained hop: the trust policy of its role, and the permission of the role before it.
import { jsonLines } from '../../core/quoting.ts';
import { hopOf } from './hop-advice.ts';
import type { AwsRequest } from './request.ts';

/** Lines to paste. Only after `whyNoTrust` had nothing against the claims. `number`: which hop, from 1. */
export function hopTrust(request: AwsRequest, number: number): readonly string[] {
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
    `Trust policy of ${role} (IAM, Roles, Trust relationships). Where it has statements for others, add this one to them:`,
    ...jsonLines({ Version: '2012-10-17', Statement: [trusted] }),
    `Permissions of ${by}:`,
    ...jsonLines({ Version: '2012-10-17', Statement: [permitted] }),
  ];
}
