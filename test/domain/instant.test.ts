import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DAY_MS,
  daysBetween,
  epochMsOf,
  instantOf,
  isLocalDate,
  parseInstant,
  plusDays,
  plusMs,
  toSeconds,
} from '../../domain/instant.ts';
import { FIXED_SEED } from '../support/events.ts';

describe('reading an instant', () => {
  test.each([
    ['2026-04-01T09:30:00+08:00', '2026-04-01T01:30:00.000Z'],
    ['2026-04-01T09:30:00Z', '2026-04-01T09:30:00.000Z'],
    ['2026-04-01T09:30:00.123456789Z', '2026-04-01T09:30:00.123Z'],
    ['2026-01-01T00:00:00+14:00', '2025-12-31T10:00:00.000Z'],
    ['2026-12-31T23:59:59-11:00', '2027-01-01T10:59:59.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  test.each([
    ['without an offset nobody knows when it is', '2026-04-01T09:30:00'],
    ['a day alone is no instant', '2026-04-01'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['the 13th month', '2026-13-01T00:00:00Z'],
    ['the 25th hour', '2026-04-01T25:00:00Z'],
    ['a space between day and time', '2026-04-01 09:30:00Z'],
    ['something after it', '2026-04-01T09:30:00Z, about'],
    ['nothing', ''],
  ])('is refused: %s', (_why, text) => {
    expect(() => parseInstant(text)).toThrow(expect.objectContaining({ code: 'INSTANT_INVALID' }));
  });

  test('instants compare as text in the order of time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 4e12 }), (a, b) => {
        expect(instantOf(a) < instantOf(b), `${instantOf(a)} and ${instantOf(b)}`).toBe(a < b);
        expect(epochMsOf(instantOf(a))).toBe(a);
        expect(plusMs(instantOf(a), b - a)).toBe(instantOf(b));
      }),
      FIXED_SEED,
    );
  });

  test('the files print whole seconds and cut, never round', () => {
    expect(toSeconds('2026-04-01T02:00:00.999Z')).toBe('2026-04-01T02:00:00Z');
  });
});

describe('days', () => {
  test.each(['2026-02-28', '2028-02-29', '2000-02-29', '2026-12-31'])('%s exists', (date) => {
    expect(isLocalDate(date)).toBe(true);
  });

  test.each(['2026-02-29', '1900-02-29', '2026-04-31', '2026-00-10', '2026-4-1', '26-04-01', '2026-04-01T', ''])(
    '"%s" does not exist or is not written as a day',
    (date) => {
      expect(isLocalDate(date)).toBe(false);
    },
  );

  test.each([
    ['2026-02-27', 2, '2026-03-01'],
    ['2028-02-27', 2, '2028-02-29'],
    ['2026-04-01', -1, '2026-03-31'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2027-01-01', -1, '2026-12-31'],
    ['2026-04-01', 0, '2026-04-01'],
    ['2026-04-30', 0, '2026-04-30'],
    ['2026-01-01', 365, '2027-01-01'],
  ])('%s and %d days is %s', (date, days, sum) => {
    expect(plusDays(date, days)).toBe(sum);
    expect(daysBetween(date, sum)).toBe(days);
  });

  test('adding days agrees with the calendar of UTC, across months, years and leap days', () => {
    const first = Date.UTC(2023, 0, 1) / DAY_MS;
    const day = (number: number) => new Date(number * DAY_MS).toISOString().slice(0, 10);
    fc.assert(
      fc.property(fc.integer({ min: first, max: first + 3_000 }), fc.integer({ min: -800, max: 800 }), (from, days) => {
        expect(plusDays(day(from), days), `${day(from)} and ${days} days`).toBe(day(from + days));
      }),
      { ...FIXED_SEED, numRuns: 500 },
    );
  });
});
