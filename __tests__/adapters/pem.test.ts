import { generateKeyPairSync } from 'node:crypto';
import { createAuthority } from '../../sandbox/net/authority.ts';
import { pemReader } from '../../src/adapters/pem.ts';
import { Failure } from '../../src/core/failure.ts';

const authority = createAuthority();
const client = authority.issueClient('ci');
const other = authority.issueClient('other');
const FILES: Readonly<Record<string, string>> = { '/ca.pem': authority.cert, '/client.key': client.key };
const read = pemReader((path) => {
  const text = FILES[path];
  if (text === undefined) throw new Error('ENOENT');
  return text;
});
const CA = 'vault-ca-certificate';
const KEY = 'vault-client-key';
const of = (pem: string) => ({ name: 'vault-client-certificate', pem });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const encrypted = (type: 'pkcs8' | 'pkcs1') =>
  generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
  }).privateKey;

/** What a call is refused with. */
function refused(call: () => unknown): string {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.id === 'inputs/invalid') return thrown.message;
    throw thrown;
  }
  return 'nothing was refused';
}

describe('certificates', () => {
  it.each([
    ['text', authority.cert],
    ['text with the lines of Windows', authority.cert.replaceAll('\n', '\r\n')],
    ['text whose line ends a folded block lost', authority.cert.replaceAll('\n', ' ')],
    ['text with its line ends written out', authority.cert.replaceAll('\n', '\\n')],
    ['text with words around it', `my CA\n${authority.cert}\nend`],
    ['base64', base64(authority.cert)],
    ['base64 in lines', base64(authority.cert).replace(/(.{76})/g, '$1\n')],
    ['a path', '/ca.pem'],
  ])('as %s', (_, given) => {
    expect(read(CA, given)).toBe(authority.cert);
  });
  it('several, in their order', () => {
    const all = client.cert + authority.cert;
    expect(read(CA, all)).toBe(all);
  });
  it.each([
    ['no file', '/nowhere.pem', /vault-ca-certificate: the file cannot be read.*its base64/],
    ['a key', client.key, /holds no PEM certificate/],
    ['half a certificate', authority.cert.slice(0, 300), /holds no PEM certificate/],
    [
      'a damaged one',
      `${client.cert}${authority.cert.replace(/[A-Za-z]{20}/, 'A'.repeat(20))}`,
      /certificate 2 of 2 is damaged/,
    ],
  ])('refused: %s', (_, given, words) => {
    const message = refused(() => read(CA, given));
    expect(message).toMatch(words);
    expect(message).not.toContain(given.slice(40, 60) || given);
  });
});

describe('a key', () => {
  it.each([
    ['text', client.key],
    ['base64', base64(client.key)],
    ['a path', '/client.key'],
    ['text behind its certificate', client.cert + client.key],
  ])('as %s', (_, given) => {
    expect(read(KEY, given, of(client.cert))).toBe(client.key);
  });
  it("of a chain is the first certificate's", () => {
    expect(read(KEY, client.key, of(client.cert + authority.cert))).toBe(client.key);
  });
  it.each([
    [
      'of another certificate',
      other.key,
      client.cert,
      /^vault-client-key: the key is not that of the certificate in vault-client-certificate/,
    ],
    ['encrypted', encrypted('pkcs8'), client.cert, /^vault-client-key: the key is encrypted/],
    ['encrypted in the old form', encrypted('pkcs1'), client.cert, /^vault-client-key: the key is encrypted/],
    [
      'damaged',
      client.key.replace(/[A-Za-z0-9]{12}/, 'AAAAAAAAAAAA'),
      client.cert,
      /^vault-client-key: the private key is damaged/,
    ],
    ['none', client.cert, client.cert, /^vault-client-key: what was given holds no PEM private key/],
  ])('refused: %s', (_, given, certificate, words) => {
    expect(refused(() => read(KEY, given, of(certificate)))).toMatch(words);
  });
  it.each([
    ['has expired', [-9, -2], /^vault-client-certificate: the certificate has expired \(20/],
    ['is not valid yet', [2, 9], /^vault-client-certificate: the certificate is not valid yet/],
  ] as const)('whose certificate %s is refused with it', (_, days, words) => {
    const late = authority.issueClient('ci', days);
    expect(refused(() => read(KEY, late.key, of(late.cert)))).toMatch(words);
  });
});
