import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FrozenRange, accruingDays, isFrozen } from '../../domain/accrual-days.ts';
import { daysBetween, plusDays } from '../../domain/instant.ts';
import { FIXED_SEED } from '../support/events.ts';

describe('Days on which interest accrues', () => {
  test.each<[from: string, to: string, days: number, why: string]>([
    ['2026-04-02', '2026-04-02', 0, 'nothing from a day to before itself'],
    ['2026-04-02', '2026-04-01', 0, 'nothing backwards'],
    ['2026-04-02', '2026-04-03', 1, 'one day'],
    ['2026-01-01', '2027-01-01', 365, 'a year'],
    ['2028-01-01', '2029-01-01', 365, 'a leap year, without its 29 February'],
    ['2027-07-01', '2028-07-01', 365, 'twelve months over a 29 February'],
    ['2028-02-28', '2028-02-29', 1, 'the 28th'],
    ['2028-02-29', '2028-03-01', 0, 'the 29th'],
    ['2028-02-28', '2028-03-02', 2, 'the 28th and the 1st'],
    ['2100-02-28', '2100-03-01', 1, 'the 28th of a year that is no leap year'],
    ['2027-12-31', '2033-01-01', 1_826, 'five years and a day, two of them leap years'],
  ])('from %s to before %s: %i, %4$s', (from, to, days) => {
    expect(accruingDays(from, to, [])).toBe(days);
  });

  test.each<[title: string, frozen: FrozenRange[], days: number]>([
    ['before', [{ from: '2026-03-01', to: '2026-04-01' }], 30],
    ['after', [{ from: '2026-05-01', to: '2026-06-01' }], 30],
    ['from the first day', [{ from: '2026-04-01', to: '2026-04-11' }], 20],
    ['to the last', [{ from: '2026-04-21', to: '2026-05-01' }], 20],
    ['within', [{ from: '2026-04-10', to: '2026-04-11' }], 29],
    ['around', [{ from: '2026-03-01', to: '2026-06-01' }], 0],
    ['without an end', [{ from: '2026-04-16', to: null }], 15],
    ['empty', [{ from: '2026-04-10', to: '2026-04-10' }], 30],
    ['backwards', [{ from: '2026-04-20', to: '2026-04-10' }], 30],
    [
      'overlapping',
      [
        { from: '2026-04-10', to: '2026-04-20' },
        { from: '2026-04-05', to: '2026-04-15' },
      ],
      15,
    ],
    [
      'one within the other',
      [
        { from: '2026-04-05', to: '2026-04-25' },
        { from: '2026-04-10', to: '2026-04-12' },
      ],
      10,
    ],
    [
      'one after the other',
      [
        { from: '2026-04-05', to: '2026-04-10' },
        { from: '2026-04-10', to: '2026-04-15' },
      ],
      20,
    ],
  ])('of April, of which some are frozen %s', (_, frozen, days) => {
    expect(accruingDays('2026-04-01', '2026-05-01', frozen)).toBe(days);
  });

  test('are those of the time that are neither frozen nor a 29 February, counted one by one', () => {
    const day = fc.integer({ min: 0, max: 800 }).map((days) => plusDays('2027-06-01', days));
    const ranges = fc.array(fc.record({ from: day, to: fc.option(day, { nil: null }) }), { maxLength: 5 });
    fc.assert(
      fc.property(day, day, ranges, (from, to, frozen) => {
        let counted = 0;
        for (let each = from; each < to; each = plusDays(each, 1)) {
          if (!isFrozen(each, frozen) && !each.endsWith('02-29')) counted += 1;
        }
        expect(accruingDays(from, to, frozen)).toBe(counted);
        expect(counted).toBeLessThanOrEqual(Math.max(0, daysBetween(from, to)));
      }),
      FIXED_SEED,
    );
  });
});
