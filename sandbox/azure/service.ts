// Microsoft Entra and the Azure behind it: which host and path is which part.
import { type Call, json, type Reply, type Service } from '../service.ts';
import { AccessTokens } from './access-tokens.ts';
import { CLOUDS, type Cloud } from './clouds.ts';
import type { AzureContext } from './context.ts';
import { findTenant, isRefusal } from './directory.ts';
import { instanceDiscovery, keys, openidConfiguration } from './discovery.ts';
import { readVault } from './key-vault.ts';
import { refused, traceOf } from './refusal.ts';
import { manage } from './resource-manager.ts';
import { prepareSigningKey } from './signing.ts';
import { answerTokenRequest } from './token-endpoint.ts';

interface Place {
  readonly cloud: Cloud;
  readonly part: 'authority' | 'management' | 'vault';
}

/** Plays the authorities, resource managers and key vaults of the three clouds, by the trust document. */
export function azureService(context: AzureContext): Service {
  const tokens = new AccessTokens(context.clock, context.ledger);
  void prepareSigningKey();
  return {
    name: 'azure',
    plays: (host) => placeOf(host) !== undefined,
    operation,
    answer(call) {
      const place = placeOf(call.host);
      if (place?.part === 'authority') return authority(call, place.cloud, context, tokens);
      if (place?.part === 'management') return manage(call, place.cloud, context.trust(), tokens, context.clock);
      if (place?.part === 'vault') return readVault(call, place.cloud, context.trust(), tokens, context.clock);
      return json(404, { error: 'not_found' });
    },
  };
}

function placeOf(host: string): Place | undefined {
  for (const cloud of CLOUDS) {
    if (host === cloud.authorityHost) return { cloud, part: 'authority' };
    if (host === cloud.managementHost) return { cloud, part: 'management' };
    if (/^[a-z][a-z0-9-]{1,22}[a-z0-9]\./i.test(host) && host.split('.').slice(1).join('.') === cloud.vaultDomain) {
      return { cloud, part: 'vault' };
    }
  }
  return undefined;
}

/** `token`, `openid-configuration`, `keys`, `instance discovery`, `subscriptions`, `secrets`; else method and path. */
function operation(call: Call): string {
  const { pathname } = call.url;
  if (pathname.endsWith('/oauth2/v2.0/token')) return 'token';
  if (pathname.endsWith('/.well-known/openid-configuration')) return 'openid-configuration';
  if (pathname.endsWith('/discovery/v2.0/keys')) return 'keys';
  if (pathname.endsWith('/discovery/instance')) return 'instance discovery';
  const [, collection] = pathname.split('/');
  return collection === 'subscriptions' || collection === 'secrets' ? collection : `${call.method} ${pathname}`;
}

async function authority(call: Call, cloud: Cloud, context: AzureContext, tokens: AccessTokens): Promise<Reply> {
  const [, tenantName = '', ...rest] = call.url.pathname.split('/').map(decoded);
  const path = rest.join('/');
  if (path === 'oauth2/v2.0/token') return answerTokenRequest(call, tenantName, cloud, context, tokens);
  if (call.method !== 'GET') return json(404, { error: 'not_found' });
  if (path === 'discovery/instance') return instanceDiscovery(call.url);
  if (path !== 'v2.0/.well-known/openid-configuration' && path !== 'discovery/v2.0/keys') {
    return json(404, { error: 'not_found' });
  }
  const tenant = findTenant(context.trust(), cloud, tenantName);
  if (isRefusal(tenant)) {
    return refused(tenant, traceOf(call.headers['client-request-id'], context.clock.now()), cloud.authorityHost);
  }
  return path === 'discovery/v2.0/keys' ? keys(tenant, cloud) : openidConfiguration(tenant, cloud);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
