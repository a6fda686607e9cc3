import fc from 'fast-check';
import { annotated, code, escaped, fenced, folded, prose, table } from '../../src/core/markdown.ts';
import { hostile, isTame } from '../literals/hostile.ts';

describe('text of others', () => {
  it.each([
    ['a*b*', 'a\\*b\\*'],
    ['<img src=x>', '\\<img src=x\\>'],
    ['[x](y)', '\\[x\\](y)'],
    ['snake_case stays', 'snake_case stays'],
    ['_edge_', '\\_edge\\_'],
    ['a|b', 'a\\|b'],
    ['https://evil.example', 'https:&#47;/evil.example'],
    ['www.evil.example', 'www&#46;evil.example'],
    ['a@b.example', 'a&#64;b.example'],
    ['&amp;', '\\&amp;'],
  ])('%j shows as it is: %j', (text, shown) => expect(escaped(text)).toBe(shown));

  it('makes no markup, no link and no second line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const shown of [escaped(text), prose(text), code(text)]) {
          expect(isTame(shown.replace(/&#?\w+;/g, '.'))).toBe(true);
          expect(shown).not.toMatch(/(?<!\\)[<>]|\n/);
        }
      }),
    );
  });
});

describe('sentences', () => {
  it.each([
    ['run `aws x` in *it*', 'run `aws x` in \\*it\\*'],
    ['an odd ` one', 'an odd \\` one'],
    ['`a|b`', '`a\\|b`'],
  ])('%j keep their code: %j', (text, shown) => expect(prose(text)).toBe(shown));
});

describe('code', () => {
  it('is what people copy', () => expect(code('arn:aws:iam::1:role/x_y')).toBe('`arn:aws:iam::1:role/x_y`'));
  it('does not end early', () => expect(code('a`b')).toBe('a\\`b'));
  it('stays in its cell', () => expect(code('a|b')).toBe('`a\\|b`'));
  it('of nothing is nothing', () => expect(code('')).toBe(''));
});

it('a fence is not closed by a line within', () => {
  expect(fenced('sh', ['x', '```', 'y'])).toEqual(['```sh', 'x', "'''", 'y', '```', '']);
});
it('a folded part has a title without HTML', () => {
  expect(folded('<b>', ['x']).join('\n')).toContain('<summary>&#60;b&#62;</summary>');
});
it('a table has a head, a rule and rows', () => {
  expect(table(['a', 'b'], [['1', annotated('2', 'why')]])).toEqual([
    '| a | b |',
    '| --- | --- |',
    '| 1 | 2<br><sub>why</sub> |',
    '',
  ]);
});
