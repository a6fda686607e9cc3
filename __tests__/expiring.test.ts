import { expiringOf } from '../src/expiring.ts';

const AT = Date.UTC(2026, 10, 25, 13);
const debt = (data: Record<string, string | number>, kind = 'expiring') => ({ by: 'step', kind, data });

it.each([
  ['lives on', AT - 1, { how: 'expires', at: AT }],
  ['has ended', AT, { how: 'gone' }],
])('what %s is told so', (_, now, outcome) => {
  expect(expiringOf([debt({ what: 'AWS session x', at: AT })], now)).toEqual([
    { cloud: 'step', what: 'AWS session x', outcome },
  ]);
});

it('without a known end is told without one', () => {
  expect(expiringOf([debt({ what: 'x' })], 0)).toEqual([{ cloud: 'step', what: 'x', outcome: { how: 'expires' } }]);
});

it('carries a note', () => {
  const [told] = expiringOf([debt({ what: 'AWS session x', at: AT, note: 'denied' })], 0);
  expect(told?.outcome).toEqual({ how: 'expires', at: AT, note: 'denied' });
});

it.each([
  ['another kind', debt({ what: 'x', at: AT }, 'folder')],
  ['a time that is a text', debt({ what: 'x', at: '2026' })],
  ['nothing to name', debt({ at: AT })],
  ['a line end in its name', debt({ what: 'x\n::add-mask::y', at: AT })],
])('of %s nothing is said', (_, odd) => {
  expect(expiringOf([odd], 0)).toEqual([]);
});

it.each([
  ['later', AT + 60_000],
  ['earlier', AT - 30_000],
])('by the end that the keeper last saw, be it %s than what main did', (_, end) => {
  const prolonged = new Map([['x', end]]);
  expect(expiringOf([debt({ what: 'x', at: AT })], AT - 60_000, prolonged)).toEqual([
    { cloud: 'step', what: 'x', outcome: { how: 'expires', at: end } },
  ]);
});
