// Credentials whose own format a stranger can check: X.509, OpenSSH and RFC 6238.
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { codeAt } from '../../../sandbox/vault/engines/totp.ts';
import { emulated } from './emulated.ts';
import { Job } from './job-of.ts';
import { trustOf } from './trust.ts';

async function job(): Promise<Job> {
  return new Job(emulated(trustOf('openbao'))).login('ci');
}

it('a certificate is signed by the CA that comes with it, for its names, with its key', async () => {
  const { json } = await (await job()).ask('POST', 'pki/issue/web', {
    common_name: 'a.example.com',
    alt_names: 'b.example.com',
    ttl: '1h',
  });
  const leaf = new X509Certificate(json.data.certificate);
  const root = new X509Certificate(json.data.issuing_ca);
  expect(leaf.checkIssued(root)).toBe(true);
  expect(leaf.verify(root.publicKey)).toBe(true);
  expect(leaf.subjectAltName).toBe('DNS:a.example.com, DNS:b.example.com');
  expect(leaf.serialNumber.toLowerCase()).toBe(json.data.serial_number.replaceAll(':', ''));
  expect(leaf.publicKey.equals(createPublicKey(json.data.private_key))).toBe(true);
  expect(Date.parse(leaf.validTo) / 1000).toBe(json.data.expiration);
});

/** The length-prefixed fields of an SSH wire format, up to its end. */
function fieldsOf(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}

it('an SSH certificate is signed by the key that it names', async () => {
  const { json } = await (await job()).ask('POST', 'ssh/issue/user', { key_type: 'ed25519' });
  const certificate = Buffer.from(json.data.signed_key.split(' ')[1], 'base64');
  const signature = fieldsOf(certificate.subarray(certificate.length - 87))[0] ?? Buffer.alloc(0);
  const [type, raw] = fieldsOf(signature);
  const signed = certificate.subarray(0, certificate.length - 87);
  const authority = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: signed.subarray(-32).toString('base64url') },
    format: 'jwk',
  });
  expect(type?.toString()).toBe('ssh-ed25519');
  expect(verify(null, signed, authority, raw ?? Buffer.alloc(0))).toBe(true);
  expect(json.data.private_key).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
});

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [20_000_000_000, '353130'],
])('TOTP at %i s, as RFC 6238 has it', (seconds, code) => {
  expect(codeAt('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', Math.floor(seconds / 30))).toBe(code);
});
