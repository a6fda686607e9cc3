// docs/vault-secrets.md is true: its grammar makes nothing that the parser refuses, its examples are requests, and each difference from vault-action is so.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { dataOf, type Picked, pick } from '../../../src/providers/vault/pick.ts';
import { parseSecrets, type SecretRequest } from '../../../src/providers/vault/secrets.ts';
import { readGrammar, sentences } from '../../literals/ebnf.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/vault-secrets.md'), 'utf8');
const section = (title: string) => PAGE.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(PAGE)?.[1] ?? '';
/** The rows of a section's table below its head, as cells. */
const rows = (title: string) =>
  section(title)
    .split('\n')
    .filter((line) => /^\| (?!---)/.test(line))
    .slice(1)
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')));
const code = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1] ?? '');

function requests(text: string): readonly SecretRequest[] {
  const found = parseSecrets(text);
  if (!found.ok) throw new Error(`${text}\n${found.problems.map((p) => p.message).join('\n')}`);
  return found.value;
}

describe('the grammar', () => {
  const grammar = readGrammar(block('ebnf'));
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/).filter((w) => !/^(sys|auth|identity)$/.test(w));
  const words = {
    segment: word,
    number: fc.integer({ min: 1, max: 99 }).map(String),
    body: fc
      .dictionary(fc.string(), fc.jsonValue())
      .chain((o) => fc.constantFrom(JSON.stringify(o), JSON.stringify(o, null, 2))),
    plain: fc.stringMatching(/^[^\s|;"`$[\]\\(){}^<>=!&,+?%'*.\p{C}]{1,9}$/u),
    text: fc.stringMatching(/^[^\r\n"`]{1,9}$/),
    name: fc.stringMatching(/^[A-Z]{9}$/),
    'line end': fc.constantFrom('\n', '\r\n', '\n\n'),
  };
  const glued = new Set(['path', 'selector', 'key']);
  const make = (rule: string) =>
    sentences(grammar, rule, words, glued).map((text) => text.replaceAll(' ?version= ', '?version='));

  it('defines every rule but the words of its table', () => {
    const prose = [...section('Grammar').matchAll(/^\| `([a-z ]+)` \|/gm)].map((m) => m[1]);
    expect([...prose].sort()).toEqual(Object.keys(words).sort());
    expect([...grammar.keys()].filter((name) => name in words)).toEqual([]);
  });

  // What the prose beside the grammar says of modifiers.
  const allowed = (text: string) =>
    ['decode base64', 'as file'].every((modifier) => text.split(modifier).length <= 2) &&
    !/ \*\*? (?=.*as file)(?!.*\|)/.test(text);

  it('makes one request of each sentence of `request`', () => {
    fc.assert(
      fc.property(make('request').filter(allowed), (text) => {
        expect(requests(text)).toHaveLength(1);
      }),
      { numRuns: 400 },
    );
  });

  it('makes as many as there are of a sentence of `requests`', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(make('request').filter(allowed), make('separator')), { minLength: 1, maxLength: 4 }),
        (parts) => {
          const found = parseSecrets(parts.flat().join(' '));
          // Two that name one variable, or one secret, by chance.
          fc.pre(found.ok || !found.problems.some((p) => /twice|no order/.test(p.message)));
          expect(found.ok && found.value).toHaveLength(parts.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the examples', () => {
  it('are requests', () => expect(requests(block('text'))).toHaveLength(14));

  it.each(rows('Engines').flatMap(([, , lines]) => code(lines)))('%s is one', (line) => {
    expect(requests(line)).toHaveLength(1);
  });
});

describe('what differs from vault-action', () => {
  const KV2 = { created_time: 't', version: 1 };
  const first = (line: string, data: object): Picked | string | undefined => {
    const [request] = requests(line);
    const inner = dataOf(request?.path ?? '', data as Readonly<Record<string, unknown>>);
    const found = request && inner ? pick(request, inner) : undefined;
    return typeof found === 'string' ? found : found?.[0];
  };
  const value = (line: string, data: object) => {
    const found = first(line, data);
    return typeof found === 'string' ? undefined : found?.value;
  };
  const refused = (text: string): string => {
    const found = parseSecrets(text);
    return found.ok ? '' : found.problems.map((p) => p.message).join();
  };

  /** By the first cell. Those that are seen on the wire or in the log name the test that holds them. */
  const HELD: Readonly<Record<string, (() => void) | string>> = {
    'secret/app password': 'exchange.test.ts: is found after',
    'kv1/app data': () => expect(value('kv1/app data', { data: 'x', metadata: KV2 })).toBe('x'),
    'secret/data/app a.b': () => {
      expect(value('secret/data/app a.b', { 'a.b': 'flat' })).toBe('flat');
      expect(value('secret/data/app a.b', { 'a.b': 'flat', a: { b: 'deep' } })).toBe('deep');
    },
    'secret/data/app "a.b"': () => {
      expect(value('secret/data/app "a.b"', { a: { b: 'deep' } })).toBe('deep');
      expect(value('secret/data/app "a.b"', { 'a.b': 'flat', a: { b: 'deep' } })).toBe('flat');
    },
    'secret/data/app "two words"': () => expect(value('secret/data/app "two words"', { 'two words': 'v' })).toBe('v'),
    'secret/data/app k-x': () =>
      expect(first('secret/data/app k-x', { 'k-x': 'v' })).toMatchObject({ variable: 'KX', value: 'v' }),
    'secret/data/app $.$': () => expect(refused('secret/data/app $.$')).toContain('JSONata'),
    'secret/data/app list[0]': () => expect(refused('secret/data/app list[0] | N')).toContain('JSONata'),
    'secret/data/app a': () => expect(refused('secret/data/app a; secret/data/other a')).toContain('named twice'),
    'secret/data/app x | PATH': () => expect(refused('secret/data/app x | PATH')).toContain('what later steps run'),
    'secret/data/app x | MY-NAME': () => expect(refused('secret/data/app x | MY-NAME')).toContain('not a name'),
    'secret/data/app ключ': () => {
      expect(first('secret/data/app ключ', { ключ: 'v' })).toContain('give it a name behind |');
      expect(first('secret/data/app ключ | KEY', { ключ: 'v' })).toMatchObject({ variable: 'KEY', value: 'v' });
    },
    'secret/data/app *': () => expect(first('secret/data/app *', { k: 'v' })).toMatchObject({ wild: true }),
    'mount key': () => expect(refused('mount key')).toContain('a mount and a name'),
    'secret/data/../auth/x k': () => expect(refused('secret/data/../auth/x k')).toContain('..'),
    'secret/data/app id': 'exchange.test.ts: gives numbers as the server wrote them',
    'secret/data/app flag': 'exchange.test.ts: warns of values that no mask can hide',
    'database/creds/app username': 'engines.test.ts: masks what is secret',
    'secret/data/app k': 'exchange.test.ts: is a notice where vault-ignore-not-found asks for that',
    secretEncodingType: () => {
      const [one, other] = requests('a/b x decode base64\na/b y');
      expect([one?.decode, other?.decode]).toEqual(['base64', undefined]);
    },
    pki: () => expect(requests('POST pki/issue/web {"common_name": "x"} certificate | CERT')).toHaveLength(1),
  };
  const table = rows('What differs from vault-action').map(([, line]) => code(line)[0] ?? '');

  it('is held row by row', () => expect(table).toEqual(Object.keys(HELD)));

  it.each(table.filter((line) => typeof HELD[line] === 'function'))('%s', (line) => {
    (HELD[line] as () => void)();
  });

  it.each(table.flatMap((line) => (typeof HELD[line] === 'string' ? [[line, HELD[line]]] : [])))(
    '%s: %s',
    (_, held) => {
      const [file = '', title = ''] = held.split(': ');
      expect(readFileSync(join(import.meta.dirname, file), 'utf8')).toContain(title);
    },
  );
});
