import fc from 'fast-check';
import { asText, dataOf, type Picked, pick } from '../../../src/providers/vault/pick.ts';
import { parseSecrets } from '../../../src/providers/vault/secrets.ts';
import { nameOf } from '../../../src/providers/vault/selector.ts';

/** What a line of `vault-secrets` picks out of a secret's data. */
function picked(line: string, data: object): readonly Picked[] | string {
  const found = parseSecrets(`kv/data/x ${line}`);
  const [request] = found.ok ? found.value : [];
  if (!request) throw new Error(`no request: ${line}`);
  return pick(request, data as Readonly<Record<string, unknown>>);
}
const only = (picks: readonly Picked[] | string) => (typeof picks === 'string' ? picks : picks[0]);

describe("vault-action's selectors", () => {
  it.each([
    ['a', { a: 'v' }, 'A', 'a', 'v'],
    ['"k-x"', { 'k-x': 'v' }, 'KX', 'kx', 'v'],
    ['k-x', { 'k-x': 'v' }, 'KX', 'kx', 'v'],
    ['k.y|N', { 'k.y': 'v' }, 'N', 'N', 'v'],
    ['`k.y`|N', { 'k.y': 'v' }, 'N', 'N', 'v'],
    ['k.y', { 'k.y': 'v' }, 'K__Y', 'k__y', 'v'],
    ['o.p.q', { o: { p: { q: 'deep' } } }, 'O__P__Q', 'o__p__q', 'deep'],
    ['o.p', { o: { p: 'nested' }, 'o.p': 'flat' }, 'O__P', 'o__p', 'nested'],
    ['"o.p"', { o: { p: 'nested' } }, 'O__P', 'o__p', 'nested'],
    ['o.p', { o: [{ p: 1 }, { q: 0 }, { p: [2, 3] }] }, 'O__P', 'o__p', '[1,2,3]'],
    ['o.p', { o: [{ p: 'only' }] }, 'O__P', 'o__p', 'only'],
    ['o|N', { o: { p: 1 } }, 'N', 'N', '{"p":1}'],
    ['n', { n: 5432 }, 'N', 'n', '5432'],
    ['b', { b: false }, 'B', 'b', 'false'],
    ['z', { z: null }, 'Z', 'z', 'null'],
    ['arr', { arr: [1, 'x'] }, 'ARR', 'arr', '[1,"x"]'],
    ['empty', { empty: '' }, 'EMPTY', 'empty', ''],
    ['multi', { multi: 'a\nb\n' }, 'MULTI', 'multi', 'a\nb\n'],
    ['camelCase', { camelCase: 'v' }, 'CAMELCASE', 'camelCase', 'v'],
  ])('%s', (line, data, variable, output, value) => {
    expect(only(picked(line, data))).toEqual({ variable, output, value, field: Object.keys(data)[0], wild: false });
  });

  it.each([
    ['*', ['A_B', 'KX', 'K__Y'], true],
    ['* | P_', ['P_A_B', 'P_KX', 'P_K__Y'], false],
    ['**', ['a_B', 'kx', 'k__y'], true],
    ['** | P_', ['P_a_B', 'P_kx', 'P_k__y'], false],
  ])('%s takes every key', (line, names, wild) => {
    const picks = picked(line, { a_B: '1', 'k-x': '2', 'k.y': '3' });
    expect(picks).toMatchObject(names.map((variable, i) => ({ variable, value: String(i + 1), wild })));
  });

  it.each([
    ['*', ['a_B', 'kx', 'k__y']],
    ['* | P_', ['P_a_B', 'P_kx', 'P_k__y']],
    ['** | p_', ['p_a_B', 'p_kx', 'p_k__y']],
  ])('%s keeps the case of outputs', (line, outputs) => {
    const picks = picked(line, { a_B: '1', 'k-x': '2', 'k.y': '3' });
    expect(picks).toMatchObject(outputs.map((output) => ({ output })));
  });

  it('upper-cases the prefix with the key', () => {
    expect(only(picked('* | MyApp_', { secretKey: 'v' }))).toMatchObject({
      variable: 'MYAPP_SECRETKEY',
      output: 'MyApp_secretKey',
    });
    expect(only(picked('** | MyApp_', { secretKey: 'v' }))).toMatchObject({ variable: 'MyApp_secretKey' });
  });
});

describe('a selector that finds nothing', () => {
  it('names the nearest keys, at most five, and no value', () => {
    const data = Object.fromEntries(
      ['one', 'two', 'three', 'four', 'five', 'six', 'pasword'].map((k) => [k, `value-of-${k}`]),
    );
    const why = picked('password', data);
    expect(why).toContain('no key password');
    expect(String(why)).toMatch(/its keys are pasword, /);
    expect(why).not.toContain('value-of');
    expect(String(why).match(/one|two|three|four|five|six|pasword/g)).toHaveLength(5);
  });
  it.each(['constructor', '__proto__', 'toString', 'o.length', 'o.constructor.name', 'list.0'])(
    'finds nothing inherited: %s',
    (line) => {
      expect(typeof picked(`${line} | N`, { o: 'text', list: ['x'] })).toBe('string');
    },
  );
  it('says when a secret is empty', () => {
    expect(picked('a', {})).toContain('it is empty');
  });
  it('never tells a value, whatever the data', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^k[a-z]{1,5}$/), fc.uuid()), (data) => {
        const why = picked('ABSENT', data);
        for (const value of Object.values(data)) expect(why).not.toContain(value);
      }),
    );
  });
});

describe('a name that may not be exported', () => {
  it.each([
    ['*', { path: 'x' }, 'PATH'],
    ['*', { 'node-options': 'x', NODE_OPTIONS: 'y' }, 'NODE_OPTIONS'],
    ['**', { ld_preload: 'x' }, 'ld_preload'],
    ['* | LD', { _preload: 'x' }, 'LD_PRELOAD'],
    ['* | NODE', { _options: 'x' }, 'NODE_OPTIONS'],
    ['*', { github_token: 'x' }, 'GITHUB_TOKEN'],
    ['*', { '1st': 'x' }, '1ST'],
    ['*', { '---': 'x' }, ''],
    ['*', { schlüssel: 'x' }, 'SCHLÜSSEL'],
    ['path', { path: 'x' }, 'PATH'],
  ])('%s of %j is refused as a whole', (line, data, name) => {
    const why = picked(line, data);
    expect(typeof why).toBe('string');
    expect(why).toContain(name);
  });
});

describe('where the data is', () => {
  const metadata = { version: 3, created_time: 't', deletion_time: '', destroyed: false, custom_metadata: null };
  it.each<[string, object, object | undefined]>([
    ['KV v2', { data: { a: 'v' }, metadata }, { a: 'v' }],
    ['KV v1', { a: 'v' }, { a: 'v' }],
    ['KV v1 with a key data', { data: { a: 'v' } }, { data: { a: 'v' } }],
    ['KV v1 with keys data and metadata', { data: 'x', metadata: 'y' }, { data: 'x', metadata: 'y' }],
    ['KV v1 with one key more', { data: { a: 1 }, metadata, other: 1 }, { data: { a: 1 }, metadata, other: 1 }],
    ['a deleted version', { data: null, metadata }, undefined],
    ['a credential', { username: 'u', password: 'p' }, { username: 'u', password: 'p' }],
  ])('%s', (_, answer, data) => {
    expect(dataOf('kv/data/app', answer as Readonly<Record<string, unknown>>)).toEqual(data);
  });
});

it('a KV v1 secret is never unwrapped where the path has no data/', () => {
  const answer = { data: { a: 'v' }, metadata: { version: 1 } };
  expect(dataOf('kv1/app', answer)).toBe(answer);
});

describe('what modifiers make of a value', () => {
  const b64 = (text: string) => Buffer.from(text).toString('base64');
  it.each([
    ['k decode base64 | N', b64('text'), 'text', undefined],
    ['k decode base64 | N', b64('two\nlines\n'), 'two\nlines\n', undefined],
    ['k decode base64 | N', Buffer.from('\u00fc?>').toString('base64url'), '\u00fc?>', undefined],
    [
      'k decode base64 | N',
      `${b64('broken into lines ').slice(0, 8)}\n${b64('broken into lines ').slice(8)}\n`,
      'broken into lines ',
      undefined,
    ],
    ['k decode base64 | N', '', '', undefined],
    ['k as file | N', 'text', 'text', 'text'],
    ['k as file | N', 'a\r\nb\n', 'a\r\nb\n', 'a\r\nb\n'],
    ['k decode base64 as file | N', '/wD+', '/wD+', Buffer.from([255, 0, 254])],
  ])('%s of %j', (line, value, text, file) => {
    expect(only(picked(line, { k: value }))).toMatchObject({ value: text, ...(file !== undefined && { file }) });
  });
  it('a JSON value as a file is its JSON', () => {
    expect(only(picked('k as file | N', { k: { a: 1 } }))).toMatchObject({ file: '{"a":1}' });
  });
  it.each([
    ['k decode base64 | N', 'no base64!', 'not base64'],
    ['k decode base64 | N', 'abcde', 'not base64'],
    ['k decode base64 | N', 'abc=d', 'not base64'],
    ['k decode base64 | N', 'ab=', 'not base64'],
    ['k decode base64 | N', 'ab+_', 'not base64'],
    ['k decode base64 | N', 5, 'not base64'],
    ['k decode base64 | N', '/wD+', 'add as file'],
    ['k decode base64 | N', b64('a\0b'), 'add as file'],
    ['* decode base64 | N', 'no base64!', 'the key k: its value is not base64'],
  ])('%s of %j is refused: %s', (line, value, why) => {
    const found = picked(line, { k: value });
    expect(found).toContain(why);
    expect(found).not.toContain(String(value));
  });
});

describe('names and texts', () => {
  it.each([
    ['a', 'a'],
    ['k-x', 'kx'],
    ['k.y', 'k__y'],
    ['a b/c', 'abc'],
    ['ä_1', 'ä_1'],
    ['---', ''],
  ])('the key %s is named %j', (given, named) => {
    expect(nameOf(given)).toBe(named);
  });
  it.each([
    ['text', 'text'],
    ['', ''],
    [1.5, '1.5'],
    [true, 'true'],
    [{ a: [1] }, '{"a":[1]}'],
  ])('%j as text is %s', (value, text) => {
    expect(asText(value)).toBe(text);
  });
});
