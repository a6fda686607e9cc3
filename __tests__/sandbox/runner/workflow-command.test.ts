import { readCommand } from '../../../sandbox/runner/workflow-command.ts';

const known = new Set(['add-mask', 'error', 'group', 'set-output', 'endgroup']);

describe('a line is a command', () => {
  it.each<[line: string, name: string, properties: Record<string, string>, data: string]>([
    ['::add-mask::x', 'add-mask', {}, 'x'],
    ['  \t::add-mask::x', 'add-mask', {}, 'x'],
    ['::ADD-MASK::x', 'ADD-MASK', {}, 'x'],
    ['::endgroup::', 'endgroup', {}, ''],
    ['::add-mask::a::b', 'add-mask', {}, 'a::b'],
    ['::add-mask::a%0Ab%0D%25', 'add-mask', {}, 'a\nb\r%'],
    ['::add-mask::%250A', 'add-mask', {}, '%0A'],
    ['::add-mask::%0a', 'add-mask', {}, '%0a'],
    ['::error file=a.js,line=1::no', 'error', { file: 'a.js', line: '1' }, 'no'],
    ['::error FILE=a.js::no', 'error', { file: 'a.js' }, 'no'],
    ['::error title=a%3Ab%2Cc%25::no', 'error', { title: 'a:b,c%' }, 'no'],
    ['::error file=,line::no', 'error', {}, 'no'],
    ['::error file=a=b::no', 'error', { file: 'a=b' }, 'no'],
    ['##[group]hello', 'group', {}, 'hello'],
    ['text ##[add-mask]x', 'add-mask', {}, 'x'],
    ['##[set-output name=a%3Bb;other=1]v%5D%0A', 'set-output', { name: 'a;b', other: '1' }, 'v]\n'],
    ['::unknown::x ##[add-mask]y', 'add-mask', {}, 'y'],
  ])('%s', (line, name, properties, data) => {
    expect(readCommand(line, known)).toEqual({ name, properties, data });
  });

  it.each([
    '',
    'x',
    'text ::add-mask::x',
    ':: add-mask::x',
    '::add-mask:x',
    '::unknown::x',
    '##[unknown]x',
    '##[add-mask x',
    '##[ add-mask]x',
    '# #[add-mask]x',
  ])('but not %j', (line) => {
    expect(readCommand(line, known)).toBeUndefined();
  });
});
