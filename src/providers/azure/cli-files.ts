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
    // As everywhere but on Windows: the folder is closed to others, and the keeper renews what is in it.
    'encrypt_token_cache = false',
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

/** By which post tells of the login. */
export function loginName({ clientId }: AzureRequest): string {
  return `Azure CLI login (${clientId})`;
}

/** Where az keeps its access tokens. */
export const TOKENS = 'msal_token_cache.json';

/** When the last of them ends, milliseconds. */
export function lastEnd(tokens: readonly { readonly expiresAt?: number }[]): number | undefined {
  const ends = tokens.flatMap((token) => token.expiresAt ?? []);
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** The access tokens in the cache of az; none where it keeps them in another form (encrypted). */
export function cachedTokens(cache: string | undefined): { value: string; expiresAt?: number }[] {
  const content = cache === undefined ? undefined : parsed(cache);
  const tokens = isRecord(content) && isRecord(content.AccessToken) ? Object.values(content.AccessToken) : [];
  return tokens.filter(isRecord).flatMap(({ secret, expires_on: expires }) => {
    if (typeof secret !== 'string') return [];
    const seconds = Number(expires);
    return [{ value: secret, ...(seconds > 0 && { expiresAt: seconds * 1000 }) }];
  });
}

/** Where az keeps what it signs in with, and the file that is there while one of them writes it (az 2.91, from its source). */
export const LOGINS = 'service_principal_entries.json';
export const LOGINS_LOCK = `${LOGINS}.lockfile`;

/**
 * The logins of az with another identity token in ours; undefined where ours is there no more (`az logout`, another login of the same
 * identity). Other logins stay as they are. Throws where it is no list of logins.
 */
export function withToken(logins: string, { clientId, tenantId }: AzureRequest, token: string): string | undefined {
  const list: unknown = JSON.parse(logins);
  if (!Array.isArray(list)) throw new TypeError('no list of logins');
  const ours = list.find((entry) => isRecord(entry) && isOurs(entry, clientId, tenantId));
  if (!ours) return undefined;
  return JSON.stringify(
    list.map((entry) => (entry === ours ? { ...entry, client_assertion: token } : entry)),
    null,
    4,
  );
}

/** Ids in whatever case: az keeps them as it was given them. */
function isOurs(entry: Record<string, unknown>, clientId: string, tenantId: string): boolean {
  const same = (value: unknown, id: string) => typeof value === 'string' && value.toLowerCase() === id.toLowerCase();
  return same(entry.client_id, clientId) && same(entry.tenant, tenantId) && typeof entry.client_assertion === 'string';
}

/** Whether our login is there in the form that `withToken` knows: an old az, or one that was told to encrypt, keeps it otherwise. */
export function isPlain(logins: string | undefined, request: AzureRequest): boolean {
  try {
    return logins !== undefined && withToken(logins, request, '') !== undefined;
  } catch {
    return false;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
