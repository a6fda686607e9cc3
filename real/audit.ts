// OpenBao's audit log: what it answered, in order, with every secret as an HMAC under the server's own key. Two lines with the same HMAC
// hold the same token, so the life of one token can be read from its login to its end.
import { existsSync, readFileSync } from 'node:fs';

export interface AuditEntry {
  /** Without the leading `v1/`: `auth/jwt/login`, `sys/leases/revoke`. */
  readonly path: string;
  /** `read`, `update`, ... */
  readonly operation: string;
  /** HMAC of the token that made the request; of the token that was given, for a login. Empty: none. */
  readonly token: string;
  /** Id of the lease that the answer brought, in clear. */
  readonly lease?: string;
  /** The request's own id, which its answer brings as `request_id`. */
  readonly id: string;
  /** True where the server refused or failed. */
  readonly failed: boolean;
}

interface Line {
  readonly type: string;
  readonly error?: string;
  readonly auth?: { readonly client_token?: string };
  readonly request: {
    readonly id: string;
    readonly path: string;
    readonly operation: string;
    readonly client_token?: string;
  };
  readonly response?: {
    readonly auth?: { readonly client_token?: string };
    readonly secret?: { readonly lease_id?: string };
  };
}

/** The answers in the log at `path`, oldest first. */
export function readAudit(path: string): AuditEntry[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.type === 'response')
    .map(({ request, response, auth, error }) => {
      const token = response?.auth?.client_token ?? request.client_token ?? auth?.client_token ?? '';
      const lease = response?.secret?.lease_id;
      return {
        id: request.id,
        path: request.path,
        operation: request.operation,
        token,
        failed: Boolean(error),
        ...(lease && { lease }),
      };
    });
}
