// The policy that every token has unless its role says `token_no_default_policy`, as measured on OpenBao 2.7.2. It does not allow
// `sys/leases/revoke`: that takes a line of the administrator's.
import { type PathRule, parsePolicy } from './policy.ts';

const GRANTS: readonly (readonly [path: string, capabilities: readonly string[]])[] = [
  ['auth/token/lookup-self', ['read']],
  ['auth/token/renew-self', ['update']],
  ['auth/token/revoke-self', ['update']],
  ['sys/capabilities-self', ['update']],
  ['sys/internal/ui/resultant-acl', ['read']],
  ['sys/leases/renew', ['update']],
  ['sys/leases/lookup', ['update']],
  ['cubbyhole/*', ['create', 'read', 'update', 'delete', 'list']],
  ['sys/wrapping/wrap', ['update']],
  ['sys/wrapping/lookup', ['update']],
  ['sys/wrapping/unwrap', ['update']],
  ['sys/tools/hash', ['update']],
  ['sys/tools/hash/*', ['update']],
];

export const DEFAULT_POLICY: readonly PathRule[] = parsePolicy(
  GRANTS.map(([path, capabilities]) => `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }`).join('\n'),
);
