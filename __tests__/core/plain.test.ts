import fc from 'fast-check';
import { breakCommands, inert, plain } from '../../src/core/plain.ts';
import { jwt } from '../literals/identity.ts';

/** Texts in which dangerous parts are likely. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '::',
        ':',
        '#',
        '##[',
        '[',
        '\n',
        '\r',
        '\u2028',
        '\u200b',
        ' ',
        '::stop-commands::x',
        '##[add-mask]',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constant(jwt({ sub: 'someone' })),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('plain', () => {
  it.each([
    ['AccessDenied: not authorized', 'AccessDenied: not authorized'],
    ['a\n::stop-commands::x', 'a : :stop-commands: :x'],
    ['x ##[add-mask]y', 'x ## [add-mask]y'],
    ['a\r\nb\tc', 'a b c'],
    ['a\u2028b\u2029c', 'a b c'],
    ['zero\u200bwidth', 'zero width'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['  padded   out  ', 'padded out'],
    [':::::', ': : : : :'],
    ['', ''],
  ])('%j becomes %j', (given, shown) => {
    expect(plain(given)).toBe(shown);
  });

  it.each(['', 'Bearer ', 'token=', '"', 'jwt:', 'id_token_', 'x'])('redacts a JWT behind %j', (before) => {
    const signature = 'c2VjcmV0LXNpZ25hdHVyZS1vZi10aGUtdG9rZW4';
    expect(plain(`${before}${jwt({ sub: 'repo:o/r' }, signature)} rest`)).not.toContain(signature);
  });

  it('cuts at 300 characters and shows that it did', () => {
    expect(plain('x'.repeat(300))).toHaveLength(300);
    expect(plain('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`);
  });

  it('never holds a command, a control character, a JWT or more than 300 characters', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = plain(text);
        expect(shown).not.toMatch(/::|##\[/);
        expect(shown).not.toMatch(/\p{Cc}|\p{Cf}|\u2028|\u2029/u);
        expect(shown).not.toMatch(/\bey[\w-]{8,}\.[\w-]{8,}\.[\w-]+/);
        expect(shown.length).toBeLessThanOrEqual(300);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(hostile, (text) => expect(plain(plain(text))).toBe(plain(text))));
  });
});

describe('breakCommands', () => {
  it('keeps the length of what it does not break', () => {
    expect(breakCommands('a: b # [c]')).toBe('a: b # [c]');
  });
});

describe('inert', () => {
  it.each([
    ['arn:aws:sts::123456789012:assumed-role/R/gh-1', 'arn:aws:sts::123456789012:assumed-role/R/gh-1'],
    ['$(id)`x`; rm -rf "/"', '__id__x__ rm -rf _/_'],
    ["it's", 'it_s'],
    ['a\nb', 'a_b'],
    ['ä', '_'],
  ])('%j becomes %j', (given, shown) => {
    expect(inert(given)).toBe(shown);
  });

  it('holds nothing that a shell reads', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(inert(text)).toMatch(/^[A-Za-z0-9 ._/@:=+-]{0,300}$/);
      }),
    );
  });
});
