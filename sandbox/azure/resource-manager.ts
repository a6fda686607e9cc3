// Azure Resource Manager, as far as a job looks at it first: subscriptions and their resource groups, under role assignments.
import type { WorldClock } from '../clock.ts';
import { type Call, json, type Reply } from '../service.ts';
import type { AccessToken, AccessTokens } from './access-tokens.ts';
import type { Cloud } from './clouds.ts';
import { armHeaders, managementToken } from './management-token.ts';
import type { AzureTrust, Subscription, Tenant } from './trust.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `GET /subscriptions`, `/subscriptions/{id}` and its resource groups; all else is not found. */
export function manage(call: Call, cloud: Cloud, trust: AzureTrust, tokens: AccessTokens, clock: WorldClock): Reply {
  const [, collection, id, child, ...more] = call.url.pathname.split('/');
  if (collection?.toLowerCase() !== 'subscriptions' || more.length > 0 || call.method !== 'GET')
    return unknownPath(call);
  const token = managementToken(call, cloud, tokens, clock);
  if ('status' in token) return token;
  if (!call.url.searchParams.get('api-version')) {
    const text = 'The api-version query parameter (?api-version=) is required for all requests.';
    return armError(400, 'MissingApiVersionParameter', text);
  }
  const tenant = trust.tenants.find((t) => t.id === token.tenantId);
  if (!tenant) return armError(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
  if (!id) return subscriptionList(tenant, token);
  return oneSubscription(id, child, trust, tenant, token);
}

/** Only what a role assignment reaches is listed; nothing at all is no error. */
function subscriptionList(tenant: Tenant, token: AccessToken): Reply {
  const seen = tenant.subscriptions.filter((subscription) => mayRead(token, subscription));
  const value = seen.map((subscription) => shown(subscription, tenant));
  return json(200, { value, count: { type: 'Total', value: value.length } }, armHeaders());
}

function oneSubscription(
  id: string,
  child: string | undefined,
  trust: AzureTrust,
  tenant: Tenant,
  token: AccessToken,
): Reply {
  if (!GUID.test(id)) {
    const text = `The provided subscription identifier '${id}' is malformed or invalid.`;
    return armError(400, 'InvalidSubscriptionId', text);
  }
  const owns = (t: Tenant) => t.subscriptions.some((s) => s.id.toLowerCase() === id.toLowerCase());
  const owner = trust.tenants.find(owns);
  if (owner && owner.id !== tenant.id) return wrongTenant(owner, tenant);
  const subscription = tenant.subscriptions.find((s) => s.id.toLowerCase() === id.toLowerCase());
  if (!subscription) return armError(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);
  if (!mayRead(token, subscription)) return forbidden(token, subscription, child);
  if (child === undefined) return json(200, shown(subscription, tenant), armHeaders());
  if (child.toLowerCase() !== 'resourcegroups')
    return armError(404, 'InvalidResourceType', 'The resource type could not be found.');
  return json(200, { value: groups(subscription) }, armHeaders());
}

/** A role on the subscription or on anything within it lets its holder see the subscription. */
function mayRead(token: AccessToken, subscription: Subscription): boolean {
  const scope = `/subscriptions/${subscription.id}`.toLowerCase();
  const reached = (given: string) => given === scope || given.startsWith(`${scope}/`);
  return (token.identity.roleAssignments ?? []).some(({ scope: given }) => reached(given.toLowerCase()));
}

function forbidden(token: AccessToken, subscription: Subscription, child: string | undefined): Reply {
  const { clientId, objectId } = token.identity;
  const action =
    child === undefined
      ? 'Microsoft.Resources/subscriptions/read'
      : 'Microsoft.Resources/subscriptions/resourceGroups/read';
  const text = `The client '${clientId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '/subscriptions/${subscription.id}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  return armError(403, 'AuthorizationFailed', text);
}

function wrongTenant(owner: Tenant, asked: Tenant): Reply {
  const text = `The access token is from the wrong issuer 'https://sts.windows.net/${asked.id}/'. It must match the tenant 'https://sts.windows.net/${owner.id}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${owner.id}' to get the token.`;
  return armError(401, 'InvalidAuthenticationTokenTenant', text);
}

function shown(subscription: Subscription, tenant: Tenant): object {
  return {
    id: `/subscriptions/${subscription.id}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: subscription.id,
    tenantId: tenant.id,
    displayName: subscription.displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}

function groups(subscription: Subscription): object[] {
  return (subscription.resourceGroups ?? []).map(({ name, location }) => ({
    id: `/subscriptions/${subscription.id}/resourceGroups/${name}`,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location,
    properties: { provisioningState: 'Succeeded' },
  }));
}

function unknownPath(call: Call): Reply {
  const text = `No registered resource provider found for '${call.method} ${call.url.pathname}'.`;
  return armError(404, 'NotFound', text);
}

function armError(status: number, code: string, message: string): Reply {
  return json(status, { error: { code, message } }, armHeaders());
}
