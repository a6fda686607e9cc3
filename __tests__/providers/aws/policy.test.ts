import fc from 'fast-check';
import { timeBoxed } from '../../../src/providers/aws/policy.ts';

const UNTIL = Date.UTC(2026, 10, 25, 12, 5, 0);
const DENY = {
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { DateGreaterThan: { 'aws:CurrentTime': '2026-11-25T12:05:00Z' } },
};
const ALLOW = { Effect: 'Allow', Action: '*', Resource: '*' };
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const boxed = (given: object | undefined, hasArns = false) =>
  JSON.parse(timeBoxed(given && JSON.stringify(given), hasArns, UNTIL));

describe('a time box', () => {
  it('allows everything until T where nobody gave a policy', () => {
    expect(boxed(undefined)).toEqual({ Version: '2012-10-17', Statement: [ALLOW, DENY] });
  });
  it('adds no Allow beside policy ARNs', () => {
    expect(boxed(undefined, true)).toEqual({ Version: '2012-10-17', Statement: [DENY] });
  });
  it.each([
    ['a list of statements', { Version: '2012-10-17', Statement: [READ] }, [READ, DENY]],
    ['one statement', { Version: '2012-10-17', Statement: READ }, [READ, DENY]],
    ['no statement', { Version: '2012-10-17' }, [DENY]],
  ])('appends its Deny to %s', (_, given, statements) => {
    expect(boxed(given)).toEqual({ Version: '2012-10-17', Statement: statements });
    expect(boxed(given, true)).toEqual({ Version: '2012-10-17', Statement: statements });
  });
  it("keeps everything else of the user's policy", () => {
    expect(boxed({ Version: '2012-10-17', Id: 'mine', Statement: [] })).toMatchObject({ Id: 'mine' });
  });
  it('never widens a policy: what it adds is a Deny', () => {
    const statement = fc.record({
      Effect: fc.constantFrom('Allow', 'Deny'),
      Action: fc.string(),
      Resource: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 4 }), fc.boolean(), (given, hasArns) => {
        const { Statement: statements } = boxed({ Version: '2012-10-17', Statement: given }, hasArns);
        expect(statements.slice(0, -1)).toEqual(given);
        expect(statements.at(-1)).toEqual(DENY);
      }),
    );
  });
});
