// The documents that clients of Entra read before they sign in: a tenant's endpoints and keys, and which hosts are one authority.
import { json, type Reply } from '../service.ts';
import { CLOUDS, type Cloud } from './clouds.ts';
import { publishedKeys } from './signing.ts';
import type { Tenant } from './trust.ts';

/** `/{tenant}/v2.0/.well-known/openid-configuration`. It names no revocation endpoint: Entra has none. */
export function openidConfiguration(tenant: Tenant, cloud: Cloud): Reply {
  const authority = `https://${cloud.authorityHost}/${tenant.id}`;
  return json(200, {
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${authority}/v2.0`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `https://${cloud.graphHost}/oidc/userinfo`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${authority}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'tid', 'ver'],
    tenant_region_scope: cloud.tenantRegion,
    cloud_instance_name: cloud.authorityHost.replace(/^login\./, ''),
    msgraph_host: cloud.graphHost,
  });
}

/** `/{tenant}/discovery/v2.0/keys` */
export async function keys(tenant: Tenant, cloud: Cloud): Promise<Reply> {
  return json(200, await publishedKeys(`https://${cloud.authorityHost}/${tenant.id}/v2.0`));
}

/** `/common/discovery/instance`: which authorities exist. An unknown one is an `invalid_instance`. */
export function instanceDiscovery(url: URL): Reply {
  const endpoint = url.searchParams.get('authorization_endpoint') ?? '';
  const asked = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const cloud = CLOUDS.find((c) => c.authorityHost === asked?.host);
  if (!asked || !cloud) {
    return json(400, { error: 'invalid_instance', error_description: 'AADSTS50049: Unknown or invalid instance.' });
  }
  const tenant = asked.pathname.split('/')[1] ?? 'common';
  return json(200, {
    tenant_discovery_endpoint: `https://${cloud.authorityHost}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: CLOUDS.map(({ authorityHost }) => ({
      preferred_network: authorityHost,
      preferred_cache: authorityHost,
      aliases: [authorityHost],
    })),
  });
}
