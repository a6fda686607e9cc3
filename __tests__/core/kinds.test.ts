import type { Kind } from '../../src/core/input.ts';
import {
  boolean,
  clouds,
  duration,
  httpsUrl,
  isLoopbackHttp,
  jsonObject,
  list,
  matching,
  oneOf,
  pem,
  spoken,
  text,
} from '../../src/core/kinds.ts';

/** A value, or undefined for a text that must be refused. */
function rows<T>(kind: Kind<T>, table: readonly (readonly [given: string, value: T | undefined])[]): void {
  it.each(table.map(([given, value]) => ({ given, value })))('$given → $value', ({ given, value }) => {
    expect(kind.parse(given)).toEqual(value);
  });
}

describe('boolean', () => {
  const refused = ['yes', 'no', '1', '0', 'True', 'TRUE', 'on', 'true ', '', 'truefalse'];
  rows<boolean>(boolean, [['true', true], ['false', false], ...refused.map((given) => [given, undefined] as const)]);
});

describe('duration', () => {
  rows<number>(duration(900, 43_200), [
    ['900', 900],
    ['900s', 900],
    ['15m', 900],
    ['1h', 3600],
    ['12h', 43_200],
    ['43200', 43_200],
    ['899', undefined],
    ['14m', undefined],
    ['43201', undefined],
    ['13h', undefined],
    ['1d', undefined],
    ['1H', undefined],
    ['1.5h', undefined],
    ['1h30m', undefined],
    ['-900', undefined],
    ['+900', undefined],
    ['9e3', undefined],
    ['0x384', undefined],
    ['900 s', undefined],
    ['', undefined],
    ['9999999999h', undefined],
  ]);
  it('says its bounds', () => {
    expect(duration(900, 43_200).takes).toContain('from 15m to 12h');
  });
  it.each([
    [0, '0s'],
    [90, '90s'],
    [900, '15m'],
    [3600, '1h'],
    [5400, '90m'],
  ])('%d s are spoken as %s', (seconds, words) => {
    expect(spoken(seconds)).toBe(words);
  });
});

describe('httpsUrl', () => {
  rows<string>(httpsUrl, [
    ['https://vault.example.com', 'https://vault.example.com'],
    ['https://vault.example.com/', 'https://vault.example.com'],
    ['https://vault.example.com:8200/base/', 'https://vault.example.com:8200/base'],
    ['HTTPS://Vault.Example.COM:443', 'https://vault.example.com'],
    ['http://127.0.0.1:8200', 'http://127.0.0.1:8200'],
    ['http://[::1]:8200', 'http://[::1]:8200'],
    ['https://a@evil.com/', undefined],
    ['https://user:password@vault.example.com', undefined],
    ['https://@vault.example.com', undefined],
    ['https://sts.eu@evil.com/.amazonaws.com', undefined],
    ['http://localhost', undefined],
    ['http://localhost:8200', undefined],
    ['http://vault.example.com', undefined],
    ['http://127.0.0.1.evil.com', undefined],
    ['http://0.0.0.0:8200', undefined],
    ['http://10.0.0.1:8200', undefined],
    ['https://vault.example.com?x=1', undefined],
    ['https://vault.example.com/?', undefined],
    ['https://vault.example.com#x', undefined],
    ['https://vault.example.com/#', undefined],
    ['https://vault.example.com/a/../b', undefined],
    ['https://vault.example.com/..', undefined],
    ['https://vault.example.com/%2e%2e/', undefined],
    ['https:\\\\vault.example.com', undefined],
    ['https://vault.example.com/a b', undefined],
    ['https://vault.example.com\n', undefined],
    ['ftp://vault.example.com', undefined],
    ['file:///etc/passwd', undefined],
    ['javascript:alert(1)', undefined],
    ['vault.example.com', undefined],
    ['', undefined],
  ]);
  it.each([
    ['http://127.0.0.1/', true],
    ['http://127.9.9.9/', true],
    ['http://[::1]/', true],
    ['http://localhost/', false],
    ['http://128.0.0.1/', false],
    ['https://127.0.0.1/', false],
  ])('%s is plain http to a literal loopback address: %s', (url, loopback) => {
    expect(isLoopbackHttp(new URL(url))).toBe(loopback);
  });
});

describe('list', () => {
  rows<readonly string[]>(list(matching(/\d{12}/, 'an id')), [
    ['123456789012', ['123456789012']],
    ['123456789012,210987654321', ['123456789012', '210987654321']],
    ['123456789012\n 210987654321 \n', ['123456789012', '210987654321']],
    ['123456789012,', ['123456789012']],
    ['123456789012 210987654321', undefined],
    ['123456789012,x', undefined],
    ['', undefined],
    [' , \n', undefined],
  ]);
});

describe('clouds', () => {
  rows<ReadonlySet<string>>(clouds, [
    ['true', new Set(['aws', 'azure', 'gcp', 'vault'])],
    ['false', new Set()],
    ['aws', new Set(['aws'])],
    ['vault, gcp', new Set(['vault', 'gcp'])],
    ['aws\nazure', new Set(['aws', 'azure'])],
    ['all', undefined],
    ['AWS', undefined],
    ['true, aws', undefined],
    ['aws; gcp', undefined],
    ['', undefined],
  ]);
});

describe('matching', () => {
  rows<string>(matching(/a|bc/, 'x'), [
    ['a', 'a'],
    ['bc', 'bc'],
    ['abc', undefined],
    ['a\n', undefined],
    ['xa', undefined],
  ]);
  it('refuses what is longer than its limit', () => {
    expect(matching(/a+/, 'x', 3).parse('aaaa')).toBeUndefined();
  });
});

describe('oneOf, text, jsonObject, pem', () => {
  it.each<{ kind: Kind<unknown>; given: string; taken: boolean }>([
    { kind: oneOf('warn', 'fail'), given: 'warn', taken: true },
    { kind: oneOf('warn', 'fail'), given: 'Warn', taken: false },
    { kind: oneOf('warn', 'fail'), given: '', taken: false },
    { kind: text, given: 'any text', taken: true },
    { kind: text, given: 'two\nlines', taken: false },
    { kind: text, given: 'a\u0000b', taken: false },
    { kind: jsonObject, given: '{"Version":"2012-10-17"}', taken: true },
    { kind: jsonObject, given: '[]', taken: false },
    { kind: jsonObject, given: 'null', taken: false },
    { kind: jsonObject, given: '"x"', taken: false },
    { kind: jsonObject, given: '{', taken: false },
    { kind: pem, given: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', taken: true },
    { kind: pem, given: '/etc/ssl/ca.pem', taken: true },
    { kind: pem, given: 'neither\npath nor certificate', taken: false },
  ])('$kind.takes: $given is taken: $taken', ({ kind, given, taken }) => {
    expect(kind.parse(given) !== undefined).toBe(taken);
  });
  it('says its choices as people do', () => {
    expect([oneOf('a').takes, oneOf('a', 'b').takes, oneOf('a', 'b', 'c').takes]).toEqual(['a', 'a or b', 'a, b or c']);
  });
});
