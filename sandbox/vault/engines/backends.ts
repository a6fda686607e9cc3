// The engines that make users and tokens in a system behind them, with the fields, leases and refusals of their recorded answers: RabbitMQ and Kubernetes as
// OpenBao 2.7.2 gives them, Consul, Nomad and LDAP as Vault documents them (OpenBao does not have these).
import { randomBytes, randomUUID } from 'node:crypto';
import { configured, SYSTEM_TTL, secondsOf } from '../durations.ts';
import { type Engine, type EngineCall, nameBelow } from '../engine.ts';
import type { LeaseTerms } from '../leases.ts';
import { base62, goTime } from '../random.ts';
import type { ConsulMount, KubernetesMount, LdapMount, LeasedRole, NomadMount, RabbitMount } from '../trust.ts';
import { type Outcome, refused, secret, textField, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from '../wire.ts';

function named<T>(roles: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return roles && Object.hasOwn(roles, name) ? roles[name] : undefined;
}

function leased(role: LeasedRole, secrets: readonly string[], extra: Partial<LeaseTerms> = {}): { lease: LeaseTerms } {
  const ttl = configured(role.default_ttl, SYSTEM_TTL);
  const maxTtl = configured(role.max_ttl, SYSTEM_TTL);
  return { lease: { ttl, maxTtl, renewable: true, ends: true, secrets, ...extra } };
}

/** An engine of which `creds/<role>` is read, and nothing else. */
function readRoles<Mount extends { readonly roles: Readonly<Record<string, LeasedRole>> }>(
  unknown: (name: string) => string,
  make: (role: LeasedRole, call: EngineCall<Mount>) => Outcome,
): Engine<Mount> {
  return {
    answer(call) {
      const name = nameBelow(call.path, 'creds');
      if (name === undefined) return UNSUPPORTED_PATH;
      if (call.operation !== 'read') return UNSUPPORTED_OPERATION;
      const role = named(call.mount.roles, name);
      return role ? make(role, call) : refused(400, unknown(name));
    },
  };
}

export const rabbitmq: Engine<RabbitMount> = readRoles(
  (name) => `unknown role: ${name}`,
  (role, { token }) => {
    const password = base62(36);
    return secret({ password, username: `${token.displayName}-${randomUUID()}` }, leased(role, [password]));
  },
);

export const consul: Engine<ConsulMount> = readRoles(
  (name) => `role "${name}" not found`,
  (role) => {
    const token = randomUUID();
    const data = { accessor: randomUUID(), consul_namespace: '', local: false, partition: '', token };
    return secret(data, leased(role, [token]));
  },
);

export const nomad: Engine<NomadMount> = readRoles(
  (name) => `role "${name}" not found`,
  (role) => {
    const secret_id = randomUUID();
    return secret({ accessor_id: randomUUID(), secret_id }, leased(role, [secret_id]));
  },
);

/** Written to. An account that is there already keeps its tokens: revoking their lease does nothing to them. */
export const kubernetes: Engine<KubernetesMount> = {
  answer(call) {
    const name = nameBelow(call.path, 'creds');
    if (name === undefined) return UNSUPPORTED_PATH;
    if (call.operation !== 'write') return UNSUPPORTED_OPERATION;
    const role = named(call.mount.roles, name);
    if (!role) return refused(400, `role '${name}' does not exist`);
    const allowed = role.allowed_kubernetes_namespaces;
    const namespace = textField(call.body, 'kubernetes_namespace') ?? (allowed.length === 1 ? allowed[0] : '') ?? '';
    if (!allowed.includes('*') && !allowed.includes(namespace)) {
      return refused(
        400,
        `kubernetes_namespace '${namespace}' is not present in role's allowed_kubernetes_namespaces or does not match role's label selector allowed_kubernetes_namespace_selector`,
      );
    }
    const service_account_token = `eyJ${randomBytes(30).toString('base64url')}.${randomBytes(90).toString('base64url')}.${randomBytes(64).toString('base64url')}`;
    const made = `v-${call.token.displayName.slice(0, 8)}-${name}-${call.clock.seconds()}-${base62(8).toLowerCase()}`;
    const data = { service_account_name: role.service_account_name ?? made, service_account_namespace: namespace };
    const ttl = secondsOf(call.body.ttl) ?? configured(role.token_default_ttl, 3600);
    const terms = { ttl, maxTtl: ttl, renewable: false, ends: role.service_account_name === undefined };
    return secret({ ...data, service_account_token }, leased({}, [service_account_token], terms));
  },
};

export const ldap: Engine<LdapMount> = {
  answer(call) {
    const dynamic = nameBelow(call.path, 'creds');
    const fixed = nameBelow(call.path, 'static-cred');
    const set = /^library\/([^/]+)\/check-out$/.exec(call.path)?.[1];
    if (dynamic === undefined && fixed === undefined && set === undefined) return UNSUPPORTED_PATH;
    if (call.operation !== (set === undefined ? 'read' : 'write')) return UNSUPPORTED_OPERATION;
    if (set !== undefined) return checkOut(call, set);
    return dynamic === undefined ? fixedPassword(call, fixed ?? '') : newEntry(call, dynamic);
  },
};

function newEntry(call: EngineCall<LdapMount>, name: string): Outcome {
  const role = named(call.mount.roles, name);
  if (!role) return refused(400, `role "${name}" not found`);
  const password = base62(64);
  const username = `v_${call.token.displayName.slice(0, 8)}_${name}_${base62(10)}_${call.clock.seconds()}`;
  return secret(
    { distinguished_names: [`cn=${username},ou=users,dc=example,dc=com`], password, username },
    leased(role, [password]),
  );
}

function fixedPassword(call: EngineCall<LdapMount>, name: string): Outcome {
  const role = named(call.mount.static_roles, name);
  if (!role) return refused(400, `unknown role: ${name}`);
  call.record('static secret', [role.password], { id: `static-cred/${name}`, once: true });
  const { username, password } = role;
  const times = {
    last_vault_rotation: goTime(call.clock.now()),
    rotation_period: configured(role.rotation_period, SYSTEM_TTL),
    ttl: 60,
  };
  return secret({ dn: `cn=${username},dc=example,dc=com`, last_password: '', password, username, ...times });
}

function checkOut(call: EngineCall<LdapMount>, name: string): Outcome {
  const accounts = named(call.mount.library, name);
  if (!accounts) return refused(400, `"${name}" doesn't exist`);
  const out = call.memory(() => new Set<string>());
  const account = accounts.find((candidate) => !out.has(candidate));
  if (account === undefined) return refused(400, 'No service accounts available for check-out.');
  out.add(account);
  const password = base62(64);
  const revoke = (): undefined => {
    out.delete(account);
  };
  return secret({ password, service_account_name: account }, leased({ default_ttl: '24h' }, [password], { revoke }));
}
