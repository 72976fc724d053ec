import { describe, expect, test } from 'vitest';
import { attempt, consent, verdictOf } from './support.ts';

const NOON = '2026-05-11T16:00Z';

describe('A debtor whose time zone is not known', () => {
  test.each([
    ['null', null, []],
    ['a word that is no zone', 'Mars/Olympus', []],
    ['an offset, which knows no summer time', '+08:00', []],
    ['empty', '', []],
    ['one of several that is no zone', 'America/New_York', ['Mars/Olympus']],
  ])('is refused what depends on the hour: %s', (_, zone, zones) => {
    const given = { at: NOON, zone, zones };
    expect(verdictOf(given, 'CN')).toBe('deny CN1');
    expect(verdictOf(given, 'US')).toBe('deny US1');
    expect(verdictOf(given, 'IN')).toBe('deny IN1');
    expect(verdictOf(given, 'CN', 'IN', 'US')).toBe('deny CN1 IN1 US1');
  });

  test('is refused at any hour of the day', () => {
    for (let hour = 0; hour < 24; hour += 1) {
      const at = `2026-05-11T${String(hour).padStart(2, '0')}:30Z`;
      expect(verdictOf({ at, zone: null }, 'CN')).toBe('deny CN1');
    }
  });

  test('is not refused what does not depend on the hour', () => {
    expect(verdictOf({ at: NOON, zone: null }, 'UK')).toBe('allow');
    expect(verdictOf({ at: NOON, zone: null, channel: 'sms' }, 'IN')).toBe('allow');
  });

  test('is refused as soon as a request on the hour is on file', () => {
    const requests = [{ notBetween: ['09:00', '12:00'] as const }];
    expect(verdictOf({ at: NOON, zone: null, requests }, 'UK')).toBe('deny UK3');
  });

  test('may be contacted at night by agreement, whatever the hour there is', () => {
    const consents = [consent('quietHours', '2026-05-01T00:00Z')];
    expect(verdictOf({ at: NOON, zone: null, consents }, 'CN')).toBe('allow');
    const later = [consent('quietHours', '2026-05-11T18:00Z')];
    expect(verdictOf({ at: NOON, zone: null, consents: later }, 'CN')).toBe('defer CN1 until 2026-05-11T18:00:00.000Z');
  });

  test('has used up a day’s contacts if that may be so anywhere', () => {
    const consents = [consent('quietHours', '2026-05-01T00:00Z')];
    const verdictWith = (hours: readonly string[]) => {
      const ledger = hours.map((at) => attempt(at, { result: 'connected' }));
      return verdictOf({ at: NOON, zone: null, consents, ledger }, 'CN');
    };
    expect(verdictWith(['2026-05-11T13:00Z', '2026-05-11T14:00Z'])).toBe('allow');
    expect(verdictWith(['2026-05-11T13:00Z', '2026-05-11T14:00Z', '2026-05-11T15:00Z'])).toBe('deny CN2');
    // No day of 24 hours holds the first of these and noon.
    expect(verdictWith(['2026-05-10T13:00Z', '2026-05-11T14:00Z', '2026-05-11T15:00Z'])).toBe('allow');
  });

  test('is under a rule from the first place on earth where its day has come', () => {
    const given = { zone: null, channel: 'visit', requests: [] } as const;
    expect(verdictOf({ ...given, at: '2026-06-30T09:59:59Z' }, 'IN')).toBe('allow');
    expect(verdictOf({ ...given, at: '2026-06-30T10:00:00Z' }, 'IN')).toBe('deny IN2');
  });
});
