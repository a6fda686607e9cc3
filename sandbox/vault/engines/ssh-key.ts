// OpenSSH's own formats: a public key read, a user certificate signed, a private key written.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface CertificateContent {
  /** Base64 body of an `ssh-ed25519` public key. */
  readonly publicKey: string;
  readonly serial: bigint;
  readonly keyId: string;
  readonly principals: readonly string[];
  /** Seconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

const TYPE = 'ssh-ed25519';
const CERTIFICATE_TYPE = 'ssh-ed25519-cert-v01@openssh.com';

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** The 32 bytes of a public key's body; undefined where it is of another type or form. */
function rawKey(base64: string): Buffer | undefined {
  const body = Buffer.from(base64, 'base64');
  const head = Buffer.concat([field(TYPE), number(32)]);
  return body.length === head.length + 32 && body.subarray(0, head.length).equals(head)
    ? body.subarray(head.length)
    : undefined;
}

/** The base64 body of `ssh-ed25519 AAAA... comment`, or undefined. */
export function readPublicKey(line: string): string | undefined {
  const [type, body = ''] = line.trim().split(/\s+/);
  return type === TYPE && rawKey(body) ? body : undefined;
}

export function publicBody(key: KeyObject): Buffer {
  return Buffer.concat([field(TYPE), field(key.export({ type: 'spki', format: 'der' }).subarray(-32))]);
}

/** A signed user certificate, as one line with its newline. */
export function signCertificate(
  content: CertificateContent,
  authority: { publicKey: KeyObject; privateKey: KeyObject },
): string {
  const toSign = Buffer.concat([
    field(CERTIFICATE_TYPE),
    field(randomBytes(32)),
    field(rawKey(content.publicKey) ?? Buffer.alloc(32)),
    long(content.serial),
    number(1),
    field(content.keyId),
    field(Buffer.concat(content.principals.map(field))),
    long(BigInt(content.from)),
    long(BigInt(content.to)),
    field(''),
    field(''),
    field(''),
    field(publicBody(authority.publicKey)),
  ]);
  const signature = Buffer.concat([field(TYPE), field(sign(null, toSign, authority.privateKey))]);
  return `${CERTIFICATE_TYPE} ${Buffer.concat([toSign, field(signature)]).toString('base64')}\n`;
}

/** A new key pair: the public body in base64, the private key in OpenSSH's PEM. */
export function newKey(): { readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const body = publicBody(publicKey);
  const raw = body.subarray(-32);
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  const check = randomBytes(4);
  const inner = Buffer.concat([check, check, field(TYPE), field(raw), field(Buffer.concat([seed, raw])), field('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, i) => i + 1));
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    number(1),
    field(body),
    field(Buffer.concat([inner, padding])),
  ]);
  const lines = whole
    .toString('base64')
    .match(/.{1,70}/g)
    ?.join('\n');
  return {
    publicKey: body.toString('base64'),
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`,
  };
}
