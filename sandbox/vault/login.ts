// `auth/<mount>/login`: a GitHub identity token for a Vault token.
import type { WorldClock } from '../clock.ts';
import type { Issuer } from '../github/tokens.ts';
import { claimAt, claimsFault } from './claims.ts';
import { configured, SYSTEM_TTL } from './durations.ts';
import { type Claims, identify } from './identity.ts';
import { authBlock, type TokenStore, type TokenTerms } from './tokens.ts';
import type { Flavour, JwtMount, JwtRole } from './trust.ts';
import { type Outcome, refused, textField } from './wire.ts';

export interface LoginWorld {
  readonly flavour: Flavour;
  readonly clock: WorldClock;
  readonly issuer: Issuer;
  readonly tokens: TokenStore;
}

/** Where the login was sent: `mountPath` is `jwt`, `namespace` empty or `team/`. */
export interface LoginPlace {
  readonly mount: JwtMount;
  readonly mountPath: string;
  readonly namespace: string;
}

const FIELDS = ['jwt', 'role', 'distributed_claim_access_token'];

/** A login's answer. Refusals are 400 with the plugin's own words, but for a caller from a network that is not bound (403). */
export function login(place: LoginPlace, body: Record<string, unknown>, world: LoginWorld): Outcome {
  const { config, roles } = place.mount;
  if (!config) return refused(400, 'could not load configuration');
  const name = (textField(body, 'role') ?? config.default_role ?? '').toLowerCase();
  if (name === '') return refused(400, 'missing role');
  const role = Object.entries(roles).find(([key]) => key.toLowerCase() === name)?.[1];
  if (!role) return refused(400, `role "${name}" could not be found`);
  if (role.role_type === 'oidc') return refused(400, 'role with oidc role_type is not allowed');
  const jwt = textField(body, 'jwt');
  if (jwt === undefined) return refused(400, 'missing token');
  if (role.token_bound_cidrs && !role.token_bound_cidrs.some((cidr) => cidr.startsWith('127.')))
    return refused(403, 'permission denied');
  const identity = identify(jwt, config, world.issuer);
  if (typeof identity === 'string') return refused(400, identity);
  const fault = claimsFault(identity, config, role, world.clock.seconds());
  if (fault !== undefined) return refused(400, fault);
  const { token, warnings } = world.tokens.issue(
    world.flavour,
    termsOf(place, name, role, identity.claims, world.tokens),
  );
  const strangers = Object.keys(body)
    .filter((field) => !FIELDS.includes(field))
    .sort();
  const ignored =
    strangers.length > 0 ? [`Endpoint ignored these unrecognized parameters: [${strangers.join(' ')}]`] : [];
  return { kind: 'auth', auth: authBlock(token, world.clock.now()), warnings: [...warnings, ...ignored] };
}

function termsOf(place: LoginPlace, name: string, role: JwtRole, claims: Claims, tokens: TokenStore): TokenTerms {
  const user = String(claimAt(claims, role.user_claim));
  const mount = place.namespace === '' ? place.mountPath : `${place.namespace}auth/${place.mountPath}`;
  const mapped = Object.entries(role.claim_mappings ?? {}).map(([source, target]) => [target, claimAt(claims, source)]);
  const policies = [...(role.token_policies ?? []), ...(role.token_no_default_policy ? [] : ['default'])];
  const period = configured(role.token_period, 0);
  return {
    type: role.token_type === 'batch' || role.token_type === 'default-batch' ? 'batch' : 'service',
    namespace: place.namespace,
    role: name,
    displayName: `${mount.replaceAll('/', '-')}-${user}`,
    entity: tokens.entityOf(`${place.namespace}auth/${place.mountPath}`, user, place.namespace),
    path: `auth/${place.mountPath}/login`,
    policies: [...new Set(policies)].sort(),
    meta: Object.fromEntries([...mapped.filter(([, value]) => value !== undefined), ['role', name]]) as Record<
      string,
      string
    >,
    ttl: period || configured(role.token_ttl, 0) || SYSTEM_TTL,
    maxTtl: configured(role.token_max_ttl, 0),
    explicitMaxTtl: configured(role.token_explicit_max_ttl, 0),
    period,
    uses: role.token_num_uses ?? 0,
  };
}
