import { Temporal } from '@js-temporal/polyfill';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../domain/instant.ts';
import { EVERY_CLOCK, clockOf } from '../../../domain/rules/zone-clock.ts';

const ZONES = [
  'America/New_York',
  'America/Santiago',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Asia/Shanghai',
  'Australia/Lord_Howe',
  'Europe/London',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'UTC',
];

const zone = fc.constantFrom(...ZONES);
/** From 2007 on: Samoa leaves out a whole day in 2011. */
const instant = fc.integer({ min: Date.UTC(2007), max: Date.UTC(2040) });
const RUNS = { seed: 20_260_301, numRuns: 600 } as const;

function shown(epochMs: number, zoneName: string): { day: number; minutes: number } {
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zoneName);
  return { day: Date.UTC(local.year, local.month - 1, local.day) / DAY_MS, minutes: local.hour * 60 + local.minute };
}

describe('The clock of a zone', () => {
  test('shows the day that Temporal shows', () => {
    fc.assert(
      fc.property(zone, instant, (name, at) => {
        expect(clockOf(name).dayAt(at)).toBe(shown(at, name).day);
      }),
      RUNS,
    );
  });

  test('starts a day at its first instant, whatever the clocks do that night', () => {
    fc.assert(
      fc.property(zone, instant, (name, at) => {
        const { day } = shown(at, name);
        const start = clockOf(name).startOfDay(day);
        expect(shown(start, name).day).toBe(day);
        expect(shown(start - 1, name).day).toBeLessThan(day);
      }),
      RUNS,
    );
  });

  test('finds the first instant of hours, to the millisecond', () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
    fc.assert(
      fc.property(zone, instant, minute, minute, (name, at, from, to) => {
        const first = clockOf(name).firstBetween(at, from * MINUTE_MS, to * MINUTE_MS);
        const isBetween = (epochMs: number) => {
          const { minutes } = shown(epochMs, name);
          if (from === to) return true;
          return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
        };
        expect(isBetween(first)).toBe(true);
        if (first > at) expect(isBetween(first - 1)).toBe(false);
        for (let earlier = at; earlier < first; earlier += 7 * MINUTE_MS) expect(isBetween(earlier)).toBe(false);
      }),
      { ...RUNS, numRuns: 300 },
    );
  });

  test('leaves out the day that Samoa left out', () => {
    const clock = clockOf('Pacific/Apia');
    const left = Date.UTC(2011, 11, 30) / DAY_MS;
    expect(clock.startOfDay(left)).toBe(clock.startOfDay(left + 1));
    expect(clock.dayAt(clock.startOfDay(left + 1) - 1)).toBe(left - 1);
  });

  test('every clock on earth is among those of a place that is not known', () => {
    const offsets = new Set(EVERY_CLOCK.map((clock) => clock.startOfDay(0)));
    expect(offsets.size).toBe(105);
    for (const name of Intl.supportedValuesOf('timeZone')) {
      for (const at of [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)]) {
        const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name);
        expect(offsets, name).toContain(-local.offsetNanoseconds / 1e6);
      }
    }
  });
});
