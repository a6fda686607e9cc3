// What the Azure CLI reads and writes: its settings, the accounts that a login prints, the tokens it keeps (az 2.91, measured).
import { isRecord } from '../../core/http.ts';
import { type AzureCloud, CLOUD_FACTS } from './cloud.ts';
import type { AzureRequest } from './request.ts';

/** The folder's settings: which cloud, and nothing that sends, asks or updates by itself. Later steps' az reads them too. */
export function settingsFile(cloud: AzureCloud): string {
  return [
    '[cloud]',
    `name = ${CLOUD_FACTS[cloud].cliName}`,
    '[core]',
    'collect_telemetry = false',
    'survey_message = false',
    'login_experience_v2 = off',
    '[auto-upgrade]',
    'enable = no',
    '',
  ].join('\n');
}

export interface Account {
  readonly id: string;
  readonly isDefault: boolean;
  /** The tenant itself, where az sees no subscription. */
  readonly isTenant: boolean;
}

/** The accounts of our own client in what `az login --output json` printed; none where it printed anything else. */
export function accounts(printed: string, request: AzureRequest): Account[] {
  const list = parsed(printed);
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).flatMap(({ id, isDefault, tenantId, user }) => {
    const name = isRecord(user) ? user.name : undefined;
    if (typeof id !== 'string' || typeof name !== 'string') return [];
    if (name.toLowerCase() !== request.clientId.toLowerCase()) return [];
    return [{ id, isDefault: isDefault === true, isTenant: id === tenantId }];
  });
}

/** The access tokens in the cache of az; none where it keeps them in another form (encrypted, on Windows). */
export function cachedTokens(cache: string | undefined): { value: string; expiresAt?: number }[] {
  const content = cache === undefined ? undefined : parsed(cache);
  const tokens = isRecord(content) && isRecord(content.AccessToken) ? Object.values(content.AccessToken) : [];
  return tokens.filter(isRecord).flatMap(({ secret, expires_on: expires }) => {
    if (typeof secret !== 'string') return [];
    const seconds = Number(expires);
    return [{ value: secret, ...(seconds > 0 && { expiresAt: seconds * 1000 }) }];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
