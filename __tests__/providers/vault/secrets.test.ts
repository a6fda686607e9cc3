import fc from 'fast-check';
import { callOf, parseSecrets, type SecretRequest } from '../../../src/providers/vault/secrets.ts';

function parsed(text: string): readonly SecretRequest[] {
  const found = parseSecrets(text);
  if (!found.ok) throw new Error(found.problems.map((p) => p.message).join('\n'));
  return found.value.map(({ line: _, ...request }) => request);
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
    [
      'secret/data/app "o.p".q | N',
      { path: 'secret/data/app', selector: { kind: 'keys', keys: ['o.p', 'q'], written: 'o.p.q' }, name: 'N' },
    ],
    ['secret/data/app `two words` | N', { path: 'secret/data/app', selector: key('two words'), name: 'N' }],
    ['"secret/data/two words" x', { path: 'secret/data/two words', selector: key('x') }],
    ['secret/data/app as | N', { path: 'secret/data/app', selector: key('as'), name: 'N' }],
    ['secret/data/app decode', { path: 'secret/data/app', selector: key('decode') }],
    ['GET secret/data/app x', { path: 'secret/data/app', selector: key('x') }],
    [
      'secret/data/app x decode base64 | N',
      { path: 'secret/data/app', selector: key('x'), name: 'N', decode: 'base64' },
    ],
    [
      'secret/data/app x | N decode base64',
      { path: 'secret/data/app', selector: key('x'), name: 'N', decode: 'base64' },
    ],
    ['secret/data/app x as file | N', { path: 'secret/data/app', selector: key('x'), name: 'N', file: true }],
    [
      'secret/data/app x decode base64 | N as file',
      { path: 'secret/data/app', selector: key('x'), name: 'N', decode: 'base64', file: true },
    ],
    [
      'secret/data/app x as file decode base64',
      { path: 'secret/data/app', selector: key('x'), decode: 'base64', file: true },
    ],
    ['secret/data/app * as file | P_', { path: 'secret/data/app', selector: all(false), name: 'P_', file: true }],
    [
      'POST pki/issue/web {"common_name":"x"} certificate | TLS_CERT',
      {
        method: 'POST',
        path: 'pki/issue/web',
        body: '{"common_name":"x"}',
        selector: key('certificate'),
        name: 'TLS_CERT',
      },
    ],
    [
      'PUT a/b {"x": "} ; | \\" {"} k',
      { method: 'POST', path: 'a/b', body: '{"x": "} ; | \\" {"}', selector: key('k') },
    ],
    [
      'POST secret/data/app {"data":{"a":"b"}}',
      { method: 'POST', path: 'secret/data/app', body: '{"data":{"a":"b"}}' },
    ],
    [
      'POST aws/sts/deploy secret_key | K',
      { method: 'POST', path: 'aws/sts/deploy', selector: key('secret_key'), name: 'K' },
    ],
    ['POST terraform/rotate-role/x', { method: 'POST', path: 'terraform/rotate-role/x' }],
    ['POST secret/data/auth/app {"data":{}}', { method: 'POST', path: 'secret/data/auth/app', body: '{"data":{}}' }],
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
    ['a carriage return alone within a line', 'a/b x\r| X\nc/d y'],
  ])('separated by %s', (_, text) => {
    expect(parsed(text)).toEqual(two);
  });
});

describe('a request over several lines', () => {
  const pki = {
    method: 'POST',
    path: 'pki/issue/web',
    body: '{\n "common_name": "x"\n}',
    selector: key('certificate'),
    name: 'C',
  };
  const file = { path: 'a/b', selector: key('x'), name: 'X', decode: 'base64', file: true };
  const put = { method: 'POST', path: 'secret/data/app', body: '{"data":{"a":"b"}}' };
  const plain = { path: 'c/d', selector: key('y') };
  it.each<[string, object[]]>([
    ['POST pki/issue/web {\n "common_name": "x"\n} certificate | C\nc/d y', [pki, plain]],
    ['POST pki/issue/web {\n "common_name": "x"\n}\n  certificate\n  | C\nc/d y', [pki, plain]],
    ['POST\npki/issue/web\n{\n "common_name": "x"\n}\n"certificate" | C; c/d y', [pki, plain]],
    ['a/b x\n  decode base64\n  as file\n  | X\nc/d y', [file, plain]],
    ['a/b x | X\n  decode base64\n  as file\nc/d y', [file, plain]],
    ['POST secret/data/app {"data":{"a":"b"}}\nc/d y', [put, plain]],
    ['POST secret/data/app\n{"data":{"a":"b"}}\nc/d y', [put, plain]],
    ['POST secret/data/app {"data":{"a":"b"}}\nGET c/d y', [put, plain]],
    ['c/d y\nPOST secret/data/app {"data":{"a":"b"}}', [plain, put]],
    ['c/d\n"y/z"\nc/d y', [{ path: 'c/d', selector: key('y/z') }, plain]],
  ])('%j', (text, requests) => {
    expect(parsed(text)).toEqual(requests);
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
    ['secret/data/app | A', 'no selector before |'],
    ['| A', 'no path'],
    ['POST', 'no path'],
    ['secret/data/app a | A B', 'path selector | NAME'],
    ['secret/data/app a | "A"', 'no name behind |'],
    ['a/b k|x|Y', 'path selector | NAME'],
    ['a/b "k', 'not closed'],
    ['a/b ""', 'an empty key'],
    ['a/b x.""', 'an empty key'],
    ['a/b "x""y"', 'quotes in the middle'],
    ['a/b x`y`', 'quotes in the middle'],
    ['POST a/b name=x k', 'as JSON and without quotes'],
    ['a/b `k', 'not closed'],
    ['a/b x"', 'not closed'],
    ['a/b o.*|N', 'JSONata'],
    ["a/b 'x'|N", 'JSONata'],
    ['a/b x?y|N', 'JSONata'],
    ['a/b x decode hex', 'decode takes base64'],
    ['a/b x decode', 'decode takes base64'],
    ['a/b x as text', 'as takes file'],
    ['a/b x as file as file', 'as takes file'],
    ['a/b x as file | N as file', 'twice'],
    ['a/b * as file', 'takes a prefix'],
    ['a/b {"x":1} y', 'a read takes none'],
    ['POST a/b [1] y', 'not a JSON object'],
    ['POST a/b {x:1} y', 'not JSON'],
    ['POST a/b {"x":1,} y', 'not JSON'],
    ['POST a/b {"x":1 y', 'not closed'],
    ['POST a/b {"x":1} {"y":1} z', 'more than one JSON body'],
    ['POST a/b k {"y":1}', 'path selector | NAME'],
    ['POST a/b?version=1 {"x":1}', 'becomes a new one'],
    ['LIST a/b x', 'LIST is not taken'],
    ['DELETE a/b', 'DELETE is not taken'],
    ['patch a/b {"x":1}', 'PATCH is not taken'],
    ['post a/b {"x":1}', 'write POST'],
    ['POST sys/auth/x {"type":"jwt"}', 'sys/'],
    ['POST auth/token/create', 'auth/'],
    ['POST team/auth/token/create', 'auth/'],
    ['POST a/b/c/sys/wrapping/wrap {"x":1}', 'sys/'],
    ['POST identity/entity {"name":"x"}', 'identity/'],
    ['POST data/auth/token/create {"x":1}', 'auth/'],
    ['PUT /auth/token/create-orphan {}', 'auth/'],
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

  it('is named by its line, each', () => {
    const found = parseSecrets('a/b x\n\nc/d\nsecret/.. y |\n;e x');
    if (found.ok) throw new Error('accepted');
    expect(found.problems.map((p) => /line (\d+)/.exec(p.message)?.[1])).toEqual(['3', '4', '5']);
  });

  it('does not hide the lines behind it', () => {
    const found = parseSecrets('a/b "x\nc/d\nPOST e/f {"x":1\ng/h `i\nj/k l\n{ m/n');
    if (found.ok) throw new Error('accepted');
    expect(found.problems.map((p) => /line (\d+)/.exec(p.message)?.[1])).toEqual(['1', '2', '3', '4', '6']);
  });

  it('does not swallow the next where it is unfinished', () => {
    const found = parseSecrets('a/b\nPOST auth/x/y\nc/d\ne/f g |\nNAME\nGET\nPOST h/i');
    if (found.ok) throw new Error('accepted');
    expect(found.problems.map((p) => /line (\d+)/.exec(p.message)?.[1])).toEqual(['1', '2', '3', '6']);
  });

  it.each([
    'POST a/b {"x": "hidden-value" k',
    'POST a/b ["hidden-value"] k',
    'POST a/b {hidden-value} k',
    'POST a/b \'{"x":"hidden-value"}\' k',
    "POST a/b \"{'x':'hidden-value'}\" k l",
    'POST a/b{"x":"hidden-value"} k',
    'POST a/b x=hidden-value k',
    'POST a/b k {"x":"hidden-value"}',
    'POST a/b k "hidden-value"',
    '{"x":"hidden-value"} k',
  ])('never repeats a body: %s', (text) => {
    const found = parseSecrets(text);
    if (found.ok) throw new Error('accepted');
    expect(JSON.stringify(found.problems)).not.toContain('hidden');
  });
});

describe('lines that do not go together', () => {
  it.each<[string, string, RegExp]>([
    ['one name', 'a/b x | N\nc/d y | N', /lines 1 and 2: N is named twice/],
    ['one name, by default', 'a/b k-x\nc/d y | Z\nc/d kx', /lines 1 and 3: KX is named twice/],
    [
      'writes of one secret with different bodies',
      'POST s/data/a {"data":{"a":1}}\nPOST s/data/a {"data":{"a":2}}',
      /lines 1 and 2: "s\/data\/a" is written twice/,
    ],
    ['writes of what may be a store', 'POST kv1/a {"a":1}; POST kv1/a {"a":2}', /written twice/],
    [
      'a read and a write of one secret',
      's/data/a x\nPOST s/data/a {"data":{"a":2}}',
      /lines 1 and 2: "s\/data\/a" is read and written/,
    ],
    [
      'a write and a read of one secret',
      'POST s/data/a {"data":{"a":2}}\n\ns/data/a x',
      /lines 1 and 3: "s\/data\/a" is read and written/,
    ],
  ])('%s', (_, text, why) => {
    const found = parseSecrets(text);
    if (found.ok) throw new Error('accepted');
    expect(found.problems).toHaveLength(1);
    expect(found.problems[0]?.message).toMatch(why);
  });
  it.each([
    [
      'one write, picked from twice',
      'POST s/data/a {"data":{"a":1}} version | V; POST s/data/a {"data":{"a":1}} created_time | T',
    ],
    [
      'two certificates of one role',
      'POST pki/issue/w {"common_name":"a"} certificate | A; POST pki/issue/w {"common_name":"b"} certificate | B',
    ],
    [
      'two texts for one key',
      'POST transit/encrypt/k {"plaintext":"YQ=="} ciphertext | A; POST transit/encrypt/k {"plaintext":"Yg=="} ciphertext | B',
    ],
    ['two versions', 's/data/a x | A; s/data/a?version=1 x | B'],
  ])('%s do', (_, text) => {
    expect(parsed(text)).toHaveLength(2);
  });
});

describe('lines that one call serves', () => {
  const calls = (text: string) => new Set(parsed(text).map(callOf)).size;
  it.each<[string, number]>([
    ['a/b x; a/b y; /a/b z', 1],
    ['a/b x; a/b?version=1 x | OLD', 2],
    ['POST p/issue/w {"a":1,"b":{"c":[1,2],"d":0}} k; PUT p/issue/w { "b": {"d":0, "c": [1, 2]}, "a": 1 } l', 1],
    ['POST p/issue/w {"a":[1,2]} k; POST p/issue/w {"a":[2,1]} l', 2],
    ['POST p/issue/w k; POST p/issue/w {} l', 1],
    ['POST aws/sts/d a; aws/sts/d b', 2],
  ])('%s: %d', (text, count) => expect(calls(text)).toBe(count));
});

// What may stand in each place, as the grammar has it.
const segment = fc
  .stringMatching(/^[A-Za-z0-9_@:=+~.-]{1,12}$/)
  .filter((s) => !/^\.{1,2}$|^(sys|auth|identity|GET|POST|PUT|LIST|HEAD|PATCH|DELETE)$/i.test(s));
const path = fc.array(segment, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('/'));
const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,10}$/);
const quoted = fc.oneof(fc.stringMatching(/^[^"\n\r]{1,12}$/), fc.constantFrom(';', '|', '*', '{', 'POST', 'as'));
const selector = fc.oneof(
  word.map((w) => ({ text: w, selector: key(w) })),
  fc.array(word, { minLength: 2, maxLength: 3 }).map((ws) => ({ text: ws.join('.'), selector: key(...ws) })),
  quoted.map((q) => ({ text: `"${q}"`, selector: key(q) })),
  fc.boolean().map((keepCase) => ({ text: keepCase ? '**' : '*', selector: all(keepCase) })),
);
const modifiers = fc.constantFrom(
  { text: '', parts: {} },
  { text: ' decode base64', parts: { decode: 'base64' } },
  { text: ' as file', parts: { file: true } },
  { text: '\n as file decode base64', parts: { decode: 'base64', file: true } },
);
const write = fc
  .tuple(
    fc.constantFrom('POST ', 'PUT\n'),
    fc.option(fc.dictionary(fc.string(), fc.jsonValue()), { nil: undefined }),
    fc.boolean(),
  )
  .map(([method, body, wide]) => ({ method, body: body && JSON.stringify(body, null, wide ? 2 : 0) }));
/** Each with a name of its own, so that any of them go together. */
const request = fc
  .record({
    path,
    selector,
    version: fc.option(fc.integer({ min: 1, max: 999 })),
    write: fc.option(write),
    modifiers,
    behind: fc.boolean(),
    bar: fc.constantFrom('|', ' | ', '\n| ', ' |\n'),
  })
  .map((parts) => (index: number) => {
    const { path: p, selector: s, modifiers: m, write: w, version } = parts;
    const place = `${p}-${index}${version === null || w ? '' : `?version=${version}`}`;
    const name = `${parts.bar}X${index}_`;
    const body = w?.body === undefined ? '' : `${w.body} `;
    return {
      text: `${w?.method ?? ''}${place} ${body}${s.text}${parts.behind ? name + m.text : m.text + name}`,
      request: {
        ...(w && { method: 'POST' }),
        path: `${p}-${index}`,
        ...(version !== null && !w && { version }),
        ...(w?.body !== undefined && { body: w.body }),
        selector: s.selector,
        name: `X${index}_`,
        ...m.parts,
      },
    };
  });
const separator = fc.constantFrom(';', '; ', '\n', ';\n', '\n\n', ' ;\n  ', '\r\n');

it('gives back any list of requests, however they are separated', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(request, separator), { minLength: 1, maxLength: 5 }), (parts) => {
      const made = parts.map(([make, separate], i) => ({ ...make(i), separate }));
      const text = made.map((r) => r.text + r.separate).join('');
      expect(parsed(text)).toEqual(made.map((r) => r.request));
    }),
    { numRuns: 400 },
  );
});

const piece = fc.oneof(
  fc.constantFrom(
    ' ',
    '\n',
    ';',
    '|',
    '"',
    '`',
    '*',
    'a/b',
    '?version=',
    '..',
    '%2e',
    '{',
    '}',
    '{"x":1}',
    'POST ',
    ' as file',
    ' decode base64',
  ),
  fc.string({ maxLength: 4 }),
);

it('never throws, and names a line in every problem, whatever is written', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const found = parseSecrets(pieces.join(''));
      if (found.ok) for (const r of found.value) expect(r.path).not.toMatch(/(^|\/)\.{0,2}(\/|$)|[%#?\\]/);
      else
        for (const p of found.problems) {
          expect(p.id).toMatch(/^inputs\//);
          expect(p.message).toMatch(/^vault-secrets(, lines? \d+( and \d+)?)?: /);
        }
    }),
    { numRuns: 400 },
  );
});

it('loses no line: every line that holds a word is a request or has its problem', () => {
  // Without brackets, which may stretch a body over lines, and without what goes on with the line before.
  const chunk = fc
    .array(
      piece.filter((p) => !/[{}[\];\n]/.test(p)),
      { minLength: 1, maxLength: 8 },
    )
    .map((pieces) => pieces.join('').replace(/[\r\n\u2028\u2029]/g, ''))
    .filter((text) => text.trim() !== '');
  const outcome = (text: string) => {
    const found = parseSecrets(text);
    return found.ok
      ? found.value.map((r) => r.line)
      : found.problems.map((p) => Number(/line (\d+)/.exec(p.message)?.[1]));
  };
  fc.assert(
    fc.property(fc.array(chunk, { minLength: 1, maxLength: 5 }), (chunks) => {
      for (const text of chunks) expect(outcome(text).length).toBeGreaterThan(0);
      const whole = parseSecrets(chunks.join(';\n'));
      // A line alone is wrong if and only if it is wrong, or one of a pair, among others.
      const bad = chunks.flatMap((text, i) => (parseSecrets(text).ok ? [] : [i + 1]));
      const told = whole.ok
        ? []
        : whole.problems.flatMap((p) => [...p.message.matchAll(/lines? (\d+)/g)].map((m) => Number(m[1])));
      for (const line of bad) expect(told).toContain(line);
      if (whole.ok) expect(whole.value.map((r) => r.line)).toEqual(chunks.map((_, i) => i + 1));
    }),
    { numRuns: 400 },
  );
});
