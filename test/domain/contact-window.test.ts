import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstPermittedFrom, instantAt, isPermittedDay, localDateOf } from '../../domain/calendar.ts';
import { DAY_MS, instantOf, parseInstant, plusMs } from '../../domain/instant.ts';
import type { Weekday } from '../../domain/strategy.ts';
import { FIXED_SEED, taipei } from '../support/events.ts';
import { EVERY_DAY, WORKDAYS, calendar } from '../support/strategy.ts';

const TAIPEI = 'Asia/Taipei';
/** Friday 3 to Monday 6 April are days off; Sunday 19 April is worked for it. */
const spring = calendar({
  2026: {
    holidays: { '2026-04-03': 'off', '2026-04-04': 'off', '2026-04-05': 'off', '2026-04-06': 'off' },
    makeUpWorkdays: ['2026-04-19'],
  },
});

describe('a permitted day', () => {
  test.each([
    ['2026-04-02', 'a Thursday', true],
    ['2026-04-03', 'a holiday on a Friday', false],
    ['2026-04-05', 'a holiday on a Sunday', false],
    ['2026-04-07', 'the day after the holidays', true],
    ['2026-04-12', 'a Sunday', false],
    ['2026-04-19', 'a Sunday that is worked', true],
    ['2026-04-25', 'a Saturday', true],
  ])('%s, %s: %s', (date, _what, isPermitted) => {
    expect(isPermittedDay(date, WORKDAYS, spring)).toBe(isPermitted);
  });

  test('a holiday that falls on a make-up workday is a day off', () => {
    const both = calendar({ 2026: { holidays: { '2026-04-19': 'off' }, makeUpWorkdays: ['2026-04-19'] } });
    expect(isPermittedDay('2026-04-19', WORKDAYS, both)).toBe(false);
  });

  test('holidays and make-up workdays do not matter to a window that does not rest on holidays', () => {
    const sundaysOff = { ...EVERY_DAY, restDays: ['sun'] as const };
    expect(isPermittedDay('2026-04-03', sundaysOff, spring)).toBe(true);
    expect(isPermittedDay('2026-04-19', sundaysOff, spring)).toBe(false);
  });

  test.each(['2025-12-31', '2027-01-01', '2027-01-03'])(
    '%s, in a year that is missing, is unknown and no day of work',
    (date) => {
      expect(() => isPermittedDay(date, WORKDAYS, spring)).toThrow(
        expect.objectContaining({ code: 'CALENDAR_YEAR_MISSING' }),
      );
      expect(isPermittedDay(date, EVERY_DAY, spring)).toBe(true);
    },
  );
});

describe('the first permitted instant', () => {
  test.each([
    ['at midnight', '2026-04-02 00:00', '2026-04-02 09:00'],
    ['a second before the window opens', '2026-04-02 08:59:59', '2026-04-02 09:00'],
    ['as the window opens', '2026-04-02 09:00', '2026-04-02 09:00'],
    ['a second after', '2026-04-02 09:00:01', '2026-04-02 09:00:01'],
    ['a second before the window closes', '2026-04-01 19:59:59', '2026-04-01 19:59:59'],
    ['as the window closes: the end is refused', '2026-04-01 20:00', '2026-04-02 09:00'],
    ['in the evening before four days off', '2026-04-02 20:00', '2026-04-07 09:00'],
    ['on a Saturday evening before a Sunday of rest', '2026-04-11 21:30', '2026-04-13 09:00'],
    ['on a Saturday evening before a Sunday that is worked', '2026-04-18 21:30', '2026-04-19 09:00'],
  ])('%s, %s, is %s', (_when, from, expected) => {
    expect(firstPermittedFrom(taipei(from), WORKDAYS, TAIPEI, spring)).toBe(taipei(expected));
  });

  test.each([
    ['Pacific/Kiritimati', '2026-04-01T18:59:59Z', '2026-04-01T19:00:00Z'],
    ['Pacific/Kiritimati', '2026-04-02T06:00:00Z', '2026-04-02T19:00:00Z'],
    ['Pacific/Pago_Pago', '2026-04-02T06:59:59Z', '2026-04-02T06:59:59Z'],
    ['Pacific/Pago_Pago', '2026-04-02T07:00:00Z', '2026-04-02T20:00:00Z'],
  ])('in %s from %s on is %s', (zone, from, expected) => {
    expect(firstPermittedFrom(parseInstant(from), EVERY_DAY, zone, calendar())).toBe(parseInstant(expected));
  });

  test.each([
    ['Europe/London', '2026-03-28T21:00:00Z', '2026-03-29T09:00:00+01:00'],
    ['Europe/London', '2026-10-24T21:00:00+01:00', '2026-10-25T09:00:00Z'],
    ['America/New_York', '2026-03-07T21:00:00-05:00', '2026-03-08T09:00:00-04:00'],
    ['Australia/Lord_Howe', '2026-04-04T21:00:00+11:00', '2026-04-05T09:00:00+10:30'],
  ])('in %s in the night in which clocks change, from %s on, is %s', (zone, from, expected) => {
    expect(firstPermittedFrom(parseInstant(from), EVERY_DAY, zone, calendar())).toBe(parseInstant(expected));
  });

  test('a window that opens within the hour that is left out opens when the hour is over', () => {
    const night = { ...EVERY_DAY, from: '01:30', to: '05:00' };
    const from = parseInstant('2026-03-29T00:30:00Z');
    expect(firstPermittedFrom(from, night, 'Europe/London', calendar())).toBe(
      parseInstant('2026-03-29T02:30:00+01:00'),
    );
  });

  test('beyond the last year of the calendar nothing is permitted', () => {
    const lastEvening = taipei('2026-12-31 20:00');
    expect(() => firstPermittedFrom(lastEvening, WORKDAYS, TAIPEI, spring)).toThrow(
      expect.objectContaining({ code: 'CALENDAR_YEAR_MISSING' }),
    );
    expect(firstPermittedFrom(taipei('2026-12-31 19:59'), WORKDAYS, TAIPEI, spring)).toBe(taipei('2026-12-31 19:59'));
  });

  test('a month without a permitted day is an error and not an endless search', () => {
    const days: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    const never = { ...EVERY_DAY, restDays: days };
    expect(() => firstPermittedFrom(taipei('2026-04-01 10:00'), never, TAIPEI, spring)).toThrow(
      expect.objectContaining({ code: 'CALENDAR_NO_PERMITTED_DAY' }),
    );
  });

  test('is never before the wish, lies in the window on a permitted day, and nothing earlier does', () => {
    const from = Date.UTC(2026, 0, 2);
    const anyInstant = fc.integer({ min: from, max: from + 350 * DAY_MS }).map(instantOf);
    const zones = ['Asia/Taipei', 'Europe/London', 'Australia/Lord_Howe', 'Pacific/Pago_Pago', 'Pacific/Kiritimati'];
    fc.assert(
      fc.property(anyInstant, fc.constantFrom(...zones), (wished, zone) => {
        const found = firstPermittedFrom(wished, WORKDAYS, zone, spring);
        const what = `${wished} in ${zone} gave ${found}`;
        const date = localDateOf(found, zone);
        expect(found >= wished, what).toBe(true);
        expect(isPermittedDay(date, WORKDAYS, spring), what).toBe(true);
        expect(found >= instantAt(date, '09:00', zone) && found < instantAt(date, '20:00', zone), what).toBe(true);
        if (found !== wished) {
          // It has been put off, so it is an opening, and a moment earlier was not permitted.
          expect(found, what).toBe(instantAt(date, '09:00', zone));
          expect(firstPermittedFrom(plusMs(found, -1), WORKDAYS, zone, spring), what).toBe(found);
        }
      }),
      { ...FIXED_SEED, numRuns: 300 },
    );
  });
});
