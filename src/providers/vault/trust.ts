// The role that accepts exactly this token, and the policy for what this step reads (facts: vault 3.4, 8.1).
import { type Claims, claim } from '../../core/claims.ts';
import { hcl, jsonLines, shell } from '../../core/quoting.ts';
import { admits, type Speaker, speakerOf, whyNoTrust } from '../../core/trustable.ts';
import { makes, stores } from './engine-paths.ts';
import type { VaultRequest } from './request.ts';

/** Paths that a policy takes as they are: `*` and `+` would be patterns in it, `{{` a template. */
const LITERAL = /^[A-Za-z0-9._/@:=-]+$/;
const ROLE_TTL = '1h';

type Capability = 'read' | 'create' | 'update';

/** Lines to paste; or the one line that says why there are none. */
export function trust(request: VaultRequest, claims: Claims): readonly string[] {
  const refused = whyNoTrust(claims);
  if (refused) return [refused];
  const role = request.role ?? 'ROLE';
  const flag = request.authNamespace ? ` -namespace=${shell(request.authNamespace)}` : '';
  const policies = policyOf(request);
  return [
    ...(request.role ? [] : ['Put the name of the role in the place of ROLE.']),
    'Role (Vault keeps what an old role has besides; leave token_policies out where it has its own):',
    `vault write${flag} ${shell(`auth/${request.authPath}/role/${role}`)} - <<'JSON'`,
    ...jsonLines(roleFor(speakerOf(claims), role, claim(claims, 'repository') ? 'repository' : 'sub')),
    'JSON',
    ...admits(claims),
    ...(policies.length > 0
      ? [
          `Policy ${role}, for what this step reads (where there is one already, add these lines to it):`,
          `vault policy write${flag} ${shell(role)} - <<'HCL'`,
          ...policies,
          'HCL',
        ]
      : []),
    ...unfitPaths(request),
  ];
}

/** `bound_subject` and the ids are compared as they are: `bound_claims_type` is written, so that an older `glob` does not stay. */
function roleFor({ subject, audience, repositoryId, ownerId }: Speaker, role: string, userClaim: string): object {
  const claims = {
    ...(repositoryId && { repository_id: repositoryId }),
    ...(ownerId && { repository_owner_id: ownerId }),
  };
  return {
    role_type: 'jwt',
    bound_audiences: [audience],
    bound_subject: subject,
    bound_claims_type: 'string',
    ...(Object.keys(claims).length > 0 && { bound_claims: claims }),
    user_claim: userClaim,
    token_policies: [role],
    token_ttl: ROLE_TTL,
  };
}

/** One line a path with all that the step does there, and the revocation of leases where there may be any. */
function policyOf(request: VaultRequest): string[] {
  const paths = [...new Set(request.secrets.map((secret) => secret.path))];
  const lines = paths
    .map((path) => policyLine(request, path, ...capabilitiesOn(path, request)))
    .filter((line) => line !== undefined);
  const leases = request.secrets.some(makes) ? policyLine(request, 'sys/leases/revoke', 'update') : undefined;
  return leases ? [...lines, leases] : lines;
}

/** A write of what is not there yet takes `create`, where a path can be there or not: in a store. */
export function capabilitiesOn(path: string, request: VaultRequest): Capability[] {
  const lines = request.secrets.filter((secret) => secret.path === path);
  const writes = lines.some(({ method }) => method);
  return [
    ...(lines.some(({ method }) => !method) ? (['read'] as const) : []),
    ...(writes && stores(path) ? (['create'] as const) : []),
    ...(writes ? (['update'] as const) : []),
  ];
}

/**
 * A line of a policy for one path; undefined where the path would be read as a pattern. A token's policies are in its own namespace: paths of
 * one below it have its name in front.
 */
export function policyLine(
  request: VaultRequest,
  path: string,
  ...capabilities: readonly Capability[]
): string | undefined {
  if (!LITERAL.test(path)) return undefined;
  return `path ${hcl(`${below(request)}${path}`)} { capabilities = [${capabilities.map(hcl).join(', ')}] }`;
}

function below({ namespace = '', authNamespace = '' }: VaultRequest): string {
  if (namespace === authNamespace) return '';
  const parent = authNamespace === '' ? '' : `${authNamespace}/`;
  return namespace.startsWith(parent) ? `${namespace.slice(parent.length)}/` : '';
}

function unfitPaths(request: VaultRequest): string[] {
  const unfit = request.secrets.filter((secret) => !LITERAL.test(secret.path));
  return unfit.length > 0
    ? ['Some paths hold characters that a policy would read as a pattern: write their lines by hand.']
    : [];
}
