// Vault and OpenBao: what their refusals mean and what to do.
import { adviseBy, type Rule } from '../../core/advice.ts';
import type { Claims } from '../../core/claims.ts';
import type { Failure } from '../../core/failure.ts';
import { MOUNT_RULES } from './mount-advice.ts';
import { READ_RULES } from './read-advice.ts';
import type { VaultRequest } from './request.ts';
import { ROLE_RULES } from './role-advice.ts';
import { TLS_RULES } from './tls-advice.ts';

/** Failures that another role would mend. */
export const TRUST_IDS: ReadonlySet<string> = new Set([
  'vault/role-missing',
  'vault/role-type',
  'vault/audience-refused',
  'vault/subject-refused',
  'vault/claims-refused',
  'vault/role-mapping',
]);

const GENERAL = ["Read Vault's own words; the server's audit log has the same request."];
/** What was thrown with a cause of its own keeps it. */
const OPEN_ENDED: ReadonlySet<string> = new Set([
  'vault/login-refused',
  'vault/sealed',
  'vault/read-refused',
  'vault/not-found',
  'vault/read-failed',
  'vault/unreachable',
]);

/** In the order in which they are tried. */
export const RULES: readonly Rule<VaultRequest>[] = [...TLS_RULES, ...ROLE_RULES, ...MOUNT_RULES, ...READ_RULES];

/** Vault's refusal with its cause named. Pure. */
export function advise(failure: Failure, request: VaultRequest, claims: Claims): Failure {
  const known = OPEN_ENDED.has(failure.id) ? RULES : [];
  return adviseBy(known, GENERAL, failure, request, claims);
}
