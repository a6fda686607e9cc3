// X.509 certificates of a PKI mount: an EC root and what it issues.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import * as der from '../../net/der.ts';

export interface Authority {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly certificate: string;
}

export interface Issued {
  readonly certificate: string;
  readonly privateKey: string;
  /** Colon-separated hex. */
  readonly serial: string;
}

const ECDSA_SHA256 = der.sequence(der.objectId('1.2.840.10045.4.3.2'));

function commonName(name: string): Buffer {
  return der.sequence(der.set(der.sequence(der.objectId('2.5.4.3'), der.utf8String(name))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return der.sequence(der.objectId(id), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
}

interface Content {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly from: number;
  readonly to: number;
  readonly extensions: readonly Buffer[];
}

function build(content: Content, signer: KeyObject): { pem: string; serial: Buffer } {
  const serial = randomBytes(20);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const spki = content.publicKey.export({ type: 'spki', format: 'der' });
  const toSign = der.sequence(
    der.element(0xa0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    ECDSA_SHA256,
    commonName(content.issuer),
    der.sequence(der.utcTime(new Date(content.from)), der.utcTime(new Date(content.to))),
    commonName(content.subject),
    spki,
    der.element(0xa3, der.sequence(...content.extensions)),
  );
  const signature = sign('sha256', toSign, signer);
  const body = der.sequence(toSign, ECDSA_SHA256, der.bitString(signature)).toString('base64');
  return {
    pem: `-----BEGIN CERTIFICATE-----\n${body.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----`,
    serial,
  };
}

function keyId(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

/** A root for a PKI mount; `now` in milliseconds. It lives ten years, longer than any world. */
export function makeAuthority(name: string, now: number): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extensions = [
    extension('2.5.29.19', true, der.sequence(der.boolean(true))),
    extension('2.5.29.15', true, der.bitString(Buffer.from([0x06]), 1)),
    extension('2.5.29.14', false, der.octetString(keyId(publicKey))),
  ];
  const content: Content = {
    subject: name,
    issuer: name,
    publicKey,
    from: now - 30_000,
    to: now + 315_360_000_000,
    extensions,
  };
  return { privateKey, publicKey, certificate: build(content, privateKey).pem };
}

/** A leaf for DNS names, with a key of its own. Times in milliseconds. */
export function issue(
  authority: Authority,
  issuer: string,
  names: readonly string[],
  from: number,
  to: number,
): Issued {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extensions = [
    extension('2.5.29.15', true, der.bitString(Buffer.from([0xa0]), 5)),
    extension('2.5.29.37', false, der.sequence(der.objectId('1.3.6.1.5.5.7.3.1'), der.objectId('1.3.6.1.5.5.7.3.2'))),
    extension('2.5.29.35', false, der.sequence(der.element(0x80, keyId(authority.publicKey)))),
    extension('2.5.29.17', false, der.sequence(...names.map((name) => der.element(0x82, Buffer.from(name))))),
  ];
  const { pem, serial } = build(
    { subject: names[0] ?? '', issuer, publicKey, from, to, extensions },
    authority.privateKey,
  );
  const key = privateKey.export({ type: 'sec1', format: 'pem' }).toString().trim();
  return { certificate: pem, privateKey: key, serial: (serial.toString('hex').match(/../g) ?? []).join(':') };
}
