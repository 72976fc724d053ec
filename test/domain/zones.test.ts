import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysPastDue, instantAt, isZone, localDateOf } from '../../domain/calendar.ts';
import { DAY_MS, MINUTE_MS, instantOf, parseInstant, plusMs } from '../../domain/instant.ts';
import { FIXED_SEED, taipei } from '../support/events.ts';

const ZONES = [
  'Africa/Cairo',
  'America/Havana',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Shanghai',
  'Asia/Taipei',
  'Australia/Lord_Howe',
  'Europe/London',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'UTC',
];

describe('the instant of a local time', () => {
  test.each([
    ['2026-04-01', '09:00', 'Asia/Taipei', '2026-04-01T09:00:00+08:00'],
    ['2026-04-01', '09:00', 'Asia/Kolkata', '2026-04-01T09:00:00+05:30'],
    ['2026-07-01', '00:00', 'Europe/London', '2026-07-01T00:00:00+01:00'],
    ['2026-12-01', '00:00', 'Europe/London', '2026-12-01T00:00:00Z'],
    ['2026-04-01', '00:00', 'Pacific/Kiritimati', '2026-03-31T10:00:00Z'],
    ['2026-04-01', '23:59', 'Pacific/Pago_Pago', '2026-04-02T10:59:00Z'],
  ])('%s %s in %s is %s', (date, time, zone, expected) => {
    expect(instantAt(date, time, zone)).toBe(parseInstant(expected));
  });

  test.each([
    ['2026-03-29', '00:59', 'Europe/London', '2026-03-29T00:59:00Z'],
    ['2026-03-29', '01:00', 'Europe/London', '2026-03-29T02:00:00+01:00'],
    ['2026-03-29', '01:30', 'Europe/London', '2026-03-29T02:30:00+01:00'],
    ['2026-03-29', '02:00', 'Europe/London', '2026-03-29T02:00:00+01:00'],
    ['2026-03-08', '02:30', 'America/New_York', '2026-03-08T03:30:00-04:00'],
    ['2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-04T02:45:00+11:00'],
    ['2026-04-24', '00:00', 'Africa/Cairo', '2026-04-24T01:00:00+03:00'],
  ])('when clocks go forward, %s %s in %s is the later reading, %s', (date, time, zone, expected) => {
    expect(instantAt(date, time, zone)).toBe(parseInstant(expected));
  });

  test.each([
    ['2026-10-25', '01:30', 'Europe/London', '2026-10-25T01:30:00+01:00'],
    ['2026-10-25', '02:00', 'Europe/London', '2026-10-25T02:00:00Z'],
    ['2026-11-01', '01:30', 'America/New_York', '2026-11-01T01:30:00-04:00'],
    ['2026-04-05', '01:45', 'Australia/Lord_Howe', '2026-04-05T01:45:00+11:00'],
    ['2026-11-01', '00:30', 'America/Havana', '2026-11-01T00:30:00-04:00'],
  ])('when clocks go back, %s %s in %s is the earlier reading, %s', (date, time, zone, expected) => {
    expect(instantAt(date, time, zone)).toBe(parseInstant(expected));
  });

  test('more local times than are remembered are right all the same, those forgotten too', () => {
    const local = (minute: number) => instantOf(Date.UTC(2026, 4, 1) + minute * MINUTE_MS).slice(0, 16);
    const check = (minute: number) => {
      const [date = '', time = ''] = local(minute).split('T');
      const found = instantAt(date, time, 'Asia/Taipei');
      if (found !== taipei(`${date} ${time}`)) expect.fail(`${date} ${time} in Taipei is not ${found}`);
    };
    for (let minute = 0; minute < 21_000; minute += 1) check(minute);
    for (let minute = 0; minute < 21_000; minute += 100) check(minute);
  });
});

describe('zones', () => {
  test.each([...ZONES, 'Europe/Kyiv'])('%s is known', (zone) => {
    expect(isZone(zone)).toBe(true);
  });

  test.each(['Asia/Taipeh', '', ' ', 'Mars/Olympus', '+08:00', '-0300', 'Asia/Taipei '])(
    '"%s" is not: no time is made up for it',
    (zone) => {
      expect(isZone(zone)).toBe(false);
      const unknown = expect.objectContaining({ code: 'ZONE_UNKNOWN' });
      expect(() => instantAt('2026-04-01', '09:00', zone)).toThrow(unknown);
      expect(() => localDateOf('2026-04-01T00:00:00.000Z', zone)).toThrow(unknown);
      expect(() => daysPastDue('2026-04-01', '2026-04-01T00:00:00.000Z', zone)).toThrow(unknown);
    },
  );
});

describe('the local date of an instant', () => {
  test.each([
    ['2026-03-31T15:59:59.999Z', 'Asia/Taipei', '2026-03-31'],
    ['2026-03-31T16:00:00.000Z', 'Asia/Taipei', '2026-04-01'],
    ['2026-03-31T09:59:59.999Z', 'Pacific/Kiritimati', '2026-03-31'],
    ['2026-03-31T10:00:00.000Z', 'Pacific/Kiritimati', '2026-04-01'],
    ['2026-04-01T10:59:59.999Z', 'Pacific/Pago_Pago', '2026-03-31'],
    ['2026-04-01T11:00:00.000Z', 'Pacific/Pago_Pago', '2026-04-01'],
    ['2026-04-23T21:59:59.999Z', 'Africa/Cairo', '2026-04-23'],
    ['2026-04-23T22:00:00.000Z', 'Africa/Cairo', '2026-04-24'],
    ['2025-12-31T10:00:00.000Z', 'Pacific/Kiritimati', '2026-01-01'],
  ])('%s in %s is on %s', (instant, zone, date) => {
    expect(localDateOf(instant, zone)).toBe(date);
  });

  test('agrees with the date that the operating system writes, in every zone and at every hour', () => {
    const written = new Map(ZONES.map((zone) => [zone, new Intl.DateTimeFormat('en-CA', { timeZone: zone })]));
    const from = Date.UTC(2023, 0, 1);
    const anyInstant = fc.integer({ min: from, max: from + 2_000 * DAY_MS }).map(instantOf);
    fc.assert(
      fc.property(anyInstant, fc.constantFrom(...ZONES), (instant, zone) => {
        expect(localDateOf(instant, zone), `${instant} in ${zone}`).toBe(written.get(zone)?.format(new Date(instant)));
      }),
      { ...FIXED_SEED, numRuns: 1_000 },
    );
  });

  test('begins at its midnight and not a millisecond before', () => {
    const anyDay = fc.integer({ min: 0, max: 1_500 }).map((days) => instantOf(Date.UTC(2024, 0, 1) + days * DAY_MS));
    fc.assert(
      fc.property(anyDay, fc.constantFrom(...ZONES), (day, zone) => {
        const date = day.slice(0, 10);
        const midnight = instantAt(date, '00:00', zone);
        expect(localDateOf(midnight, zone), `midnight of ${date} in ${zone}`).toBe(date);
        expect(localDateOf(plusMs(midnight, -1), zone) < date, `before ${date} in ${zone}`).toBe(true);
      }),
      { ...FIXED_SEED, numRuns: 500 },
    );
  });
});

describe('days past due', () => {
  test.each([
    ['2026-03-29T00:00:00+08:00', -3],
    ['2026-03-31T23:59:59+08:00', -1],
    ['2026-04-01T00:00:00+08:00', 0],
    ['2026-04-01T23:59:59+08:00', 0],
    ['2026-04-02T00:00:00+08:00', 1],
    ['2026-06-30T12:00:00+08:00', 90],
  ])('of a loan due on 1 April 2026 in Taipei are at %s: %d', (at, days) => {
    expect(daysPastDue('2026-04-01', parseInstant(at), 'Asia/Taipei')).toBe(days);
  });

  test('count days on the calendar, also over a change of clocks', () => {
    expect(daysPastDue('2026-03-28', parseInstant('2026-03-30T00:00:00+01:00'), 'Europe/London')).toBe(2);
    expect(daysPastDue('2026-10-24', parseInstant('2026-10-25T23:59:59Z'), 'Europe/London')).toBe(1);
  });
});
