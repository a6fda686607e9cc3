import { list } from '../../../src/core/kinds.ts';
import { BETWEEN_ARNS, roleArn, tags } from '../../../src/providers/aws/kinds.ts';

describe('session tags', () => {
  it.each([
    ['team=platform', [['team', 'platform']]],
    [
      ' team = a b \n\nrun=\n',
      [
        ['team', 'a b'],
        ['run', ''],
      ],
    ],
    [
      'team=a, run=1',
      [
        ['team', 'a'],
        ['run', '1'],
      ],
    ],
    ['url=https://x.example/y=z', [['url', 'https://x.example/y=z']]],
    [
      '{"a=b":"c","Größe":"ü"}',
      [
        ['a=b', 'c'],
        ['Größe', 'ü'],
      ],
    ],
  ])('%j', (text, expected) => {
    expect(tags.parse(text)?.map(({ key, value }) => [key, value])).toEqual(expected);
  });

  it.each([
    'team',
    '=x',
    'a=1\nA=2',
    'aws:x=1',
    'Aws:x=1',
    'a=#',
    'a=1;b=2',
    '{}',
    '[]',
    '{"a":1}',
    '{"a":null}',
    '{"a":"x"',
    '{"":"x"}',
    `${'k'.repeat(129)}=v`,
    `k=${'v'.repeat(257)}`,
    'a\tb=1',
  ])('are not %j', (text) => {
    expect(tags.parse(text)).toBeUndefined();
  });
});

describe('a list of roles', () => {
  const a = 'arn:aws:iam::123456789012:role/a';
  const odd = 'arn:aws:iam::123456789012:role/a,b=c';
  it.each([
    [`${a}\n${odd}`, [a, odd]],
    [`${a}, ${odd},${a}`, [a, odd, a]],
    [odd, [odd]],
  ])('%j', (text, expected) => {
    expect(list(roleArn, BETWEEN_ARNS).parse(text)).toEqual(expected);
  });
});
