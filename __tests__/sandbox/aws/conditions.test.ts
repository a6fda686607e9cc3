import { type Condition, holds, operatorOf, wildcardMatch } from '../../../sandbox/aws/conditions.ts';

const context = new Map<string, readonly string[]>([
  ['key', ['Value']],
  ['many', ['a', 'b']],
  ['number', ['10']],
  ['time', ['2026-11-25T12:00:00Z']],
  ['flag', ['true']],
  ['ip', ['203.0.113.10']],
  ['arn', ['arn:aws:iam::123456789012:role/ci/deploy']],
  ['empty', []],
]);

function condition(name: string, key: string, ...values: string[]): Condition {
  const operator = operatorOf(name);
  if (operator === undefined) throw new Error(`no operator ${name}`);
  return { operator, key, values };
}

describe('operators', () => {
  it.each<[string, string, string[], boolean]>([
    ['StringEquals', 'key', ['Value'], true],
    ['StringEquals', 'KEY', ['Value'], true],
    ['StringEquals', 'key', ['value'], false],
    ['StringEquals', 'key', ['Val*'], false],
    ['StringEquals', 'key', ['other', 'Value'], true],
    ['StringEquals', 'none', ['Value'], false],
    ['StringEquals', 'empty', ['Value'], false],
    ['StringEqualsIfExists', 'none', ['Value'], true],
    ['StringEqualsIfExists', 'key', ['other'], false],
    ['StringNotEquals', 'key', ['other'], true],
    ['StringNotEquals', 'key', ['other', 'Value'], false],
    ['StringNotEquals', 'none', ['Value'], true],
    ['StringEqualsIgnoreCase', 'key', ['vALUE'], true],
    ['StringNotEqualsIgnoreCase', 'key', ['vALUE'], false],
    ['StringLike', 'key', ['Val*'], true],
    ['StringLike', 'key', ['V?lue'], true],
    ['StringLike', 'key', ['V?ue'], false],
    ['StringLike', 'key', ['val*'], false],
    ['StringNotLike', 'key', ['Val*'], false],
    ['StringNotLike', 'none', ['*'], true],
    ['ArnLike', 'arn', ['arn:aws:iam::*:role/ci/*'], true],
    ['ArnEquals', 'arn', ['arn:aws:iam::123456789012:role/*'], true],
    ['ArnLike', 'arn', ['arn:*deploy'], false],
    ['ArnLike', 'arn', ['*'], false],
    ['ArnNotLike', 'arn', ['arn:aws:iam::*:role/x'], true],
    ['Bool', 'flag', ['TRUE'], true],
    ['Bool', 'flag', ['false'], false],
    ['Bool', 'none', ['false'], false],
    ['NumericEquals', 'number', ['10.0'], true],
    ['NumericNotEquals', 'number', ['10'], false],
    ['NumericLessThan', 'number', ['10'], false],
    ['NumericLessThanEquals', 'number', ['10'], true],
    ['NumericGreaterThan', 'number', ['9'], true],
    ['NumericGreaterThanEquals', 'number', ['11'], false],
    ['NumericLessThan', 'key', ['10'], false],
    ['DateEquals', 'time', ['2026-11-25T13:00:00+01:00'], true],
    ['DateNotEquals', 'time', ['2026-11-25T12:00:00Z'], false],
    ['DateLessThan', 'time', ['2026-11-25T12:00:01Z'], true],
    ['DateLessThanEquals', 'time', ['2026-11-25T11:59:59Z'], false],
    ['DateGreaterThan', 'time', ['1764072000'], true],
    ['DateGreaterThanEquals', 'time', ['2026-11-25T12:00:00Z'], true],
    ['DateGreaterThan', 'none', ['2020-01-01T00:00:00Z'], false],
    ['DateGreaterThan', 'time', ['yesterday'], false],
    ['IpAddress', 'ip', ['203.0.113.0/24'], true],
    ['IpAddress', 'ip', ['203.0.113.10'], true],
    ['IpAddress', 'ip', ['2001:db8::/32'], false],
    ['NotIpAddress', 'ip', ['198.51.100.0/24'], true],
    ['Null', 'none', ['true'], true],
    ['Null', 'key', ['true'], false],
    ['Null', 'key', ['false'], true],
    ['Null', 'empty', ['true'], true],
    ['ForAnyValue:StringEquals', 'many', ['b', 'c'], true],
    ['ForAnyValue:StringEquals', 'many', ['c'], false],
    ['ForAnyValue:StringEquals', 'none', ['c'], false],
    ['ForAnyValue:StringNotEquals', 'none', ['c'], false],
    ['ForAllValues:StringEquals', 'many', ['a', 'b', 'c'], true],
    ['ForAllValues:StringEquals', 'many', ['a'], false],
    ['ForAllValues:StringEquals', 'none', ['a'], true],
    ['ForAllValues:StringNotEquals', 'many', ['c'], true],
    ['ForAllValues:StringLikeIfExists', 'none', ['a'], true],
    ['ForAnyValue:StringLike', 'many', ['?'], true],
  ])('%s %s %j: %s', (name, key, values, expected) => {
    expect(holds(condition(name, key, ...values), context)).toBe(expected);
  });

  it.each([
    'StringIs',
    'stringEquals',
    'ForSomeValues:StringEquals',
    'NullIfExists',
    'ForAnyValue:Null',
    'NotBool',
    'constructor',
    '',
  ])('there is no %j', (name) => {
    expect(operatorOf(name)).toBeUndefined();
  });
});

it.each([
  ['a.b', 'a.b', true],
  ['axb', 'a.b', false],
  ['a\nb', 'a*b', true],
  ['', '*', true],
  ['', '?', false],
  ['a(b', 'a(b', true],
  ['a^$|\\b', 'a^$|\\b', true],
])('%j against %j: %s', (text, pattern, expected) => {
  expect(wildcardMatch(text, pattern)).toBe(expected);
});
