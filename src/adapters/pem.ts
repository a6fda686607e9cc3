// PEM from an input: the text itself, its base64, or the path of a file; read as the files are that people have, and checked before a token
// is minted.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Failure } from '../core/failure.ts';
import type { ReadPem } from '../core/provider.ts';

type ReadFile = (path: string) => string;

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----([\s\S]*?)-----END \1-----/g;
const CERTIFICATE = /^(X509 |TRUSTED )?CERTIFICATE$/;

interface Block {
  readonly label: string;
  readonly body: string;
}

/** `readFile` reads the text of a file. */
export function pemReader(readFile: ReadFile): ReadPem {
  return (name, given, keyOf) => {
    const blocks = blocksOf(textOf(name, given, readFile, keyOf ? 'a private key' : 'certificates'));
    return keyOf ? keyFor(name, blocks, keyOf) : certificates(name, blocks);
  };
}

function refuse(name: string, why: string): never {
  throw new Failure('inputs/invalid', `${name}: ${why}`);
}

/** A secret of GitHub's may hold the lines as `\n`. */
function textOf(name: string, given: string, readFile: ReadFile, what: string): string {
  if (given.includes('-----BEGIN ')) return given.replaceAll('\\n', '\n');
  const decoded = Buffer.from(given, 'base64').toString('latin1');
  if (decoded.startsWith('-----BEGIN ')) return decoded;
  try {
    return readFile(given);
  } catch {
    return refuse(
      name,
      `the file cannot be read. It takes ${what} in PEM: the text itself, its base64, or the path of a file.`,
    );
  }
}

/** Each block in lines of 64, whatever became of its line ends. */
function blocksOf(text: string): Block[] {
  return [...text.matchAll(BLOCK)].map(([, label = '', body = '']) => ({ label, body }));
}

function written({ label, body }: Block): string {
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function certificates(name: string, blocks: readonly Block[]): string {
  const found = blocks.filter(({ label }) => CERTIFICATE.test(label)).map(written);
  if (found.length === 0)
    refuse(
      name,
      'what was given holds no PEM certificate. It takes the text itself, its base64, or the path of a file.',
    );
  for (const [i, pem] of found.entries())
    if (!certificate(pem)) refuse(name, `certificate ${i + 1} of ${found.length} is damaged.`);
  return found.join('');
}

function certificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** What is wrong with key or certificate is said of the one that it is wrong with. */
function keyFor(name: string, blocks: readonly Block[], of: { readonly name: string; readonly pem: string }): string {
  const block = blocks.find(({ label }) => /PRIVATE KEY$/.test(label));
  if (!block) refuse(name, 'what was given holds no PEM private key.');
  if (block.label === 'ENCRYPTED PRIVATE KEY' || /ENCRYPTED/.test(block.body))
    refuse(name, 'the key is encrypted. Give it without a passphrase, from a secret.');
  const pem = written(block);
  const key = privateKey(pem);
  if (!key) refuse(name, 'the private key is damaged.');
  // The first certificate is the client's own, what follows leads to its authority (RFC 5246, 7.4.2).
  const own = new X509Certificate(of.pem);
  if (!own.checkPrivateKey(key)) refuse(name, `the key is not that of the certificate in ${of.name}.`);
  const [from, until] = [own.validFromDate, own.validToDate];
  if (until.getTime() < Date.now()) refuse(of.name, `the certificate has expired (${until.toISOString()}).`);
  if (from.getTime() > Date.now()) refuse(of.name, `the certificate is not valid yet (from ${from.toISOString()}).`);
  return pem;
}

function privateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
