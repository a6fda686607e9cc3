import fc from 'fast-check';
import { asText, dataOf, nameOf, type Picked, pick } from '../../../src/providers/vault/pick.ts';
import { parseSecrets } from '../../../src/providers/vault/secrets.ts';

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
    ['o|N', { o: { p: 1 } }, 'N', 'N', '{"p":1}'],
    ['n', { n: 5432 }, 'N', 'n', '5432'],
    ['b', { b: false }, 'B', 'b', 'false'],
    ['z', { z: null }, 'Z', 'z', 'null'],
    ['arr', { arr: [1, 'x'] }, 'ARR', 'arr', '[1,"x"]'],
    ['empty', { empty: '' }, 'EMPTY', 'empty', ''],
    ['multi', { multi: 'a\nb\n' }, 'MULTI', 'multi', 'a\nb\n'],
    ['camelCase', { camelCase: 'v' }, 'CAMELCASE', 'camelCase', 'v'],
  ])('%s', (line, data, variable, output, value) => {
    expect(only(picked(line, data))).toEqual({ variable, output, value, wild: false });
  });

  it.each([
    ['*', ['A_B', 'KX', 'K__Y'], true],
    ['* | P_', ['P_A_B', 'P_KX', 'P_K__Y'], false],
    ['**', ['a_B', 'kx', 'k__y'], true],
    ['** | P_', ['P_a_B', 'P_kx', 'P_k__y'], false],
  ])('%s takes every key', (line, names, wild) => {
    const picks = picked(line, { a_B: '1', 'k-x': '2', 'k.y': '3' });
    expect(picks).toEqual(names.map((variable, i) => ({ variable, output: variable, value: String(i + 1), wild })));
  });
});

describe('a selector that finds nothing', () => {
  it('names the nearest keys, at most five, and no value', () => {
    const data = Object.fromEntries(
      ['one', 'two', 'three', 'four', 'five', 'six', 'pasword'].map((k) => [k, `value-of-${k}`]),
    );
    const why = picked('password', data);
    expect(why).toContain('no key password');
    expect(why).toContain('pasword');
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
    expect(dataOf(answer as Readonly<Record<string, unknown>>)).toEqual(data);
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
