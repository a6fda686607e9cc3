import { execFileSync } from 'node:child_process';
import { celEnv, parse, plan } from '@bufbuild/cel';
import fc from 'fast-check';
import { cel, hcl, json, jsonLines, shell } from '../../src/core/quoting.ts';

/** Any text without control characters and lone surrogates. */
const texts = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom("'", '"', '\\', '`', '$', '{', '%', '\u00e9', '\u{1f511}', ' '),
      fc.string({ maxLength: 1 }),
    ),
  })
  .filter((text) => !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text));

const printed = (quoted: string) => execFileSync('sh', ['-c', `printf %s ${quoted}`], { encoding: 'utf8' });
const evaluated = (quoted: string) => plan(celEnv(), parse(quoted))();

describe('quoting', () => {
  it('json round-trips', () => {
    fc.assert(fc.property(texts, (text) => JSON.parse(json(text)) === text));
  });

  it('shell round-trips through sh', () => {
    fc.assert(
      fc.property(texts, (text) => printed(shell(text)) === text),
      { numRuns: 40 },
    );
  });

  it('cel round-trips through an evaluator', () => {
    fc.assert(fc.property(texts, (text) => evaluated(cel(text)) === text));
  });

  it.each([
    ['secret/data/app', '"secret/data/app"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['$x %y {z}', '"$x %y {z}"'],
  ])('hcl writes %j as %s', (text, quoted) => expect(hcl(text)).toBe(quoted));

  it.each(['${', '%{x}', 'a${'])('hcl refuses the template %j', (text) => expect(() => hcl(text)).toThrow('templates'));

  it.each(['\n', '\u0000', '\u001b[0m', '\u007f', '\u2028', '\ud800'])('every writer refuses %j', (text) => {
    for (const writer of [json, shell, hcl, cel]) expect(() => writer(`a${text}b`)).toThrow('not quoted');
    expect(() => jsonLines({ a: [`${text}`] })).toThrow('not quoted');
  });

  it('jsonLines gives the value back, line by line', () => {
    const value = { a: { b: ['x "y"', 'z'] }, c: 1 };
    const lines = jsonLines(value);
    expect(JSON.parse(lines.join('\n'))).toEqual(value);
    expect(lines.length).toBeGreaterThan(4);
  });
});
