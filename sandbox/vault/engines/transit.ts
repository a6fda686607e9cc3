// Transit: encryption, signatures and data keys with keys that never leave the engine.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import type { Engine, EngineCall } from '../engine.ts';
import type { TransitMount } from '../trust.ts';
import { type Outcome, refused, secret, textField, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from '../wire.ts';

type Call = EngineCall<TransitMount>;

interface Key {
  readonly type: 'aes256-gcm96' | 'ed25519';
  readonly bytes: Buffer;
  readonly pair?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
}

const PREFIX = 'vault:v1:';
const ACTIONS: Readonly<Record<string, (call: Call, key: Key) => Outcome>> = {
  encrypt,
  decrypt,
  sign: signed,
  verify: verified,
  hmac,
  datakey,
};

export const transit: Engine<TransitMount> = {
  exists: (call) => !call.path.startsWith('encrypt/') || keyOf(call, call.path.slice(8)) !== undefined,
  answer(call) {
    const [action = '', ...rest] = call.path.split('/');
    const name = rest.at(-1) ?? '';
    const handler = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!handler || name === '' || rest.length !== (action === 'datakey' ? 2 : 1)) return UNSUPPORTED_PATH;
    if (call.operation !== 'write') return UNSUPPORTED_OPERATION;
    // Encrypting with a key that is not there makes it: the path is an upsert.
    const key = keyOf(call, name) ?? (action === 'encrypt' ? remember(call, name, 'aes256-gcm96') : undefined);
    return key ? handler(call, key) : refused(400, 'encryption key not found');
  },
};

function keyOf(call: Call, name: string): Key | undefined {
  const kept = call.memory(() => new Map<string, Key>()).get(name);
  const type = Object.hasOwn(call.mount.keys, name) ? call.mount.keys[name] : undefined;
  return kept ?? (type && remember(call, name, type));
}

function remember(call: Call, name: string, type: Key['type']): Key {
  const key: Key = {
    type,
    bytes: randomBytes(32),
    ...(type === 'ed25519' && { pair: generateKeyPairSync('ed25519') }),
  };
  call.memory(() => new Map<string, Key>()).set(name, key);
  return key;
}

/** A base64 field, decoded; or the refusal. */
function decoded(call: Call, field: string, missing: string): Buffer | Outcome {
  const text = textField(call.body, field);
  if (text === undefined) return refused(400, missing);
  const stray = text.search(/[^A-Za-z0-9+/=]/);
  return stray >= 0 || text.length % 4 !== 0
    ? refused(400, `illegal base64 data at input byte ${stray < 0 ? text.length : stray}`)
    : Buffer.from(text, 'base64');
}

function encrypt(call: Call, key: Key): Outcome {
  const plaintext = decoded(call, 'plaintext', 'missing plaintext to encrypt');
  if (!Buffer.isBuffer(plaintext)) return plaintext;
  return key.pair
    ? refused(400, `unsupported key type ${key.type}`)
    : secret({ ciphertext: sealed(key, plaintext), key_version: 1 });
}

function sealed(key: Key, plaintext: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce);
  const body = Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return PREFIX + body.toString('base64');
}

function decrypt(call: Call, key: Key): Outcome {
  const ciphertext = textField(call.body, 'ciphertext');
  if (ciphertext === undefined) return refused(400, 'missing ciphertext to decrypt');
  if (!ciphertext.startsWith(PREFIX)) return refused(400, 'invalid ciphertext: no prefix');
  const body = Buffer.from(ciphertext.slice(PREFIX.length), 'base64');
  if (body.length < 28) return refused(400, 'invalid ciphertext length');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, body.subarray(0, 12)).setAuthTag(body.subarray(-16));
    const plaintext = Buffer.concat([decipher.update(body.subarray(12, -16)), decipher.final()]).toString('base64');
    call.record(
      'static secret',
      [plaintext].filter((text) => text.length >= 4),
    );
    return secret({ plaintext });
  } catch {
    return refused(400, 'cipher: message authentication failed');
  }
}

function signed(call: Call, key: Key): Outcome {
  const input = decoded(call, 'input', 'missing input to sign');
  if (!Buffer.isBuffer(input)) return input;
  if (!key.pair) return refused(400, `key type ${key.type} does not support signing`);
  return secret({ key_version: 1, signature: PREFIX + sign(null, input, key.pair.privateKey).toString('base64') });
}

function verified(call: Call, key: Key): Outcome {
  const input = decoded(call, 'input', 'missing input to verify');
  if (!Buffer.isBuffer(input)) return input;
  const signature = textField(call.body, 'signature');
  if (signature === undefined || !key.pair)
    return refused(400, `one of 'hmac', 'signature', or 'batch_input' must be supplied`);
  return secret({
    valid: verify(null, input, key.pair.publicKey, Buffer.from(signature.replace(PREFIX, ''), 'base64')),
  });
}

function hmac(call: Call, key: Key): Outcome {
  const input = decoded(call, 'input', 'missing input for HMAC');
  if (!Buffer.isBuffer(input)) return input;
  return secret({ hmac: PREFIX + createHmac('sha256', key.bytes).update(input).digest('base64') });
}

function datakey(call: Call, key: Key): Outcome {
  const kind = call.path.split('/')[1];
  if (kind !== 'plaintext' && kind !== 'wrapped') return refused(400, "Invalid path, must be 'plaintext' or 'wrapped'");
  const fresh = randomBytes(32);
  const data = { ciphertext: sealed(key, fresh), key_version: 1 };
  if (kind === 'wrapped') return secret(data);
  const plaintext = fresh.toString('base64');
  call.record('static secret', [plaintext]);
  return secret({ ...data, plaintext });
}
