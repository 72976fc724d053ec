import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { offersOf, sameDayOf } from '../../domain/agreement-offers.ts';
import { CAUTIOUS_AGREEMENTS } from '../../domain/agreement-policy.ts';
import { instalmentsOf } from '../../domain/agreement-terms.ts';
import { splitEvenly } from '../../domain/money.ts';
import { FIXED_SEED, taipei } from '../support/events.ts';

const DAYS = { today: '2026-04-10', firstOn: '2026-04-30' };
const policy = {
  ...CAUTIOUS_AGREEMENTS,
  plan: { ...CAUTIOUS_AGREEMENTS.plan, smallestInstalmentMinor: 50_000 },
  settlement: { ...CAUTIOUS_AGREEMENTS.settlement, discountPercent: 10 },
};
const amounts = (overdueMinor: number) =>
  offersOf(policy, overdueMinor, DAYS).map(({ kind, parts, discountMinor }) => [
    kind,
    parts.map(({ amountMinor }) => amountMinor),
    discountMinor,
  ]);

describe('I4 T4: what a debtor can be offered', () => {
  test('NT$2,000.01: two to four parts, none below NT$500.00, and a tenth less at once', () => {
    expect(amounts(200_001)).toEqual([
      ['plan', [100_001, 100_000], 0],
      ['plan', [66_667, 66_667, 66_667], 0],
      ['plan', [50_001, 50_000, 50_000, 50_000], 0],
      ['settlement', [180_001], 20_000],
    ]);
  });

  test('an amount just below, at and above the smallest parts', () => {
    const plans = (overdueMinor: number) => amounts(overdueMinor).filter(([kind]) => kind === 'plan').length;
    expect(plans(99_999)).toBe(1);
    expect(plans(99_998)).toBe(0);
    expect(plans(100_000)).toBe(1);
    expect(plans(0)).toBe(0);
  });

  test('the last part falls due within the longest time', () => {
    const days = offersOf(policy, 1_000_000, DAYS).map(({ parts }) => parts.map(({ dueOn }) => dueOn).at(-1));
    expect(days).toEqual(['2026-05-30', '2026-06-30', '2026-07-30', '2026-08-30', '2026-09-30', '2026-04-30']);
    const short = { ...policy, plan: { ...policy.plan, longestDays: 172 } };
    expect(offersOf(short, 1_000_000, DAYS).filter(({ kind }) => kind === 'plan')).toHaveLength(4);
    expect(offersOf({ ...short, plan: { ...short.plan, longestDays: 173 } }, 1_000_000, DAYS)).toHaveLength(6);
  });

  test.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-01-31', 3, '2026-04-30'],
    ['2026-11-15', 2, '2027-01-15'],
    ['2026-12-31', 0, '2026-12-31'],
  ])('the same day as %s %i months later is %s', (date, months, later) => {
    expect(sameDayOf(date, months)).toBe(later);
  });

  test('every offer adds up to the minor unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), (overdueMinor) => {
        for (const { parts, discountMinor } of offersOf(policy, overdueMinor, DAYS)) {
          expect(parts.reduce((sum, { amountMinor }) => sum + amountMinor, discountMinor)).toBe(overdueMinor);
        }
      }),
      { ...FIXED_SEED, numRuns: 500 },
    );
  });

  test('an amount is split without a unit lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 1, max: 60 }), (amountMinor, count) => {
        const parts = splitEvenly(amountMinor, count);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(amountMinor);
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
      }),
      { ...FIXED_SEED, numRuns: 500 },
    );
  });
});

describe('the instants of an instalment', () => {
  const limits = { graceDays: 1, remindDaysBefore: 2, remindTime: '10:00' };

  test('are those of the debtor’s place: reminded before its day, decided after the day of grace', () => {
    expect(instalmentsOf([{ amountMinor: 1, dueOn: '2026-04-20' }], limits, 'Asia/Taipei')).toEqual([
      {
        amountMinor: 1,
        dueOn: '2026-04-20',
        remindAt: taipei('2026-04-18 10:00'),
        decidedAt: taipei('2026-04-22 00:00'),
      },
    ]);
  });

  test('over a change of clocks the day ends at its own midnight', () => {
    // New York goes from UTC-5 to UTC-4 on 8 March 2026 at two o'clock.
    const [instalment] = instalmentsOf(
      [{ amountMinor: 1, dueOn: '2026-03-08' }],
      { ...limits, graceDays: 0 },
      'America/New_York',
    );
    expect(instalment).toMatchObject({ remindAt: '2026-03-06T15:00:00.000Z', decidedAt: '2026-03-09T04:00:00.000Z' });
  });
});
