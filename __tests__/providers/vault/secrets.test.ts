import fc from 'fast-check';
import { parseSecrets, type SecretRequest } from '../../../src/providers/vault/secrets.ts';

function parsed(text: string): readonly SecretRequest[] {
  const found = parseSecrets(text);
  if (!found.ok) throw new Error(found.problems.map((p) => p.message).join('\n'));
  return found.value;
}
const key = (...keys: string[]) => ({ kind: 'keys', keys, written: keys.join('.') }) as const;
const all = (keepCase: boolean) => ({ kind: 'all', keepCase }) as const;

describe('one line of vault-secrets', () => {
  it.each<[string, SecretRequest]>([
    [
      'secret/data/app password | APP_PASSWORD',
      { path: 'secret/data/app', selector: key('password'), name: 'APP_PASSWORD' },
    ],
    [
      'secret/data/app password|APP_PASSWORD',
      { path: 'secret/data/app', selector: key('password'), name: 'APP_PASSWORD' },
    ],
    ['secret/data/app password', { path: 'secret/data/app', selector: key('password') }],
    ['/secret/data/app password', { path: 'secret/data/app', selector: key('password') }],
    ['secret/data/app?version=3 password', { path: 'secret/data/app', version: 3, selector: key('password') }],
    ['secret/data/app "k-x"', { path: 'secret/data/app', selector: key('k-x') }],
    ['secret/data/app "two words" | N', { path: 'secret/data/app', selector: key('two words'), name: 'N' }],
    ['secret/data/app "a;b" | N', { path: 'secret/data/app', selector: key('a;b'), name: 'N' }],
    ['secret/data/app o.p.q', { path: 'secret/data/app', selector: key('o', 'p', 'q') }],
    ['secret/data/app `k.y`|N', { path: 'secret/data/app', selector: key('k.y'), name: 'N' }],
    [
      'secret/data/app o."k.y".z | N',
      { path: 'secret/data/app', selector: { kind: 'keys', keys: ['o', 'k.y', 'z'], written: 'o.k.y.z' }, name: 'N' },
    ],
    ['secret/data/app *', { path: 'secret/data/app', selector: all(false) }],
    ['secret/data/app * | P_', { path: 'secret/data/app', selector: all(false), name: 'P_' }],
    ['secret/data/app **', { path: 'secret/data/app', selector: all(true) }],
    ['secret/data/app "*" | STAR', { path: 'secret/data/app', selector: key('*'), name: 'STAR' }],
    ['secret/data/app "GET" | G', { path: 'secret/data/app', selector: key('GET'), name: 'G' }],
    ['secret/data/app x | GITHUB_TOKEN', { path: 'secret/data/app', selector: key('x'), name: 'GITHUB_TOKEN' }],
  ])('%s', (line, request) => {
    expect(parsed(line)).toEqual([request]);
  });
});

describe('several requests', () => {
  const two = [
    { path: 'a/b', selector: key('x'), name: 'X' },
    { path: 'c/d', selector: key('y') },
  ];
  it.each([
    ['lines', 'a/b x | X\nc/d y'],
    ['lines, Windows', 'a/b x | X\r\nc/d y\r\n'],
    ['semicolons', 'a/b x | X; c/d y;'],
    ['semicolons without spaces', 'a/b x|X;c/d y'],
    ["vault-action's form", '\n  a/b x | X ;\n  c/d y ;\n'],
    ['blank lines', '\n\na/b x | X\n\n\nc/d y\n\n'],
    ['a path on a line of its own', 'a/b\n  x | X\nc/d\n  y'],
    ['a name on the next line', 'a/b x |\n  X\nc/d y'],
    ['a bar on the next line', 'a/b x\n  | X\nc/d y'],
  ])('separated by %s', (_, text) => {
    expect(parsed(text)).toEqual(two);
  });
});

describe('quoted punctuation', () => {
  it.each([
    ['a/b ";" | N; c/d y', ';'],
    ['a/b "|" | N; c/d y', '|'],
    ['a/b "|" | N\nc/d y', '|'],
  ])('is a key: %j', (text, first) => {
    expect(parsed(text)).toEqual([
      { path: 'a/b', selector: key(first), name: 'N' },
      { path: 'c/d', selector: key('y') },
    ]);
  });
  it('ends its request as any key does', () => {
    expect(parsed('a/b "|"\nc/d y').map((r) => r.path)).toEqual(['a/b', 'c/d']);
  });
});

describe('what is not a request', () => {
  it.each([
    ['secret/data/app', 'no selector'],
    ['secret/data/app a b', 'path selector | NAME'],
    ['secret/data/app a |', 'path selector | NAME'],
    ['a/b k|x|Y', 'path selector | NAME'],
    ['a/b "k', 'not closed'],
    ['a/b ""', 'an empty key'],
    ['a/b arr[0]|N', 'JSONata'],
    ['a/b $.$|ALL', 'JSONata'],
    ['a/b .x|N', 'JSONata'],
    ['a/b x.|N', 'JSONata'],
    ['a/b x..y|N', 'JSONata'],
    ['a/b x&y|N', 'JSONata'],
    ['a/../b x', '..'],
    ['a/./b x', '.'],
    ['a//b x', 'empty segments'],
    ['a/b/ x', 'empty segments'],
    ['a/b%2fc x', '%'],
    ['a/b#c x', '#'],
    ['a\\b/c x', '\\'],
    ['a/b\u0007c x', 'not a path'],
    ['a/b?version=1&x=2 y', '?version=NUMBER'],
    ['a/b?version=-1 y', '?version=NUMBER'],
    ['a/b?version=1?version=2 y', '?version=NUMBER'],
    ['a/b?list=true y', '?version=NUMBER'],
    ['secret x', 'a mount and a name'],
    ['a/b x | LD_PRELOAD', 'LD_PRELOAD'],
    ['a/b x | A=B', 'not a name'],
    ['a/b * | LD_', 'LD_'],
    ['', 'holds no request'],
    [';;\n;', 'holds no request'],
  ])('%j', (text, why) => {
    const found = parseSecrets(text);
    if (found.ok) throw new Error('accepted');
    expect(found.problems).toHaveLength(1);
    expect(found.problems[0]).toMatchObject({ id: 'inputs/invalid' });
    expect(found.problems[0]?.message).toContain(why);
  });

  it.each([
    'POST pki/issue/web {"common_name":"x"} certificate | C',
    'LIST a/b x',
    'a/b x decode base64 | Y',
    'a/b x as file | Y',
  ])('but not built yet: %s', (text) => {
    const found = parseSecrets(text);
    expect(found.ok).toBe(false);
    if (!found.ok) expect(found.problems).toMatchObject([{ id: 'inputs/not-yet' }]);
  });

  it('is named by its line, each', () => {
    const found = parseSecrets('a/b x\n\nc/d\nsecret/.. y |\n;e x');
    if (found.ok) throw new Error('accepted');
    expect(found.problems.map((p) => /line (\d+)/.exec(p.message)?.[1])).toEqual(['3', '5']);
  });
});

// What may stand in each place, as the grammar has it.
const segment = fc.stringMatching(/^[A-Za-z0-9_@:=+~.-]{1,12}$/).filter((s) => s !== '.' && s !== '..');
const path = fc.array(segment, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('/'));
const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,10}$/).filter((w) => !/^(decode|as)$/.test(w));
const quoted = fc.oneof(fc.stringMatching(/^[^"\n\r]{1,12}$/), fc.constantFrom(';', '|', '*'));
const name = fc.stringMatching(/^X[A-Z0-9_]{0,8}$/);
const selector = fc.oneof(
  word.map((w) => ({ text: w, selector: key(w) })),
  fc.array(word, { minLength: 2, maxLength: 3 }).map((ws) => ({ text: ws.join('.'), selector: key(...ws) })),
  quoted.map((q) => ({ text: `"${q}"`, selector: key(q) })),
  fc.boolean().map((keepCase) => ({ text: keepCase ? '**' : '*', selector: all(keepCase) })),
);
const request = fc
  .record({
    path,
    selector,
    version: fc.option(fc.integer({ min: 1, max: 999 })),
    name: fc.option(name),
    bar: fc.constantFrom('|', ' | ', '\n| ', ' |\n'),
  })
  .map(({ path: p, selector: s, version, name: n, bar }) => ({
    text: `${p}${version === null ? '' : `?version=${version}`} ${s.text}${n === null ? '' : `${bar}${n}`}`,
    request: {
      path: p,
      selector: s.selector,
      ...(version !== null && { version }),
      ...(n !== null && { name: n }),
    },
  }));
const separator = fc.constantFrom(';', '; ', '\n', ';\n', '\n\n', ' ;\n  ');

it('gives back any list of requests, however they are separated', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(request, separator), { minLength: 1, maxLength: 5 }), (parts) => {
      const text = parts.map(([r, s]) => r.text + s).join('');
      expect(parsed(text)).toEqual(parts.map(([r]) => r.request));
    }),
    { numRuns: 500 },
  );
});

it('never throws, and names a line in every problem, whatever is written', () => {
  const piece = fc.oneof(
    fc.constantFrom(' ', '\n', ';', '|', '"', '`', '*', 'a/b', '?version=', '..', '%2e'),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const found = parseSecrets(pieces.join(''));
      if (found.ok) for (const r of found.value) expect(r.path).not.toMatch(/(^|\/)\.{0,2}(\/|$)|[%#?\\\s]/);
      else for (const p of found.problems) expect(p.message).toMatch(/^vault-secrets(, line \d+)?: /);
    }),
    { numRuns: 500 },
  );
});
