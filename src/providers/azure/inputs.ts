// Azure: the inputs it owns, and from their texts to a checked request.
import { type Checked, Problems } from '../../core/checked.ts';
import { input, type Values } from '../../core/input.ts';
import { list, matching, oneOf } from '../../core/kinds.ts';
import type { Terms } from '../../core/provider.ts';
import { AZURE_CLOUDS, type AzureCloud, CLOUD_FACTS } from './cloud.ts';

const GUID = /[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/;
const guid = matching(GUID, 'a GUID, such as 11111111-1111-4111-8111-111111111111');
const tenant = matching(
  new RegExp(`${GUID.source}|[a-z0-9]([a-z0-9-]*\\.)+[a-z]{2,}`, 'i'),
  "a tenant id (GUID) or one of the tenant's domains",
);
const CONSUMERS = ['sdk', 'terraform', 'cli'] as const;

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
    description: 'Who is to find credentials: `sdk`, `terraform`, `cli`.',
  }),
} as const;

/** A checked request: plain data. */
export interface AzureRequest {
  readonly clientId: string;
  readonly tenantId: string;
  readonly subscriptionId?: string;
  readonly cloud: AzureCloud;
  readonly authority: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly consumers: readonly (typeof CONSUMERS)[number][];
  /** Seconds, where the user set it: Entra's tokens cannot be shortened, so more is worth a warning. */
  readonly lifetime?: number;
}

export function checkAzure(values: Values<typeof azureInputs>, terms: Terms): Checked<AzureRequest> {
  const problems = new Problems();
  const clientId = values.clientId?.value ?? '';
  const tenantId = values.tenantId?.value;
  if (!tenantId)
    problems.add('inputs/missing', `azure-tenant-id: is required with azure-client-id. It takes ${tenant.takes}.`);
  if (values.consumers.value.includes('cli')) {
    problems.add(
      'inputs/not-yet',
      'azure-consumers: this version of the action does not have `cli` yet. Leave it out of the list.',
    );
  }
  if (problems.list.length > 0 || !tenantId) return { ok: false, problems: problems.list };
  const facts = CLOUD_FACTS[values.cloud.value];
  return {
    ok: true,
    value: {
      clientId,
      tenantId,
      cloud: values.cloud.value,
      authority: facts.authority,
      audience: values.audience?.value ?? facts.audience,
      scopes: [...new Set(values.scopes?.value ?? [facts.scope])],
      consumers: values.consumers.value,
      ...(values.subscriptionId && { subscriptionId: values.subscriptionId.value }),
      ...(terms.lifetimeGiven && { lifetime: terms.lifetime }),
    },
  };
}

/** The identity token of the token file: its own, since a consumer will exchange it. */
export const FILE_USE = 'file';

/** The identity token of a scope: one exchange, one token. */
export function useOf(scope: string): string {
  return `exchange ${scope}`;
}
