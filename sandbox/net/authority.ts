// A throwaway certificate authority: node:crypto makes keys and signatures but no certificates, so these are written as DER
// (RFC 5280: SAN, SKI and AKI, basicConstraints, keyUsage; `openssl verify -x509_strict` accepts them).
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import * as der from './der.ts';

export interface Leaf {
  /** PKCS #8, PEM. */
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** PEM of the authority itself, for NODE_EXTRA_CA_CERTS and its like. */
  readonly cert: string;
  /** A server certificate for one DNS name or IPv4 address, valid for a week unless said. */
  issue(host: string, days?: Days): Leaf;
  /** A client certificate. */
  issueClient(name: string, days?: Days): Leaf;
}

/** From and until when, in days from now. */
export type Days = readonly [from: number, until: number];

const DAY_MS = 86_400_000;
const ECDSA_SHA256 = der.sequence(der.objectId('1.2.840.10045.4.3.2'));
const CLIENT_AUTH = der.sequence(der.objectId('1.3.6.1.5.5.7.3.2'));
const SERVER_AUTH = der.sequence(der.objectId('1.3.6.1.5.5.7.3.1'));
const CERT_SIGN_AND_CRL_SIGN = der.bitString(Buffer.from([0x06]), 1);
const DIGITAL_SIGNATURE = der.bitString(Buffer.from([0x80]), 7);

interface Request {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: Buffer;
  readonly issuerKey: Buffer;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly days?: Days | undefined;
}

export function createAuthority(name = 'sandbox throwaway CA'): Authority {
  const { privateKey: signer } = newKey();
  const own = subjectPublicKey(signer);
  const basicConstraints = extension('2.5.29.19', true, der.sequence(der.boolean(true)));
  const keyUsage = extension('2.5.29.15', true, CERT_SIGN_AND_CRL_SIGN);
  const cert = certificate({
    subject: name,
    issuer: name,
    publicKey: own,
    issuerKey: own,
    signer,
    extensions: [basicConstraints, keyUsage],
  });
  const issuer = { issuer: name, issuerKey: own, signer };
  return {
    cert,
    issue: (host, days) => leaf({ ...issuer, subject: host, days }, [alternativeName(host), use(SERVER_AUTH)]),
    issueClient: (subject, days) => leaf({ ...issuer, subject, days }, [use(CLIENT_AUTH)]),
  };
}

function alternativeName(host: string): Buffer {
  const alternative = isIPv4(host)
    ? der.element(0x87, Buffer.from(host.split('.').map(Number)))
    : der.element(0x82, Buffer.from(host));
  return extension('2.5.29.17', false, der.sequence(alternative));
}

const use = (purpose: Buffer) => extension('2.5.29.37', false, purpose);

function leaf(request: Omit<Request, 'publicKey' | 'extensions'>, own: readonly Buffer[]): Leaf {
  const { privateKey } = newKey();
  const extensions = [...own, extension('2.5.29.15', true, DIGITAL_SIGNATURE)];
  const publicKey = subjectPublicKey(privateKey);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: certificate({ ...request, publicKey, extensions }),
  };
}

function certificate(request: Request): string {
  const { subject, issuer, publicKey, issuerKey, signer, extensions, days = [-1, 7] } = request;
  const now = Date.now();
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const keyIds = [
    extension('2.5.29.14', false, der.octetString(keyId(publicKey))),
    extension('2.5.29.35', false, der.sequence(der.element(0x80, keyId(issuerKey)))),
  ];
  const toBeSigned = der.sequence(
    der.element(0xa0, der.integer(Buffer.from([2]))), // v3
    der.integer(serial),
    ECDSA_SHA256,
    commonName(issuer),
    der.sequence(der.utcTime(new Date(now + days[0] * DAY_MS)), der.utcTime(new Date(now + days[1] * DAY_MS))),
    commonName(subject),
    publicKey,
    der.element(0xa3, der.sequence(...extensions, ...keyIds)),
  );
  return pem(der.sequence(toBeSigned, ECDSA_SHA256, der.bitString(sign('sha256', toBeSigned, signer))));
}

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const subjectPublicKey = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' });
const keyId = (publicKey: Buffer) => createHash('sha1').update(publicKey).digest();
const commonName = (name: string) =>
  der.sequence(der.set(der.sequence(der.objectId('2.5.4.3'), der.utf8String(name.slice(0, 64))))); // ub-common-name

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der.boolean(true)] : [];
  return der.sequence(der.objectId(id), ...flag, der.octetString(value));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
