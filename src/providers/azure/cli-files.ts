// What the Azure CLI reads and writes: its settings, the accounts that a login prints, the tokens and the login it keeps (az 2.91, measured).
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
    // As everywhere but on Windows: what it obtains has to be read to be masked, and its login to be kept fresh.
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

/** The access tokens in the cache of az; none where it keeps them in another form. */
export function cachedTokens(cache: string | undefined): { value: string; expiresAt?: number }[] {
  const content = cache === undefined ? undefined : parsed(cache);
  const tokens = isRecord(content) && isRecord(content.AccessToken) ? Object.values(content.AccessToken) : [];
  return tokens.filter(isRecord).flatMap(({ secret, expires_on: expires }) => {
    if (typeof secret !== 'string') return [];
    const seconds = Number(expires);
    return [{ value: secret, ...(seconds > 0 && { expiresAt: seconds * 1000 }) }];
  });
}

/** Where az keeps what it logged in with, in its own folder. */
export const LOGIN_FILE = 'service_principal_entries.json';

/**
 * The login that az keeps, with another identity token for this client: what az asks Entra with once an access token has ended. Undefined where it
 * keeps no such login (any more): a later step may have logged out, or in as somebody else.
 */
export function withAssertion(content: string | undefined, clientId: string, assertion: string): string | undefined {
  const entries = content === undefined ? undefined : parsed(content);
  if (!Array.isArray(entries)) return undefined;
  const isOurs = (entry: unknown): entry is Record<string, unknown> =>
    isRecord(entry) &&
    typeof entry.client_id === 'string' &&
    entry.client_id.toLowerCase() === clientId.toLowerCase() &&
    typeof entry.client_assertion === 'string';
  if (!entries.some(isOurs)) return undefined;
  const fresh = entries.map((entry: unknown) => (isOurs(entry) ? { ...entry, client_assertion: assertion } : entry));
  return JSON.stringify(fresh, null, 4);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
