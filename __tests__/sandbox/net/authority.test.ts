import { X509Certificate } from 'node:crypto';
import { createAuthority } from '../../../sandbox/net/authority.ts';
import { readAbsolute, readTarget } from '../../../sandbox/net/target.ts';

describe('a throwaway authority', () => {
  const authority = createAuthority();
  const own = new X509Certificate(authority.cert);

  it.each([
    ['sts.eu-west-1.amazonaws.com', 'checkHost'],
    ['192.0.2.7', 'checkIP'],
    [`${'a'.repeat(60)}.${'b'.repeat(60)}.example.com`, 'checkHost'],
  ] as const)('vouches for %s and for no other', (host, check) => {
    const leaf = new X509Certificate(authority.issue(host).cert);
    expect(leaf.verify(own.publicKey)).toBe(true);
    expect(leaf.checkIssued(own)).toBe(true);
    expect(leaf[check](host)).toBe(host);
    expect(leaf[check]('192.0.2.8')).toBeUndefined();
    expect(leaf.checkHost('other.example.com')).toBeUndefined();
    expect(leaf.ca).toBe(false);
  });

  it('is an authority, valid now, and signs for itself', () => {
    expect(own.ca).toBe(true);
    expect(own.verify(own.publicKey)).toBe(true);
    expect(Date.parse(own.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(own.validTo)).toBeGreaterThan(Date.now());
  });

  it('does not vouch for what another signed', () => {
    const stranger = new X509Certificate(createAuthority().issue('a.example.com').cert);
    expect(stranger.verify(own.publicKey)).toBe(false);
  });

  it('never uses a serial number twice', () => {
    const serials = ['a.example.com', 'a.example.com'].map(
      (host) => new X509Certificate(authority.issue(host).cert).serialNumber,
    );
    expect(new Set(serials).size).toBe(2);
  });
});

describe('targets', () => {
  it.each([
    ['Vault.Example.com:8200', { host: 'vault.example.com:8200', name: 'vault.example.com' }],
    ['a.example.com:0443', { host: 'a.example.com', name: 'a.example.com' }],
    ['[2001:DB8::1]:443', { host: '[2001:db8::1]', name: '2001:db8::1' }],
    ['a.example.com', undefined],
    ['a.example.com:', undefined],
    ['a.example.com:0', undefined],
    ['a.example.com:443:1', undefined],
    ['a b:443', undefined],
    ['', undefined],
  ])('CONNECT %j', (text, target) => {
    expect(readTarget(text)).toEqual(target);
  });

  it.each([
    ['http://a.example.com/x?y', { target: { host: 'a.example.com:80', name: 'a.example.com' }, path: '/x?y' }],
    ['http://a.example.com:443/', { target: { host: 'a.example.com', name: 'a.example.com' }, path: '/' }],
    ['https://a.example.com/', undefined],
    ['ftp://a.example.com/', undefined],
    ['/x', undefined],
    ['http://', undefined],
  ])('absolute form %j', (text, read) => {
    expect(readAbsolute(text)).toEqual(read);
  });
});
