// Key Vault: one secret read with a token of the second scope that jobs ask for most.
import type { WorldClock } from '../clock.ts';
import { type Call, json, type Reply } from '../service.ts';
import type { AccessToken, AccessTokens } from './access-tokens.ts';
import type { Cloud } from './clouds.ts';
import type { AzureTrust, KeyVault, Tenant } from './trust.ts';

const READERS = new Set(['Key Vault Secrets User', 'Key Vault Secrets Officer', 'Key Vault Administrator']);

/** `GET https://<vault>.vault.azure.net/secrets/<name>`; another host's vault is unknown (undefined). */
export function readVault(call: Call, cloud: Cloud, trust: AzureTrust, tokens: AccessTokens, clock: WorldClock): Reply {
  const found = vaultAt(call.host, cloud, trust);
  if (!found) return vaultError(404, 'VaultNotFound', `The vault ${call.host} could not be found.`);
  const { vault, tenant } = found;
  const token = bearer(call, tokens, clock);
  if (!token) return challenge(cloud, tenant, 'AKV10000: Request is missing a Bearer or PoP token.');
  if (token.audience.replace(/\/$/, '') !== `https://${cloud.vaultDomain}`) {
    const text = `AKV10022: Invalid audience. Expected https://${cloud.vaultDomain}, found: ${token.audience}.`;
    return challenge(cloud, tenant, text);
  }
  if (token.tenantId !== tenant.id) return challenge(cloud, tenant, 'AKV10032: Invalid issuer.');
  const [, collection, name] = call.url.pathname.split('/');
  if (call.method !== 'GET' || collection !== 'secrets' || !name) {
    return vaultError(404, 'NotFound', 'The request URI contains an invalid name.');
  }
  if (!mayRead(token, vault)) return forbidden(token, vault, name);
  const value = Object.hasOwn(vault.secrets, name) ? vault.secrets[name] : undefined;
  if (value === undefined) {
    const text = `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.`;
    return vaultError(404, 'SecretNotFound', text);
  }
  return json(200, { value, id: `https://${call.host}/secrets/${name}/1`, attributes: { enabled: true } });
}

function vaultAt(host: string, cloud: Cloud, trust: AzureTrust): { vault: KeyVault; tenant: Tenant } | undefined {
  const name = host.slice(0, -`.${cloud.vaultDomain}`.length);
  for (const tenant of trust.tenants) {
    const vault = tenant.vaults?.find((v) => v.name === name);
    if (vault && (tenant.cloud ?? 'public') === cloud.name) return { vault, tenant };
  }
  return undefined;
}

function bearer(call: Call, tokens: AccessTokens, clock: WorldClock): AccessToken | undefined {
  const [, jwt] = /^Bearer (\S+)$/i.exec(call.headers.authorization ?? '') ?? [];
  const token = jwt === undefined ? undefined : tokens.find(jwt);
  return token && clock.seconds() < token.expiresAt ? token : undefined;
}

function mayRead(token: AccessToken, vault: KeyVault): boolean {
  const resource = vault.resourceId.toLowerCase();
  const reaches = (scope: string) => resource === scope || resource.startsWith(`${scope}/`);
  const assignments = token.identity.roleAssignments ?? [];
  return assignments.some(({ role, scope }) => READERS.has(role) && reaches(scope.toLowerCase()));
}

function forbidden(token: AccessToken, vault: KeyVault, name: string): Reply {
  const { clientId, objectId } = token.identity;
  const text = `Caller is not authorized to perform action on resource.\r\nCaller: appid=${clientId};oid=${objectId}\r\nAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\nResource: '${vault.resourceId}/secrets/${name}'`;
  return vaultError(403, 'Forbidden', text);
}

/** Clients learn the tenant and the resource from this header. */
function challenge(cloud: Cloud, tenant: Tenant, text: string): Reply {
  const scheme = `Bearer authorization="https://${cloud.authorityHost}/${tenant.id}", resource="https://${cloud.vaultDomain}"`;
  const reply = vaultError(401, 'Unauthorized', text);
  return { ...reply, headers: { ...reply.headers, 'www-authenticate': scheme } };
}

function vaultError(status: number, code: string, message: string): Reply {
  return json(status, { error: { code, message } });
}
