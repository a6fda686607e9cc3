import fc from 'fast-check';
import { type Debt, decode, encode, field, recall, STATE } from '../../src/core/ledger.ts';

const NONCE = '0123456789abcdef0123456789abcdef';
const lease: Debt = { by: 'vault', kind: 'lease', data: { id: 'database/creds/ci/abc', expiresAt: 1 } };
const token: Debt = { by: 'vault', kind: 'token', data: { token: 'hvs.x' } };

/** A state as main would have saved it. */
function saved(debts: readonly Debt[], nonce = NONCE): Map<string, string> {
  const pairs = debts.map((debt, i) => encode(nonce, i + 1, debt));
  return new Map([[STATE, nonce], ...pairs.map((p): [string, string] => [p.name, p.value])]);
}
const recalled = (state: ReadonlyMap<string, string>) => recall((name) => state.get(name), [...state.keys()]);

const json = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n || 0),
  fc.boolean(),
  fc.constant(null),
);
const debt: fc.Arbitrary<Debt> = fc.record({
  by: fc.string(),
  kind: fc.string(),
  data: fc.dictionary(fc.string(), json, { noNullPrototype: true }),
});

describe('the ledger in state', () => {
  it('gives back what was written, in order, whatever it was', () => {
    fc.assert(
      fc.property(fc.array(debt, { maxLength: 15 }), (debts) => {
        const found = recalled(saved(debts));
        expect(found?.foreign).toBe(0);
        expect(found?.debts.map((d) => ({ ...d, data: { ...d.data } }))).toEqual(debts);
      }),
    );
  });

  it('keeps the order of arrival, not that of the names', () => {
    const many = Array.from({ length: 12 }, (_, i): Debt => ({ by: 'step', kind: 'n', data: { i } }));
    const state = new Map([...saved(many)].reverse());
    expect(recalled(state)?.debts.map((d) => d.data.i)).toEqual(many.map((d) => d.data.i));
  });

  it.each([
    ['no nonce', new Map([...saved([lease])].filter(([name]) => name !== STATE))],
    ['an empty nonce', saved([lease], '')],
    ['a nonce of another form', saved([lease], 'x'.repeat(32))],
    ['a nonce that is too short', saved([lease], 'abc')],
    ['nothing at all', new Map<string, string>()],
  ])('owes nothing with %s', (_, state) => {
    expect(recalled(state)).toBeUndefined();
  });

  it.each([
    ['another nonce', encode('f'.repeat(32), 2, lease).value],
    ['no nonce', JSON.stringify({ by: 'vault', kind: 'lease', data: {} })],
    ['damaged JSON', encode(NONCE, 2, lease).value.slice(0, -5)],
    ['an empty value', ''],
    ['a list', '[]'],
    ['no data', JSON.stringify({ nonce: NONCE, by: 'vault', kind: 'lease' })],
    ['data that is a list', JSON.stringify({ nonce: NONCE, by: 'vault', kind: 'lease', data: [] })],
    ['nested data', JSON.stringify({ nonce: NONCE, by: 'vault', kind: 'lease', data: { id: { $ne: 1 } } })],
    ['a kind that is no text', JSON.stringify({ nonce: NONCE, by: 'vault', kind: 7, data: {} })],
    ['nobody', JSON.stringify({ nonce: NONCE, kind: 'lease', data: {} })],
  ])('ignores a record with %s, and counts it', (_, value) => {
    const state = saved([token]).set(`${STATE}_2`, value);
    const found = recalled(state);
    expect(found).toMatchObject({ foreign: 1, debts: [{ kind: 'token' }] });
    expect(found?.debts).toHaveLength(1);
  });

  it.each([`${STATE}_x`, `${STATE}_1_2`, `${STATE}_`, `x${STATE}_1`, `${STATE}_1234567`])(
    'looks at no name of another form: %s',
    (name) => {
      const state = saved([token]).set(name, encode(NONCE, 9, lease).value);
      expect(recalled(state)).toMatchObject({ foreign: 0, debts: [{ kind: 'token' }] });
    },
  );

  it.each([`${STATE}_01`, `${STATE}_0001`])('recalls a record once, though %s was planted beside it', (name) => {
    const state = saved([token]).set(name, 'planted');
    expect(recalled(state)?.debts).toHaveLength(1);
  });

  it('takes a key `__proto__` for a key', () => {
    const value = `{"nonce":"${NONCE}","by":"vault","kind":"lease","data":{"__proto__":"x","id":"y"}}`;
    const found = decode(NONCE, value);
    expect(found && Object.keys(found.data)).toEqual(['__proto__', 'id']);
    expect(Object.getPrototypeOf(found?.data)).toBeNull();
  });
});

describe('field', () => {
  const debtWith = (value: string | number): Debt => ({ by: 'step', kind: 'x', data: { name: value } });
  it.each([
    ['PATH_1', 'PATH_1'],
    ['a b', undefined],
    ['a\n', undefined],
    ['', undefined],
    [7, undefined],
  ])('%j matches wholly: %j', (value, found) => {
    expect(field(debtWith(value), 'name', /[A-Z_0-9]+/)).toBe(found);
  });
  it('has nothing from the prototype', () => {
    expect(field({ by: '', kind: '', data: {} }, 'constructor', /.*/)).toBeUndefined();
  });
});
