import { readPairs, readPaths } from '../../../sandbox/runner/file-command.ts';

// Pairs stand flat: name, value, name, value.
describe('the grammar of GITHUB_ENV, GITHUB_OUTPUT and GITHUB_STATE', () => {
  it.each<[what: string, text: string, pairs: string[]]>([
    ['nothing', '', []],
    ['one pair', 'A=1\n', ['A', '1']],
    ['no final newline', 'A=1', ['A', '1']],
    ['empty lines between', '\nA=1\n\n\nB=2\n', ['A', '1', 'B', '2']],
    ['an empty value', 'A=\n', ['A', '']],
    ['an equals sign in the value', 'A=b=c\n', ['A', 'b=c']],
    ['an empty name is taken', '=x\n', ['', 'x']],
    ['spaces stay', ' A = 1 \n', [' A ', ' 1 ']],
    ['a CR stays in the value on Linux', 'A=1\r\n', ['A', '1\r']],
    ['a byte order mark is dropped', '\ufeffA=1\n', ['A', '1']],
    ['a block', 'A<<E\n1\n2\nE\n', ['A', '1\n2']],
    ['an empty block', 'A<<E\nE\n', ['A', '']],
    ['a block of one empty line', 'A<<E\n\nE\n', ['A', '']],
    ['a block that ends with an empty line', 'A<<E\n1\n\nE\n', ['A', '1\n']],
    ['a delimiter at the very end', 'A<<E\n1\nE', ['A', '1']],
    ['a CR in the delimiter, on both sides', 'A<<E\r\n1\r\nE\r\n', ['A', '1\r']],
    ['pairs inside a block are text', 'A<<E\nB=2\nE\nC=3\n', ['A', 'B=2', 'C', '3']],
    ['the equals sign comes first', 'A=1<<E\n', ['A', '1<<E']],
    ['the brackets come first', 'A<<E=\n1\nE=\n', ['A', '1']],
    ['a delimiter with a space is another', 'A<<E\n1\nE \nE\n', ['A', '1\nE ']],
    ['a name twice', 'A=1\nA=2\n', ['A', '1', 'A', '2']],
  ])('reads %s', (_, text, pairs) => {
    const read = readPairs(text);
    expect(read.pairs.flatMap(({ name, value }) => [name, value])).toEqual(pairs);
    expect(read.error).toBeUndefined();
  });

  it.each<[what: string, text: string, pairs: string[], error: string]>([
    ['no sign at all', 'A=1\nnonsense\nB=2\n', ['A', '1'], "Invalid format 'nonsense'"],
    ['no name', '<<E\n1\nE\n', [], "Invalid format '<<E'. Name must not be empty and delimiter must not be empty"],
    ['no delimiter', 'A<<\n1\n', [], "Invalid format 'A<<'. Name must not be empty and delimiter must not be empty"],
    ['no end', 'A=1\nB<<E\n2\n', ['A', '1'], "Invalid value. Matching delimiter not found 'E'"],
    ['no end, and no newline', 'B<<E\n2', [], 'Invalid value. EOF marker missing new line.'],
    ['a CR at the end only', 'A<<E\n1\r\nE\r\n', [], "Invalid value. Matching delimiter not found 'E'"],
  ])('stops at %s, and keeps what came before', (_, text, pairs, error) => {
    const read = readPairs(text);
    expect(read.pairs.flatMap(({ name, value }) => [name, value])).toEqual(pairs);
    expect(read.error).toBe(error);
  });

  it('reads folders for PATH by every line end', () => {
    expect(readPaths('/a\n\n/b\r\n/c\r/d')).toEqual(['/a', '/b', '/c', '/d']);
  });
});
