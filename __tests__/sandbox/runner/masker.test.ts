import { LineSplitter } from '../../../sandbox/runner/line-splitter.ts';
import { Masker } from '../../../sandbox/runner/masker.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function masked(secret: string, text: string): string {
  const masker = new Masker();
  masker.add(secret);
  return masker.mask(text);
}

describe('the masker hides', () => {
  it.each<[what: string, secret: string, text: string]>([
    ['the value', 'hunter22', 'hunter22'],
    ['a single letter', '{', '{'],
    ['base64', 'hunter22', base64('hunter22')],
    ['base64 behind one byte, where lengths align', 'abhunter22', base64('hunter22')],
    ['base64 behind two bytes', 'abhunter2', base64('bhunter2')],
    ['base64 of one byte less', 'hunter2', base64('unter2')],
    ['a command line', 'a"b', 'a\\"b'],
    ['an expression', "it's", "it''s"],
    ['JSON', 'a"b\\c\nd\t\u001f', 'a\\"b\\\\c\\nd\\t\\u001f'],
    ['JSON, line separators', 'a\u2028b', 'a\\u2028b'],
    ['a URL', "a b/c!'(é)*~", 'a%20b%2Fc%21%27%28%C3%A9%29%2A~'],
    ['XML', '<a&"b\'>', '&lt;a&amp;&quot;b&apos;&gt;'],
    ['without its quotes', '"a quoted one"', 'a quoted one'],
    ['PowerShell, before the last &', 'secret1&secret2&secret3', 'secret1&secret2&'],
    ['PowerShell, after the last &', 'secret1&secret2&secret3', 'secret3'],
    ['PowerShell, before &+', 'secret1&+secret2&secret3', 'secret1&+'],
    ['PowerShell, after &+ and the letter that was coloured', 'secret1&+secret2&secret3', 'ecret2&secret3'],
  ])('%s', (_, secret, text) => {
    expect(masked(secret, `<<${text}>>`)).toBe('<<***>>');
  });

  it.each<[what: string, secret: string, text: string]>([
    ['base64url', 'a?>b?>c', Buffer.from('a?>b?>c').toString('base64url')],
    ['hex', 'hunter22', Buffer.from('hunter22').toString('hex')],
    ['lower-case percent-encoding', 'a/b?c', 'a%2fb%3fc'],
    ['a plus for a space', 'a b?c', 'a+b%3Fc'],
    ['another case', 'hunter22', 'HUNTER22'],
    ['base64 with a newline in it', 'hunter22', base64('hunter22\n')],
    ['a short quoted value without its quotes', '"abcd"', 'abcd'],
    ['a short part at &', 'ab&cdefgh', 'ab&c'],
    ['the empty string', '', 'anything'],
  ])('but not %s', (_, secret, text) => {
    expect(masked(secret, text)).toBe(text);
  });

  it('makes one *** of what overlaps or touches', () => {
    const masker = new Masker();
    for (const value of ['abcdef', 'defghi', 'xyz']) masker.add(value);
    expect(masker.mask('-abcdefghixyz-')).toBe('-***-');
    expect(masker.mask('xyz-xyz')).toBe('***-***');
  });

  it('takes each line of a value too, trimmed', () => {
    const masker = new Masker();
    masker.addWithLines('{\r\n  "key": 1\r\n}');
    expect(masker.mask('{ "key": 1 }')).toBe('*** *** ***');
    expect(masker.values()).toEqual(['{\r\n  "key": 1\r\n}', '{', '"key": 1', '}']);
  });
});

describe('output is cut into lines', () => {
  it.each<[pieces: string[], lines: string[]]>([
    [['a\nb\n'], ['a', 'b']],
    [['a\r\nb\rc\n'], ['a', 'b', 'c']],
    [
      ['a\r', '\nb'],
      ['a', 'b'],
    ],
    [
      ['a\r', 'b'],
      ['a', 'b'],
    ],
    [
      ['a', 'b', '\n', '\n'],
      ['ab', ''],
    ],
    [['last without end'], ['last without end']],
    [['a\r'], ['a']],
    [[''], []],
  ])('%j', (pieces, expected) => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    for (const piece of pieces) splitter.push(piece);
    splitter.end();
    expect(lines).toEqual(expected);
  });
});
