// The Google Cloud engine: access tokens without a lease, keys with one.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { SYSTEM_TTL } from '../durations.ts';
import type { Engine, EngineCall } from '../engine.ts';
import type { GcpMount } from '../trust.ts';
import { type Outcome, refused, secret, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from '../wire.ts';

const PATH = /^(roleset|static-account|impersonated-account)\/([^/]+)\/(token|key)$/;
const TOKEN_SECONDS = 3599;

export const gcp: Engine<GcpMount> = {
  answer(call) {
    const [, kind, name = '', what] = PATH.exec(call.path) ?? [];
    if (kind === undefined || (kind === 'impersonated-account' && what === 'key')) return UNSUPPORTED_PATH;
    if (call.operation !== 'read' && call.operation !== 'write') return UNSUPPORTED_OPERATION;
    const accounts =
      {
        roleset: call.mount.rolesets,
        'static-account': call.mount.static_accounts,
        'impersonated-account': call.mount.impersonated_accounts,
      }[kind] ?? {};
    const email = Object.hasOwn(accounts, name) ? accounts[name] : undefined;
    if (email === undefined) return refused(400, `${kind.replace('-', ' ')} "${name}" does not exist`);
    return what === 'token' ? accessToken(call) : accountKey(call, email);
  },
};

function accessToken(call: EngineCall<GcpMount>): Outcome {
  const token = `ya29.c.${randomBytes(120).toString('base64url')}`;
  const expiresAt = call.clock.now() + TOKEN_SECONDS * 1000;
  call.record('access token', [token], { expiresAt });
  return secret({ expires_at_seconds: Math.floor(expiresAt / 1000), token, token_ttl: TOKEN_SECONDS });
}

/** A key file as base64: the value, its decoded JSON and the key inside are secrets alike. */
function accountKey(call: EngineCall<GcpMount>, email: string): Outcome {
  const { private_key, private_key_id } =
    call.memory(() => new Map<string, AccountKey>()).get(email) ?? newKey(call, email);
  const file = {
    type: 'service_account',
    project_id: email.split('@')[1]?.split('.')[0] ?? '',
    private_key_id,
    private_key,
    client_email: email,
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  const private_key_data = Buffer.from(JSON.stringify(file)).toString('base64');
  const secrets = [
    private_key_data,
    ...private_key.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----')),
  ];
  return secret(
    { key_algorithm: 'KEY_ALG_RSA_2048', key_type: 'TYPE_GOOGLE_CREDENTIALS_FILE', private_key_data },
    { lease: { ttl: SYSTEM_TTL, maxTtl: SYSTEM_TTL, renewable: true, ends: true, secrets } },
  );
}

interface AccountKey {
  readonly private_key: string;
  readonly private_key_id: string;
}

/** Making an RSA key is slow, so each account has one for the life of the world. */
function newKey(call: EngineCall<GcpMount>, email: string): AccountKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = {
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    private_key_id: randomBytes(20).toString('hex'),
  };
  call.memory(() => new Map<string, AccountKey>()).set(email, key);
  return key;
}
