// Who is who in the trust document: tenants by id or domain within their cloud, workload identities by client id.
import { type Cloud, knowsResource } from './clouds.ts';
import type { Refusal } from './refusal.ts';
import type { AzureTrust, Tenant, WorkloadIdentity } from './trust.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DOMAIN = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i;
/** Authorities that stand for no tenant: a client that signs in as itself cannot use them. */
const TENANTLESS = new Set(['common', 'organizations', 'consumers']);

/** By id or domain, among the tenants of this cloud only. */
export function findTenant(trust: AzureTrust, cloud: Cloud, name: string): Tenant | Refusal {
  if (TENANTLESS.has(name)) {
    const text =
      'No tenant-identifying information found in either the request or implied by any provided credentials.';
    return { code: 50059, error: 'invalid_request', text };
  }
  if (!GUID.test(name) && !DOMAIN.test(name)) {
    const text = `Specified tenant identifier '${name}' is neither a valid DNS name, nor a valid external domain.`;
    return { code: 900023, error: 'invalid_request', text };
  }
  const wanted = name.toLowerCase();
  const named = (tenant: Tenant) => [tenant.id, ...tenant.domains].some((n) => n.toLowerCase() === wanted);
  const tenant = trust.tenants.find((t) => (t.cloud ?? 'public') === cloud.name && named(t));
  if (tenant) return tenant;
  const text = `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`;
  return { code: 90002, error: 'invalid_request', text };
}

/** By client id; a disabled identity is refused. */
export function findIdentity(tenant: Tenant, clientId: string): WorkloadIdentity | Refusal {
  const identity = tenant.identities.find((i) => i.clientId.toLowerCase() === clientId.toLowerCase());
  if (!identity) {
    const text = `Application with identifier '${clientId}' was not found in the directory '${tenant.displayName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`;
    return { code: 700016, error: 'unauthorized_client', text };
  }
  if (!identity.disabled) return identity;
  const text = `Application '${identity.clientId}'(${identity.displayName}) is disabled.`;
  return { code: 7000112, error: 'unauthorized_client', text };
}

/** The resource of a `.default` scope, as it will stand in `aud`. */
export function resourceOf(scope: string): { resource: string } | Refusal {
  const scopes = scope.split(' ').filter((s) => s !== '');
  const resources = new Set(scopes.map((s) => s.slice(0, s.lastIndexOf('/'))));
  if (scopes.length > 1 && resources.size > 1) {
    const text = `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ${scope} is not valid.`;
    return { code: 28000, error: 'invalid_request', text };
  }
  const [only] = scopes;
  if (scopes.length !== 1 || only === undefined || !only.endsWith('/.default')) {
    const text = `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`;
    return { code: 1002012, error: 'invalid_scope', text };
  }
  const resource = only.slice(0, -'/.default'.length);
  if (GUID.test(resource) || /^[a-z][a-z0-9+.-]*:\/\/[^\s?#]+$/i.test(resource)) return { resource };
  const text = `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`;
  return { code: 70011, error: 'invalid_scope', text };
}

/** The refusal of a resource that neither the cloud nor the tenant knows. */
export function unknownResource(cloud: Cloud, tenant: Tenant, resource: string): Refusal | undefined {
  if (knowsResource(cloud, resource) || tenant.resources?.includes(resource)) return undefined;
  const text = `The resource principal named ${resource} was not found in the tenant named ${tenant.displayName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`;
  return { code: 500011, error: 'invalid_resource', text };
}

/** Tells a refusal from what was looked for. */
export function isRefusal(value: object): value is Refusal {
  return 'code' in value && 'error' in value;
}
