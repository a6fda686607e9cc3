// From Azure's inputs to a checked request.

import { type Checked, Problems } from '../../core/checked.ts';
import type { Values } from '../../core/input.ts';
import type { Terms } from '../../core/provider.ts';
import { type AzureCloud, CLOUD_FACTS } from './cloud.ts';
import { type azureInputs, type CONSUMERS, tenant } from './inputs.ts';

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
  /** Whether the access tokens become outputs. */
  readonly outputs?: true;
  /** Seconds, where the user set it: Entra's tokens cannot be shortened, so more is worth a warning. */
  readonly lifetime?: number;
}

/** The identity token of the token file: its own, since a consumer will exchange it. */
export const FILE_USE = 'file';

/** Seconds that an identity token lives (facts: github 2.1). */
export const TOKEN_FILE_LIFE = 300;
/** The token file's name in the step's folder. */
export const TOKEN_FILE = 'azure-identity-token';

/** The identity token that the Azure CLI signs in with, and keeps. */
export const CLI_USE = 'cli';

/** The identity token of a scope: one exchange, one token. */
export function useOf(scope: string): string {
  return `exchange ${scope}`;
}

export function checkAzure(values: Values<typeof azureInputs>, terms: Terms): Checked<AzureRequest> {
  const problems = new Problems();
  const clientId = values.clientId?.value ?? '';
  const tenantId = values.tenantId?.value;
  if (!tenantId)
    problems.add('inputs/missing', `azure-tenant-id: is required with azure-client-id. It takes ${tenant.takes}.`);
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
      ...(terms.outputs.has('azure') && { outputs: true }),
      ...(values.subscriptionId && { subscriptionId: values.subscriptionId.value }),
      ...(terms.lifetimeGiven && { lifetime: terms.lifetime }),
    },
  };
}
