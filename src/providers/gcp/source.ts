// Where the credentials file says that the identity token is: in a file beside it, or at the step's keeper.
import type { PlannedFile } from '../../core/grant.ts';
import type { Identity, Keeper } from '../../core/provider.ts';

export const TOKEN_FILE = 'gcp-identity-token';
/** Where the keeper serves it, and as what. */
export const SOURCE_PATH = '/gcp';
export const TOKEN_FIELD = 'value';
export const bearer = (secret: string) => `Bearer ${secret}`;

/** `served`: neither the request token nor an identity token is on disk, and the file is worth nothing without the keeper. */
export type SourceForm = 'served' | 'file';

/** A client that would ask the proxy for the keeper gets the file instead: it is replaced in time just as well. */
export function sourceForm(keeper: Keeper | undefined): SourceForm {
  return keeper && !keeper.behindProxy ? 'served' : 'file';
}

/** The token's own file, where it has one. */
export function sourceFiles(identity: Identity, keeper: Keeper | undefined): PlannedFile[] {
  if (sourceForm(keeper) === 'served') return [];
  return [{ name: TOKEN_FILE, content: () => identity.token, variables: [], outputs: [] }];
}

/** `credential_source` of the credentials file (facts: gcp 1.3). */
export function credentialSource(path: (name: string) => string, keeper: Keeper | undefined): object {
  if (!keeper || sourceForm(keeper) === 'file') return { file: path(TOKEN_FILE) };
  return {
    url: `${keeper.origin}${SOURCE_PATH}`,
    headers: { Authorization: bearer(keeper.secret('gcp').reveal()) },
    format: { type: 'json', subject_token_field_name: TOKEN_FIELD },
  };
}
