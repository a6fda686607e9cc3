// Azure: the inputs it owns, and from their texts to a checked request.

import { input } from '../../core/input.ts';
import { list, matching, oneOf } from '../../core/kinds.ts';
import { AZURE_CLOUDS } from './cloud.ts';

const GUID = /[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/;
const guid = matching(GUID, 'a GUID, such as 11111111-1111-4111-8111-111111111111');
export const tenant = matching(
  new RegExp(`${GUID.source}|[a-z0-9]([a-z0-9-]*\\.)+[a-z]{2,}`, 'i'),
  "a tenant id (GUID) or one of the tenant's domains",
);
export const CONSUMERS = ['sdk', 'terraform', 'cli'] as const;

export const azureInputs = {
  clientId: input({
    name: 'azure-client-id',
    kind: guid,
    description: 'Client id of the app registration or user-assigned identity that trusts this job. Asks for Azure.',
  }),
  tenantId: input({
    name: 'azure-tenant-id',
    kind: tenant,
    description: 'Its tenant: id or domain. Required with `azure-client-id`.',
  }),
  subscriptionId: input({
    name: 'azure-subscription-id',
    kind: guid,
    description: 'Subscription that later steps work in.',
  }),
  cloud: input({
    name: 'azure-cloud',
    kind: oneOf(...AZURE_CLOUDS),
    default: 'public',
    description: 'The Azure cloud: `public`, `usgovernment` or `china`.',
  }),
  audience: input({
    name: 'azure-audience',
    kind: matching(/[\w./:+=,@-]{1,255}/, 'an audience'),
    description: 'Audience of the identity token; default from the cloud (`api://AzureADTokenExchange`).',
  }),
  scopes: input({
    name: 'azure-scopes',
    kind: list(
      matching(
        /(https|api):\/\/[\w.:/-]{1,200}\/\.default|[0-9a-fA-F-]{36}\/\.default/,
        'a scope that ends in /.default',
      ),
    ),
    description: "Scopes to get an access token for, one each; default the cloud's resource manager.",
  }),
  consumers: input({
    name: 'azure-consumers',
    kind: list(oneOf(...CONSUMERS)),
    default: 'sdk, terraform',
    description:
      'Who is to find credentials: `sdk`, `terraform`, `cli`. `cli` logs `az` in, in a configuration folder of the step alone.',
  }),
} as const;
