import { Budget, GRACE_MS } from '../../src/core/budget.ts';
import { fakeClock } from '../literals/clock.ts';

describe('a budget', () => {
  it('counts down and is never negative', () => {
    const clock = fakeClock();
    const budget = new Budget(clock, 10_000);
    expect(budget.remaining()).toBe(10_000);
    clock.advance(4_000);
    expect(budget.remaining()).toBe(6_000);
    clock.advance(60_000);
    expect(budget.remaining()).toBe(0);
  });

  it('ends what is under way when it is used up, and says how much it was', () => {
    const clock = fakeClock();
    const budget = new Budget(clock, 120_000);
    expect(budget.cut.aborted).toBe(false);
    expect(() => budget.check()).not.toThrow();
    clock.advance(120_000);
    expect(budget.cut.aborted).toBe(true);
    expect(() => budget.check()).toThrow(
      expect.objectContaining({ id: 'run/timeout', message: expect.stringContaining('120 s') }),
    );
  });

  it('starts nothing new after a cancel, and gives what is under way five seconds', () => {
    const clock = fakeClock();
    const budget = new Budget(clock, 120_000);
    budget.cancel();
    expect(budget.cancelled).toBe(true);
    expect(budget.stopping.aborted).toBe(true);
    expect(() => budget.check()).toThrow(expect.objectContaining({ id: 'run/cancelled' }));
    clock.advance(GRACE_MS - 1);
    expect(budget.cut.aborted).toBe(false);
    clock.advance(1);
    expect(budget.cut.aborted).toBe(true);
    expect(GRACE_MS).toBe(5_000);
  });

  it('is not prolonged by a second cancel', () => {
    const clock = fakeClock();
    const budget = new Budget(clock, 120_000);
    budget.cancel();
    clock.advance(3_000);
    budget.cancel();
    clock.advance(2_000);
    expect(budget.cut.aborted).toBe(true);
  });

  it('holds nothing, and lets nothing go on, once it is closed', () => {
    const clock = fakeClock();
    const budget = new Budget(clock, 1_000);
    budget.cancel();
    expect(clock.pending()).toBe(2);
    budget.close();
    expect(clock.pending()).toBe(0);
    expect(budget.cut.aborted).toBe(true);
    expect(budget.stopping.aborted).toBe(true);
    expect(() => budget.check()).toThrow(expect.objectContaining({ id: 'run/cancelled' }));
  });
});
