import fc from 'fast-check';
import { distance, nearest } from '../../src/core/nearest.ts';

const NAMES = ['aws-region', 'aws-role-arn', 'vault-secrets', 'timeout', 'lifetime'];

describe('nearest', () => {
  it.each([
    ['aws-regoin', 'aws-region'],
    ['aws-rolearn', 'aws-role-arn'],
    ['vault-secret', 'vault-secrets'],
    ['lifetime', 'lifetime'],
    ['time-out', 'timeout'],
    ['something-else-entirely', undefined],
    ['x', undefined],
  ])('%s is near to %s', (name, near) => {
    expect(nearest(name, NAMES)).toBe(near);
  });
  it('has no suggestion out of nothing', () => {
    expect(nearest('x', [])).toBeUndefined();
  });
});

describe('distance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['flaw', 'lawn', 2],
  ])('%j to %j: %d', (a, b, edits) => {
    expect(distance(a, b)).toBe(edits);
  });
  it('is a metric', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, b) === 0).toBe(a === b);
        expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c));
      }),
    );
  });
});
