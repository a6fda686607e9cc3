// The role that accepts exactly this token, and the policy for what this step reads (facts: vault 3.4, 8.1).
import { boundClaims } from '../../core/binding.ts';
import { type Claims, claim } from '../../core/claims.ts';
import { type Documents, logLines, noDocuments, type Snippet } from '../../core/documents.ts';
import { hcl, jsonLines, shell } from '../../core/quoting.ts';
import { admits, narrows, speakerOf, whyNoTrust } from '../../core/trustable.ts';
import { makes, stores } from './engine-paths.ts';
import type { VaultRequest } from './request.ts';
import { terraform } from './terraform.ts';

/** What the trust says, whatever the language. */
export interface VaultTrust {
  readonly namespace?: string;
  readonly mount: string;
  /** `ROLE` where the step names none. */
  readonly role: string;
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, string>>;
  readonly userClaim: string;
  /** Lines of the policy, in HCL. */
  readonly policy: readonly string[];
}

const LINKS = [
  'https://developer.hashicorp.com/vault/docs/auth/jwt',
  'https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-hashicorp-vault',
];
/** Paths that a policy takes as they are: `*` and `+` would be patterns in it, `{{` a template. */
const LITERAL = /^[A-Za-z0-9._/@:=-]+$/;
const ROLE_TTL = '1h';

type Capability = 'read' | 'create' | 'update';

/** Lines for a failing step's log; or the one line that says why there are none. */
export function trust(request: VaultRequest, claims: Claims): readonly string[] {
  return logLines(documents(request, claims));
}

/** The trust in every form: role and policy as commands, Terraform, and the mount. */
export function documents(request: VaultRequest, claims: Claims): Documents {
  const refused = whyNoTrust(claims);
  if (refused) return noDocuments(refused);
  const said = trustOf(request, claims);
  return {
    snippets: [...primary(said), ...terraform(said), ...setup(said)],
    notes: [
      ...(request.role ? [] : ['Put the name of the role in the place of ROLE.']),
      ...admits(claims),
      ...narrows(claims),
      ...unfitPaths(request),
    ],
    links: LINKS,
  };
}

/** `bound_subject` and the claims are compared as they are. */
function trustOf(request: VaultRequest, claims: Claims): VaultTrust {
  const { issuer, audience, subject } = speakerOf(claims);
  return {
    ...(request.authNamespace && { namespace: request.authNamespace }),
    mount: request.authPath,
    role: request.role ?? 'ROLE',
    issuer,
    audience,
    subject,
    claims: Object.fromEntries(boundClaims(claims).map((bound) => [bound.claim, bound.value])),
    userClaim: claim(claims, 'repository') ? 'repository' : 'sub',
    policy: policyOf(request),
  };
}

function primary(said: VaultTrust): Snippet[] {
  const { mount, role, policy } = said;
  const writes: Snippet = {
    title: 'Role (Vault keeps what an old role has besides; leave token_policies out where it has its own)',
    language: 'sh',
    place: 'log',
    lines: [
      `vault write${flag(said)} ${shell(`auth/${mount}/role/${role}`)} - <<'JSON'`,
      ...jsonLines(roleFor(said)),
      'JSON',
    ],
  };
  if (policy.length === 0) return [writes];
  const policies: Snippet = {
    title: `Policy ${role}, for what this step reads (where there is one already, add these lines to it)`,
    language: 'sh',
    place: 'log',
    lines: [`vault policy write${flag(said)} ${shell(role)} - <<'HCL'`, ...policy, 'HCL'],
  };
  return [writes, policies];
}

function flag({ namespace }: VaultTrust): string {
  return namespace ? ` -namespace=${shell(namespace)}` : '';
}

/** `bound_claims_type` is written, so that an older `glob` does not stay. */
function roleFor({ audience, subject, claims, userClaim, role }: VaultTrust): object {
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

function setup(said: VaultTrust): Snippet[] {
  const { mount, issuer } = said;
  return [
    {
      title: 'The auth method, once a server (or namespace)',
      language: 'sh',
      place: 'setup',
      lines: [
        `vault auth enable${flag(said)} -path=${shell(mount)} jwt`,
        `vault write${flag(said)} ${shell(`auth/${mount}/config`)} oidc_discovery_url=${shell(issuer)} bound_issuer=${shell(issuer)}`,
      ],
    },
  ];
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
