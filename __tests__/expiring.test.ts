import { expiring } from '../src/expiring.ts';

const AT = Date.UTC(2026, 10, 25, 13);
const debt = (data: Record<string, string | number>, kind = 'expiring') => ({ by: 'step', kind, data });

it.each([
  ['lives on', AT - 1, { how: 'expires', at: AT }],
  ['has ended', AT, { how: 'gone' }],
])('what %s is told so', (_, now, outcome) => {
  expect(expiring([debt({ what: 'AWS session x', at: AT })], now)).toEqual([
    { cloud: 'step', what: 'AWS session x', outcome },
  ]);
});

it('carries a note', () => {
  const [told] = expiring([debt({ what: 'AWS session x', at: AT, note: 'denied' })], 0);
  expect(told?.outcome).toEqual({ how: 'expires', at: AT, note: 'denied' });
});

it.each([
  ['another kind', debt({ what: 'x', at: AT }, 'folder')],
  ['no time', debt({ what: 'x' })],
  ['a time that is a text', debt({ what: 'x', at: '2026' })],
  ['nothing to name', debt({ at: AT })],
  ['a line end in its name', debt({ what: 'x\n::add-mask::y', at: AT })],
])('of %s nothing is said', (_, odd) => {
  expect(expiring([odd], 0)).toEqual([]);
});
