import { adviseBy, type Rule, ranked } from '../../src/core/advice.ts';
import { Failure } from '../../src/core/failure.ts';
import { isTame, PLANTED_TOKEN } from '../literals/hostile.ts';

const REFUSED = new Failure('x/refused', 'refused', { code: 'Denied', status: 403, said: 'no such thing', host: 'h' });
const rule = (change: Partial<Rule<string>>): Rule<string> => ({
  id: 'x/cause',
  cause: 'a cause',
  fixes: ['a fix'],
  ...change,
});
const advised = (rules: readonly Rule<string>[], failure = REFUSED) =>
  adviseBy(rules, ['in general'], failure, 'r', {});

describe('adviseBy', () => {
  it.each<[string, Partial<Rule<string>>, boolean]>([
    ['no condition', {}, true],
    ['all of its conditions', { from: 'x/refused', status: 403, code: /^Den/, said: /such/ }, true],
    ['another failure', { from: 'x/other' }, false],
    ['another status', { status: 400 }, false],
    ['another code', { code: /^Other/ }, false],
    ['a text in another case', { from: 'x/refused', said: /SUCH Thing/ }, true],
    ['another text, though all else fits', { from: 'x/refused', status: 403, said: /other/ }, false],
  ])('a rule with %s applies: %s', (_, change, applies) => {
    expect(advised([rule(change)]).id).toBe(applies ? 'x/cause' : 'x/refused');
  });

  it('takes the first rule that fits, and keeps the evidence', () => {
    const failure = advised([rule({ status: 1, id: 'x/1' }), rule({ id: 'x/2' }), rule({ id: 'x/3' })]);
    expect(failure).toMatchObject({ id: 'x/2', message: 'a cause', fixes: ['a fix'], evidence: REFUSED.evidence });
  });

  it('makes words from the request', () => {
    const failure = advised([
      rule({ cause: ({ request }) => `cause ${request}`, fixes: ({ evidence }) => [`${evidence.host}`] }),
    ]);
    expect(failure).toMatchObject({ message: 'cause r', fixes: ['h'] });
  });

  it('gives a general fix only to what has none', () => {
    expect(advised([])).toMatchObject({ id: 'x/refused', message: 'refused', fixes: ['in general'] });
    const fixed = new Failure('x/refused', 'refused', {}, ['its own']);
    expect(advised([], fixed)).toBe(fixed);
  });

  it('cleans every word, wherever it came from', () => {
    const planted = `\n::stop-commands::x ##[add-mask]y ${PLANTED_TOKEN}`;
    const failure = advised([rule({ cause: planted, fixes: [planted, 'x'.repeat(400)] })]);
    expect([failure.message, ...failure.fixes].every(isTame)).toBe(true);
    expect(failure.fixes[1]).toHaveLength(300);
  });
});

describe('ranked', () => {
  const cause = (text: string, weight: number) => ({ weight: () => weight, tell: () => text });

  it('numbers causes, the likeliest first, those of one weight in their order', () => {
    expect(ranked([cause('a', 1), cause('b', 3), cause('c', 3), cause('d', 0)], {})).toEqual([
      'Possible cause 1 of 3: b',
      'Possible cause 2 of 3: c',
      'Possible cause 3 of 3: a',
    ]);
  });

  it('does not number one', () => expect(ranked([cause('a', 0), cause('b', 1)], {})).toEqual(['b']));

  it('takes a weight that is a number', () => expect(ranked([{ weight: 1, tell: () => 'a' }], {})).toEqual(['a']));
});
