// The SSH engine: certificates, which only expire, and one-time passwords, which end with their lease.
import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { configured, SYSTEM_TTL, secondsOf } from '../durations.ts';
import { type Engine, type EngineCall, nameBelow } from '../engine.ts';
import type { SshMount, SshRole } from '../trust.ts';
import { type Outcome, refused, secret, textField, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from '../wire.ts';
import { newKey, readPublicKey, signCertificate } from './ssh-key.ts';

type Call = EngineCall<SshMount>;

interface Authority {
  readonly id: string;
  readonly pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
}

export const ssh: Engine<SshMount> = {
  answer(call) {
    const actions = { sign: signKey, issue: issueKey, creds: oneTime };
    for (const [prefix, action] of Object.entries(actions)) {
      const name = nameBelow(call.path, prefix);
      if (name === undefined) continue;
      if (call.operation !== 'write') return UNSUPPORTED_OPERATION;
      const role = Object.hasOwn(call.mount.roles, name) ? call.mount.roles[name] : undefined;
      if (!role) return refused(400, prefix === 'creds' ? `Role "${name}" not found` : `Unknown role: ${name}`);
      return action(call, role);
    }
    return UNSUPPORTED_PATH;
  },
};

function signKey(call: Call, role: SshRole): Outcome {
  const line = textField(call.body, 'public_key');
  if (line === undefined) return refused(400, 'missing public_key');
  const key = readPublicKey(line);
  if (key === undefined)
    return refused(400, 'failed to parse public_key as SSH key: illegal base64 data at input byte 0');
  return certified(call, role, key, {});
}

function issueKey(call: Call, role: SshRole): Outcome {
  const type = textField(call.body, 'key_type') ?? 'rsa';
  if (type !== 'ed25519') return refused(400, `the sandbox makes ed25519 keys only, not ${type}`);
  const { publicKey, privateKey } = newKey();
  return certified(call, role, publicKey, { private_key: privateKey, private_key_type: type });
}

function certified(
  call: Call,
  role: SshRole,
  publicKey: string,
  key: { private_key?: string; private_key_type?: string },
): Outcome {
  if (role.key_type !== 'ca' || !role.allow_user_certificates)
    return refused(400, "cert_type 'user' is not allowed by role");
  const principals = (textField(call.body, 'valid_principals') ?? role.default_user ?? '')
    .split(',')
    .filter((name) => name !== '');
  const users = [...(role.allowed_users ?? '').split(','), role.default_user ?? ''];
  const stranger = users.includes('*') ? undefined : principals.find((name) => !users.includes(name));
  if (stranger !== undefined) return refused(400, `${stranger} is not a valid value for valid_principals`);
  const authority = call.memory<Authority>(() => ({ id: randomUUID(), pair: generateKeyPairSync('ed25519') }));
  const serial = randomBytes(8);
  const from = call.clock.seconds() - 30;
  const to = call.clock.seconds() + (secondsOf(call.body.ttl) ?? configured(role.ttl, SYSTEM_TTL));
  const keyId = `vault-${call.token.displayName}-${randomBytes(32).toString('hex')}`;
  const signed_key = signCertificate(
    { publicKey, serial: serial.readBigUInt64BE(), keyId, principals, from, to },
    authority.pair,
  );
  const lines = (key.private_key ?? '').split('\n').filter((text) => text !== '' && !text.startsWith('-----'));
  call.record('ssh certificate', [signed_key.trim(), ...lines], { expiresAt: to * 1000, id: serial.toString('hex') });
  return secret({
    ...(call.flavour === 'openbao' && { issuer_id: authority.id }),
    ...key,
    serial_number: serial.toString('hex'),
    signed_key,
  });
}

function oneTime(call: Call, role: SshRole): Outcome {
  const ip = textField(call.body, 'ip');
  if (ip === undefined) return refused(400, 'Missing ip');
  if (role.key_type !== 'otp' || !(role.cidr_list ?? '').split(',').some((cidr) => within(ip, cidr))) {
    return refused(400, 'Error validating IP: IP does not belong to role');
  }
  const key = randomUUID();
  const data = {
    ip,
    key,
    key_type: 'otp',
    port: 22,
    username: textField(call.body, 'username') ?? role.default_user ?? '',
  };
  return secret(data, { lease: { ttl: SYSTEM_TTL, maxTtl: SYSTEM_TTL, renewable: false, ends: true, secrets: [key] } });
}

/** Whether an IPv4 address lies in a network such as `10.0.0.0/8`. */
function within(ip: string, cidr: string): boolean {
  const [network = '', bits = '32'] = cidr.trim().split('/');
  const [a, b] = [ip, network].map((text) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
  const size = 2 ** (32 - Number(bits));
  return a !== undefined && b !== undefined && Math.floor(a / size) === Math.floor(b / size);
}
