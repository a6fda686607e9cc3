import { headerLines, headerSecrets } from '../../../src/providers/vault/headers.ts';

describe('lines of headers', () => {
  it.each([
    ['x-a: b', { 'x-a': 'b' }],
    ['X-A:b', { 'x-a': 'b' }],
    ['  X-A :: b  '.replace(' :', ':'), { 'x-a': ': b' }],
    ['X-A: b\n\n  X-B: c d\te  \r\n', { 'x-a': 'b', 'x-b': 'c d\te' }],
    ['X-A: b\nx-a: c', { 'x-a': 'b, c' }],
    ['Authorization: Basic dXNlcjpwYXNz', { authorization: 'Basic dXNlcjpwYXNz' }],
    [
      'X-Vault-Index: abc\nX-Vault-Inconsistent: forward-active-node',
      { 'x-vault-index': 'abc', 'x-vault-inconsistent': 'forward-active-node' },
    ],
    ['__proto__: x', { __proto__: 'x' }],
  ])('%j', (text, headers) => {
    expect(Object.entries(headerLines.parse(text) ?? {})).toEqual(
      text === '__proto__: x' ? [['__proto__', 'x']] : Object.entries(headers),
    );
  });

  it.each([
    'X-Vault-Token: hvs.x',
    'x-vault-namespace: admin',
    'X-VAULT-WRAP-TTL: 60s',
    'X-Vault-Request: false',
    'X-Vault-Inline-Auth-Path: auth/jwt/login',
    'Host: evil.example',
    'Content-Length: 0',
    'Content-Type: text/plain',
    'Transfer-Encoding: chunked',
    'Proxy-Authorization: Basic x',
    'Connection: close',
    'Upgrade: h2c',
    'TE: trailers',
    'Accept-Encoding: gzip',
  ])('refused by its name: %s', (line) => {
    expect(headerLines.parse(line)).toBeUndefined();
    expect(headerLines.parse(`x-a: b\n${line}`)).toBeUndefined();
  });

  it.each(['', '   ', 'x-a', 'x-a:', 'x-a: ', ': b', 'x a: b', 'x-a: b\0c', 'x-a: b\rc', 'x-a: grüße', '{"x-a":"b"}'])(
    'no header: %j',
    (text) => {
      expect(headerLines.parse(text)).toBeUndefined();
    },
  );
});

it('the secrets in them: each value, and a credential behind its scheme', () => {
  expect(headerSecrets({ authorization: 'Bearer abc.def', 'x-a': 'one two three', 'x-b': 'plain' })).toEqual([
    'Bearer abc.def',
    'abc.def',
    'one two three',
    'plain',
  ]);
});
