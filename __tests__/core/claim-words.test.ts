import { findingLine, verdictLines } from '../../src/core/claim-words.ts';
import { PULL_REQUEST } from '../literals/presented.ts';

it('gives a reason for each', () => {
  const lines = verdictLines(PULL_REQUEST);
  expect(lines).toContainEqual(expect.stringMatching(/^Bind to sub: \S/));
  expect(lines).toContainEqual(expect.stringMatching(/^Not to {2}ref: .*each pull request/));
  expect(lines.join('\n')).not.toContain('environment:');
});

it.each([
  ['yes', 'yes        the role x: it is there'],
  ['no', 'NO         the role x: it is there'],
  ['unknown', 'not known  the role x: it is there'],
] as const)('a finding that is %s', (answer, line) => {
  expect(findingLine({ what: 'role', named: 'the role x', answer, why: 'it is there' })).toBe(line);
});
