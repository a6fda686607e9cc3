// The two sides of a chained hop: the trust policy of its role, and the permission of the role before it.
import type { Claims } from '../../core/claims.ts';
import { jsonLines } from '../../core/quoting.ts';
import { whyNoTrust } from '../../core/trustable.ts';
import { hopOf } from './hop-advice.ts';
import type { AwsRequest } from './request.ts';

/** Lines to paste, or the one line that says why there are none. `number`: which hop, from 1. */
export function hopTrust(request: AwsRequest, claims: Claims, number: number): readonly string[] {
  const refused = whyNoTrust(claims);
  if (refused) return [refused];
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
