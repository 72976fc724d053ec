import { describe, expect, test } from 'vitest';
import { type Given, type PackName, consent, milliseconds, seconds, verdictOf } from './support.ts';

/**
 * Days of every window, with the instants of its opening and closing and of the opening after that. Written by hand
 * from the zones' offsets, not reckoned by the code under test.
 */
const DAYS: readonly {
  readonly rule: string;
  readonly pack: PackName;
  readonly zone: string;
  readonly day: string;
  readonly opens: string;
  readonly closes: string;
  readonly reopens: string;
  readonly given?: Partial<Given>;
}[] = [
  // CN1, 08:00 to 22:00.
  day('CN1', 'CN', 'Asia/Shanghai', 'an ordinary day', '2026-05-11T00:00Z', '2026-05-11T14:00Z', '2026-05-12T00:00Z'),
  day('CN1', 'CN', 'Asia/Shanghai', 'New Year', '2025-12-31T00:00Z', '2025-12-31T14:00Z', '2026-01-01T00:00Z'),
  day(
    'CN1',
    'CN',
    'Europe/London',
    'before clocks go forward',
    '2026-03-28T08:00Z',
    '2026-03-28T22:00Z',
    '2026-03-29T07:00Z',
  ),
  day(
    'CN1',
    'CN',
    'Europe/London',
    'the day of 23 hours',
    '2026-03-29T07:00Z',
    '2026-03-29T21:00Z',
    '2026-03-30T07:00Z',
  ),
  day(
    'CN1',
    'CN',
    'Europe/London',
    'before clocks go back',
    '2026-10-24T07:00Z',
    '2026-10-24T21:00Z',
    '2026-10-25T08:00Z',
  ),
  day(
    'CN1',
    'CN',
    'Europe/London',
    'the day of 25 hours',
    '2026-10-25T08:00Z',
    '2026-10-25T22:00Z',
    '2026-10-26T08:00Z',
  ),
  // Lord Howe Island moves its clocks by half an hour.
  day(
    'CN1',
    'CN',
    'Australia/Lord_Howe',
    'before clocks go back',
    '2026-04-03T21:00Z',
    '2026-04-04T11:00Z',
    '2026-04-04T21:30Z',
  ),
  day(
    'CN1',
    'CN',
    'Australia/Lord_Howe',
    'before clocks go forward',
    '2026-10-02T21:30Z',
    '2026-10-03T11:30Z',
    '2026-10-03T21:00Z',
  ),
  // US1, 08:00 to 21:00.
  day(
    'US1',
    'US',
    'America/New_York',
    'an ordinary day',
    '2026-05-11T12:00Z',
    '2026-05-12T01:00Z',
    '2026-05-12T12:00Z',
  ),
  day(
    'US1',
    'US',
    'America/New_York',
    'before clocks go forward',
    '2026-03-07T13:00Z',
    '2026-03-08T02:00Z',
    '2026-03-08T12:00Z',
  ),
  day(
    'US1',
    'US',
    'America/New_York',
    'the day of 23 hours',
    '2026-03-08T12:00Z',
    '2026-03-09T01:00Z',
    '2026-03-09T12:00Z',
  ),
  day(
    'US1',
    'US',
    'America/New_York',
    'before clocks go back',
    '2026-10-31T12:00Z',
    '2026-11-01T01:00Z',
    '2026-11-01T13:00Z',
  ),
  day(
    'US1',
    'US',
    'America/New_York',
    'the day of 25 hours',
    '2026-11-01T13:00Z',
    '2026-11-02T02:00Z',
    '2026-11-02T13:00Z',
  ),
  // IN1, 08:00 to 19:00 in a zone of half an hour.
  day('IN1', 'IN', 'Asia/Kolkata', 'an ordinary day', '2026-05-11T02:30Z', '2026-05-11T13:30Z', '2026-05-12T02:30Z'),
  day(
    'IN1',
    'IN',
    'Asia/Kolkata',
    'a day under the draft',
    '2026-08-11T02:30Z',
    '2026-08-11T13:30Z',
    '2026-08-12T02:30Z',
  ),
  // IN2, visits from 08:00 to 19:00.
  {
    ...day('IN2', 'IN', 'Asia/Kolkata', 'a visit', '2026-08-11T02:30Z', '2026-08-11T13:30Z', '2026-08-12T02:30Z'),
    given: { channel: 'visit' },
  },
];

function day(
  rule: string,
  pack: PackName,
  zone: string,
  name: string,
  opens: string,
  closes: string,
  reopens: string,
): (typeof DAYS)[number] {
  return { rule, pack, zone, day: name, opens, closes, reopens };
}

describe.each(DAYS)('$rule in $zone on $day', ({ rule, pack, zone, opens, closes, reopens, given }) => {
  const verdictAt = (at: string) => verdictOf({ ...given, zone, at }, pack);

  test('refuses until the second in which the window opens', () => {
    expect(verdictAt(seconds(opens, -1))).toBe(`defer ${rule} until ${milliseconds(opens)}`);
    expect(verdictAt(opens)).toBe('allow');
    expect(verdictAt(seconds(opens, 1))).toBe('allow');
  });

  test('refuses from the second in which it closes until it opens again', () => {
    expect(verdictAt(seconds(closes, -1))).toBe('allow');
    expect(verdictAt(closes)).toBe(`defer ${rule} until ${milliseconds(reopens)}`);
    expect(verdictAt(seconds(closes, 1))).toBe(`defer ${rule} until ${milliseconds(reopens)}`);
  });

  test('refuses every minute of the night and permits every minute of the day', () => {
    for (let at = closes; milliseconds(at) < milliseconds(reopens); at = seconds(at, 60)) {
      expect(verdictAt(at), at).toBe(`defer ${rule} until ${milliseconds(reopens)}`);
    }
    for (let at = opens; milliseconds(at) < milliseconds(closes); at = seconds(at, 60)) {
      expect(verdictAt(at), at).toBe('allow');
    }
  });
});

describe('The channels of the windows', () => {
  test.each(['call', 'voice', 'sms', 'email', 'im', 'visit', 'letter'] as const)(
    'CN1 and US1 judge a %s',
    (channel) => {
      const at = '2026-05-11T03:00Z';
      const agreed = [consent('sms', '2026-05-01T12:00Z'), consent('email', '2026-05-01T12:00Z')];
      expect(verdictOf({ at, channel, consents: agreed }, 'CN')).toMatch(/^defer CN1 /);
      expect(verdictOf({ at, channel, consents: agreed }, 'US')).toMatch(/^defer US1 /);
    },
  );

  test('IN1 judges calls alone, and visits come under the draft from its first day on', () => {
    const zone = 'Asia/Kolkata';
    for (const channel of ['call', 'voice'] as const) {
      expect(verdictOf({ at: '2026-05-11T14:00Z', channel, zone }, 'IN')).toMatch(/^defer IN1 /);
    }
    for (const channel of ['sms', 'email', 'im', 'visit', 'letter'] as const) {
      expect(verdictOf({ at: '2026-05-11T14:00Z', channel, zone }, 'IN')).toBe('allow');
    }
    expect(verdictOf({ at: '2026-06-30T18:29:59Z', channel: 'visit', zone }, 'IN')).toBe('allow');
    expect(verdictOf({ at: '2026-06-30T18:30:00Z', channel: 'visit', zone }, 'IN')).toMatch(/^defer IN2 /);
  });

  test('the United Kingdom names no hours, so the strategy alone does', () => {
    expect(verdictOf({ at: '2026-05-11T02:00Z', zone: 'Europe/London' }, 'UK')).toBe('allow');
  });
});

describe('US1 where the place is not certain', () => {
  // Comment 6(b)(1)(i)-2.i: from 11:00 to 21:00 Eastern time, which is 08:00 to 18:00 Pacific time.
  const given = { zone: 'America/New_York', zones: ['America/New_York', 'America/Los_Angeles'] };

  test.each([
    ['2026-05-11T14:59:59Z', 'defer US1 until 2026-05-11T15:00:00.000Z'],
    ['2026-05-11T15:00:00Z', 'allow'],
    ['2026-05-12T00:59:59Z', 'allow'],
    ['2026-05-12T01:00:00Z', 'defer US1 until 2026-05-12T15:00:00.000Z'],
  ])('permits only what every zone permits: %s', (at, verdict) => {
    expect(verdictOf({ ...given, at }, 'US')).toBe(verdict);
  });

  test('the zones count whether or not they name the debtor’s own', () => {
    const at = '2026-05-11T13:00Z';
    expect(verdictOf({ at, zone: 'America/New_York', zones: ['America/Los_Angeles'] }, 'US')).toMatch(/^defer US1/);
    expect(verdictOf({ at, zone: null, zones: ['America/New_York'] }, 'US')).toBe('allow');
    expect(verdictOf({ at, zone: null, zones: ['America/Los_Angeles'] }, 'US')).toMatch(/^defer US1/);
  });

  test('no hour suits two places on opposite sides of the earth', () => {
    const zones = ['Africa/Abidjan', 'Pacific/Fiji'];
    expect(verdictOf({ at: '2026-05-11T20:00Z', zone: null, zones }, 'IN')).toBe('deny IN1');
  });
});

describe('CN1 with the consent of the debtor', () => {
  const zone = 'Asia/Shanghai';
  const night = '2026-05-11T15:00Z';

  test.each([
    ['any contact', {}],
    ['the channel', { channel: 'call' }],
    ['the debt', { debt: 'L1' }],
    ['the number', { number: '+15550100' }],
  ] as const)('permits by night when it covers %s', (_, limits) => {
    const consents = [consent('quietHours', '2026-05-01T00:00Z', limits)];
    expect(verdictOf({ zone, at: night, consents }, 'CN')).toBe('allow');
  });

  test.each([
    ['another channel', { channel: 'voice' }],
    ['another debt', { debt: 'L2' }],
    ['another number', { number: '+15550199' }],
  ] as const)('does not permit by night when it covers %s', (_, limits) => {
    const consents = [consent('quietHours', '2026-05-01T00:00Z', limits)];
    expect(verdictOf({ zone, at: night, consents }, 'CN')).toMatch(/^defer CN1/);
  });

  test('does not permit by night when it is to something else', () => {
    expect(verdictOf({ zone, at: night, consents: [consent('extraCalls', '2026-05-11T00:00Z')] }, 'CN')).toMatch(
      /^defer/,
    );
  });

  test('counts from its first instant to before its last', () => {
    const consents = [consent('quietHours', '2026-05-11T15:30Z', { until: '2026-05-11T16:30:00.000Z' })];
    const verdictAt = (at: string) => verdictOf({ zone, at, consents }, 'CN');
    expect(verdictAt('2026-05-11T15:29:59Z')).toBe('defer CN1 until 2026-05-11T15:30:00.000Z');
    expect(verdictAt('2026-05-11T15:30:00Z')).toBe('allow');
    expect(verdictAt('2026-05-11T16:29:59Z')).toBe('allow');
    expect(verdictAt('2026-05-11T16:30:00Z')).toBe('defer CN1 until 2026-05-12T00:00:00.000Z');
  });

  test('does not lift the window of Regulation F', () => {
    const consents = [consent('quietHours', '2026-05-01T12:00Z')];
    expect(verdictOf({ at: '2026-05-11T03:00Z', consents }, 'US')).toMatch(/^defer US1/);
    expect(verdictOf({ at: '2026-05-11T03:00Z', consents }, 'CN', 'US')).toMatch(/^defer US1 until/);
  });
});

describe('UK3, US1 and IN2: hours at which the debtor asked not to be contacted', () => {
  const morning = { requests: [{ notBetween: ['09:00', '12:00'] as const }] };

  test.each([
    ['2026-05-11T07:59:59Z', 'allow'],
    ['2026-05-11T08:00:00Z', 'defer UK3 until 2026-05-11T11:00:00.000Z'],
    ['2026-05-11T10:59:59Z', 'defer UK3 until 2026-05-11T11:00:00.000Z'],
    ['2026-05-11T11:00:00Z', 'allow'],
  ])('are half-open in London: %s', (at, verdict) => {
    expect(verdictOf({ ...morning, zone: 'Europe/London', at }, 'UK')).toBe(verdict);
  });

  test('are inconvenient under Regulation F too, as in comment 6(b)(1)-1.ii', () => {
    const requests = [{ notBetween: ['15:00', '17:00'] as const }];
    expect(verdictOf({ requests, at: '2026-05-11T18:59:59Z' }, 'US')).toBe('allow');
    expect(verdictOf({ requests, at: '2026-05-11T19:00:00Z' }, 'US')).toBe('defer US1 until 2026-05-11T21:00:00.000Z');
    expect(verdictOf({ requests, at: '2026-05-11T21:00:00Z' }, 'US')).toBe('allow');
  });

  test('come under the Indian draft for calls and visits', () => {
    const given = { ...morning, zone: 'Asia/Kolkata' };
    expect(verdictOf({ ...given, at: '2026-06-30T05:00Z' }, 'IN')).toBe('allow');
    expect(verdictOf({ ...given, at: '2026-07-01T05:00Z' }, 'IN')).toBe('defer IN2 until 2026-07-01T06:30:00.000Z');
    expect(verdictOf({ ...given, at: '2026-07-01T05:00Z', channel: 'sms' }, 'IN')).toBe('allow');
  });

  test('may cross midnight', () => {
    const given = { zone: 'Europe/London', requests: [{ notBetween: ['20:00', '07:30'] as const }] };
    expect(verdictOf({ ...given, at: '2026-05-11T18:59:59Z' }, 'UK')).toBe('allow');
    expect(verdictOf({ ...given, at: '2026-05-11T19:00:00Z' }, 'UK')).toBe('defer UK3 until 2026-05-12T06:30:00.000Z');
    expect(verdictOf({ ...given, at: '2026-05-12T06:30:00Z' }, 'UK')).toBe('allow');
  });

  test('follow what the clock shows when an hour comes twice or not at all', () => {
    const given = { zone: 'Europe/London', requests: [{ notBetween: ['00:30', '01:30'] as const }] };
    // 25 October: 01:00 to 02:00 comes twice, so 01:30 to 01:59 lies between two stretches of the request.
    expect(verdictOf({ ...given, at: '2026-10-24T23:30Z' }, 'UK')).toBe('defer UK3 until 2026-10-25T00:30:00.000Z');
    expect(verdictOf({ ...given, at: '2026-10-25T00:59:59Z' }, 'UK')).toBe('allow');
    expect(verdictOf({ ...given, at: '2026-10-25T01:00Z' }, 'UK')).toBe('defer UK3 until 2026-10-25T01:30:00.000Z');
    // 29 March: 01:00 to 02:00 is left out, and with it the end of the request.
    expect(verdictOf({ ...given, at: '2026-03-29T00:30Z' }, 'UK')).toBe('defer UK3 until 2026-03-29T01:00:00.000Z');
  });

  test('that leave no hour of the day refuse the contact', () => {
    const zone = 'Europe/London';
    const wholeDay = [{ notBetween: ['00:00', '24:00'] as const }];
    const inParts = [{ notBetween: ['06:00', '18:30'] as const }, { notBetween: ['18:00', '06:00'] as const }];
    expect(verdictOf({ zone, requests: wholeDay, at: '2026-05-11T10:00Z' }, 'UK')).toBe('deny UK3');
    expect(verdictOf({ zone, requests: inParts, at: '2026-05-11T10:00Z' }, 'UK')).toBe('deny UK3');
    expect(verdictOf({ requests: [{ notBetween: ['07:00', '21:00'] }], at: '2026-05-11T14:00Z' }, 'US')).toBe(
      'deny US1',
    );
  });
});

describe('The strictest of several packs', () => {
  test('names the broken rules of all and waits for the last', () => {
    const given = { zone: 'Asia/Kolkata', at: '2026-05-11T15:00Z' };
    expect(verdictOf(given, 'IN')).toBe('defer IN1 until 2026-05-12T02:30:00.000Z');
    expect(verdictOf(given, 'CN', 'IN')).toBe('defer IN1 until 2026-05-12T02:30:00.000Z');
    expect(verdictOf({ ...given, at: '2026-05-11T17:00Z' }, 'IN', 'CN', 'US')).toBe(
      'defer CN1 IN1 US1 until 2026-05-12T02:30:00.000Z',
    );
  });

  test('a pack named twice says nothing new', () => {
    expect(verdictOf({ at: '2026-05-11T03:00Z' }, 'US', 'US')).toBe('defer US1 until 2026-05-11T12:00:00.000Z');
  });
});
