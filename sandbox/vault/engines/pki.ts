// The PKI engine: certificates, which expire; with `generate_lease` they are also revoked with their lease.
import { configured, SYSTEM_TTL, secondsOf } from '../durations.ts';
import { type Engine, type EngineCall, nameBelow } from '../engine.ts';
import type { PkiMount, PkiRole } from '../trust.ts';
import { type Outcome, refused, secret, textField, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from '../wire.ts';
import { type Authority, issue, makeAuthority } from './certificate.ts';

type Call = EngineCall<PkiMount>;

const ISSUER = 'Sandbox root';

interface State {
  readonly authority: Authority;
  /** By serial number. */
  readonly issued: Map<string, { readonly certificate: string; revokedAt?: number }>;
}

export const pki: Engine<PkiMount> = {
  answer(call) {
    const name = nameBelow(call.path.replace(/^issuer\/[^/]+\//, ''), 'issue');
    const serial = nameBelow(call.path, 'cert');
    if (serial !== undefined) return call.operation === 'read' ? certificate(call, serial) : UNSUPPORTED_OPERATION;
    if (name === undefined && call.path !== 'revoke') return UNSUPPORTED_PATH;
    if (call.operation !== 'write') return UNSUPPORTED_OPERATION;
    return name === undefined ? revoke(call) : issueFor(call, name);
  },
};

function stateOf(call: Call): State {
  return call.memory(() => ({ authority: makeAuthority(ISSUER, call.clock.now()), issued: new Map() }));
}

function issueFor(call: Call, name: string): Outcome {
  const role = Object.hasOwn(call.mount.roles, name) ? call.mount.roles[name] : undefined;
  if (!role) return refused(400, `unknown role: ${name}`);
  const common = textField(call.body, 'common_name');
  if (common === undefined) {
    return refused(
      400,
      'the common_name field is required, or must be provided in a CSR with "use_csr_common_name" set to true, unless "require_cn" is set to false',
    );
  }
  const others = (textField(call.body, 'alt_names') ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  if (!allowed(common, role)) return refused(400, `common name ${common} not allowed by this role`);
  const stranger = others.find((other) => !allowed(other, role));
  if (stranger !== undefined) return refused(400, `subject alternate name ${stranger} not allowed by this role`);
  return issued(call, role, [common, ...others.filter((other) => other !== common)]);
}

function allowed(name: string, role: PkiRole): boolean {
  return (role.allowed_domains ?? []).some(
    (domain) => (role.allow_bare_domains && name === domain) || (role.allow_subdomains && name.endsWith(`.${domain}`)),
  );
}

function issued(call: Call, role: PkiRole, names: readonly string[]): Outcome {
  const { authority, issued } = stateOf(call);
  const most = configured(role.max_ttl, SYSTEM_TTL);
  const ttl = Math.min(secondsOf(call.body.ttl) ?? configured(role.ttl, most), most);
  const [from, to] = [call.clock.now() - 30_000, call.clock.now() + ttl * 1000];
  const leaf = issue(authority, ISSUER, names, from, to);
  issued.set(leaf.serial, { certificate: leaf.certificate });
  const secrets = [leaf.privateKey, ...leaf.privateKey.split('\n').filter((line) => !line.startsWith('-----'))];
  const data = {
    ca_chain: [authority.certificate],
    certificate: leaf.certificate,
    expiration: Math.floor(to / 1000),
    issuing_ca: authority.certificate,
    ...(call.flavour === 'openbao' && { not_before: Math.floor(from / 1000) }),
    private_key: leaf.privateKey,
    private_key_type: 'ec',
    serial_number: leaf.serial,
  };
  if (role.generate_lease)
    return secret(data, {
      lease: { ttl, maxTtl: ttl, renewable: false, ends: true, secrets, revoke: () => strike(call, leaf.serial) },
    });
  call.record('certificate', secrets, { expiresAt: to, id: leaf.serial });
  return secret(data);
}

function strike(call: Call, serial: string): undefined {
  const known = stateOf(call).issued.get(serial);
  if (known) known.revokedAt ??= call.clock.now();
}

function revoke(call: Call): Outcome {
  const serial = textField(call.body, 'serial_number') ?? '';
  if (serial === '') return refused(400, 'The serial number or certificate to revoke must be provided.');
  const known = stateOf(call).issued.get(serial);
  if (!known) return refused(400, `certificate with serial ${serial} not found.`);
  strike(call, serial);
  return secret({
    revocation_time: Math.floor((known.revokedAt ?? 0) / 1000),
    revocation_time_rfc3339: new Date(known.revokedAt ?? 0).toISOString(),
    state: 'revoked',
  });
}

function certificate(call: Call, serial: string): Outcome {
  const { authority, issued } = stateOf(call);
  if (serial === 'ca')
    return secret({ certificate: authority.certificate, revocation_time: 0, revocation_time_rfc3339: '' });
  const known = issued.get(serial);
  if (!known) return refused(404);
  const revoked = known.revokedAt ?? 0;
  return secret({
    certificate: known.certificate,
    revocation_time: Math.floor(revoked / 1000),
    revocation_time_rfc3339: revoked ? new Date(revoked).toISOString() : '',
  });
}
