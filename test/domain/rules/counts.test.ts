import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../../domain/rules/facts.ts';
import { attempt, consent, seconds, verdictOf } from './support.ts';

const SHANGHAI = 'Asia/Shanghai';

/** So many attempts, a minute apart, the first at `from`. */
function attempts(count: number, from: string, entry: Partial<LedgerEntry> = {}): LedgerEntry[] {
  return Array.from({ length: count }, (_, index) => attempt(seconds(from, index * 60), entry));
}

describe('CN2: three talks a day', () => {
  const talk = { result: 'connected' } as const;
  const at = '2026-05-11T08:00Z';
  const TOMORROW = 'defer CN2 until 2026-05-12T00:00:00.000Z';

  test.each([
    [2, 'allow'],
    [3, TOMORROW],
    [4, TOMORROW],
  ])('after %i talks', (count, verdict) => {
    const ledger = attempts(count, '2026-05-11T01:00Z', talk);
    expect(verdictOf({ zone: SHANGHAI, at, ledger }, 'CN')).toBe(verdict);
    expect(verdictOf({ zone: SHANGHAI, at, ledger, channel: 'voice' }, 'CN')).toBe(verdict);
  });

  test('count over all debts, numbers and kinds of calls, and verified or not', () => {
    const ledger = [
      attempt('2026-05-11T01:00Z', { result: 'connected', debt: 'L2' }),
      attempt('2026-05-11T02:00Z', { result: 'rightParty', number: '+15550199' }),
      attempt('2026-05-11T03:00Z', { result: 'connected', channel: 'voice' }),
    ];
    expect(verdictOf({ zone: SHANGHAI, at, ledger }, 'CN')).toBe(TOMORROW);
  });

  test.each([
    ['the debtor called us', { ...talk, initiator: 'debtor' }],
    ['nobody answered', { result: 'noAnswer' }],
    ['the number was not reached', { result: 'notConnected' }],
    ['the talk was with somebody else', { ...talk, to: 'thirdParty' }],
    ['it was no call', { ...talk, channel: 'visit' }],
  ] as const)('do not count when %s', (_, entry) => {
    const ledger = [...attempts(2, '2026-05-11T01:00Z', talk), attempt('2026-05-11T02:00Z', entry)];
    expect(verdictOf({ zone: SHANGHAI, at, ledger }, 'CN')).toBe('allow');
  });

  test.each(['sms', 'email', 'im', 'visit', 'letter'] as const)('do not stop a %s', (channel) => {
    expect(verdictOf({ zone: SHANGHAI, at, ledger: attempts(3, '2026-05-11T01:00Z', talk), channel }, 'CN')).toBe(
      'allow',
    );
  });

  test('belong to the local day they were held on, to the second', () => {
    const verdictWith = (third: string) => {
      const ledger = [...attempts(2, '2026-05-11T01:00Z', talk), attempt(third, talk)];
      return verdictOf({ zone: SHANGHAI, at, ledger }, 'CN');
    };
    expect(verdictWith('2026-05-10T15:59:59Z')).toBe('allow');
    expect(verdictWith('2026-05-10T16:00:00Z')).toBe(TOMORROW);
    expect(verdictWith('2026-05-10T16:00:01Z')).toBe(TOMORROW);
    // Recorded by another worker whose clock is ahead: an attempt of the same day all the same.
    expect(verdictWith('2026-05-11T15:59:59Z')).toBe(TOMORROW);
    expect(verdictWith('2026-05-11T16:00:00Z')).toBe('allow');
  });

  test('end with the local day, which has 25 hours when clocks go back and 23 when they go forward', () => {
    const consents = [consent('quietHours', '2026-01-01T00:00Z')];
    const verdictAt = (at: string, from: string) =>
      verdictOf({ zone: 'Europe/London', consents, at, ledger: attempts(3, from, talk) }, 'CN');
    expect(verdictAt('2026-10-25T23:59:59Z', '2026-10-24T23:00Z')).toBe('defer CN2 until 2026-10-26T00:00:00.000Z');
    expect(verdictAt('2026-10-26T00:00:00Z', '2026-10-24T23:00Z')).toBe('allow');
    expect(verdictAt('2026-03-29T22:59:59Z', '2026-03-29T00:00Z')).toBe('defer CN2 until 2026-03-29T23:00:00.000Z');
    expect(verdictAt('2026-03-29T23:00:00Z', '2026-03-29T00:00Z')).toBe('allow');
  });

  test('must have room in every zone the debtor may be in', () => {
    // 23:30 in London is 00:30 of the next day in Paris, where the day has three talks already.
    const given = { at: '2026-05-11T08:00Z', ledger: attempts(3, '2026-05-10T22:30Z', talk) };
    expect(verdictOf({ ...given, zone: 'Europe/London' }, 'CN')).toBe('allow');
    expect(verdictOf({ ...given, zone: 'Europe/Paris' }, 'CN')).toMatch(/^defer CN2 /);
    expect(verdictOf({ ...given, zone: 'Europe/London', zones: ['Europe/Paris'] }, 'CN')).toMatch(/^defer CN2 /);
  });
});

describe('CN3: six unanswered dials of a number a day', () => {
  const at = '2026-05-11T08:00Z';
  const TOMORROW = 'defer CN3 until 2026-05-12T00:00:00.000Z';

  test.each([
    [5, 'allow'],
    [6, TOMORROW],
    [7, TOMORROW],
  ])('after %i dials', (count, verdict) => {
    expect(verdictOf({ zone: SHANGHAI, at, ledger: attempts(count, '2026-05-11T01:00Z') }, 'CN')).toBe(verdict);
  });

  test('count whether the phone rang or was never reached, for whichever debt and person', () => {
    const ledger = [
      ...attempts(3, '2026-05-11T01:00Z'),
      attempt('2026-05-11T02:00Z', { result: 'notConnected' }),
      attempt('2026-05-11T02:01Z', { debt: 'L2', channel: 'voice' }),
      attempt('2026-05-11T02:02Z', { to: 'thirdParty' }),
    ];
    expect(verdictOf({ zone: SHANGHAI, at, ledger }, 'CN')).toBe(TOMORROW);
  });

  test.each([
    ['another number was dialled', { number: '+15550199' }],
    ['it was answered', { result: 'connected' }],
    ['the debtor dialled', { initiator: 'debtor' }],
    ['it was the day before', { at: '2026-05-10T15:59:59.000Z' }],
  ] as const)('do not count when %s', (_, entry) => {
    const ledger = [...attempts(5, '2026-05-11T01:00Z'), { ...attempt('2026-05-11T02:00Z'), ...entry }];
    expect(verdictOf({ zone: SHANGHAI, at, ledger }, 'CN')).toBe('allow');
  });

  test('a dial of a number that was not recorded counts for every number', () => {
    const ledger = [...attempts(5, '2026-05-11T01:00Z'), attempt('2026-05-11T02:00Z', { number: null })];
    expect(verdictOf({ zone: SHANGHAI, at, ledger }, 'CN')).toBe(TOMORROW);
  });
});

describe('US2: seven calls in seven days', () => {
  /** One call at noon of each of the first days of April 2026. */
  const daily = (days: number, entry: Partial<LedgerEntry> = {}) =>
    Array.from({ length: days }, (_, index) => attempt(`2026-04-0${index + 1}T16:00Z`, entry));

  test('comment 14(b)(2)(i)-1.i: after calls from 1 to 7 April the next is permitted on 8 April', () => {
    expect(verdictOf({ at: '2026-04-07T16:00Z', ledger: daily(6) }, 'US')).toBe('allow');
    expect(verdictOf({ at: '2026-04-07T20:00Z', ledger: daily(7) }, 'US')).toBe(
      'defer US2 until 2026-04-08T12:00:00.000Z',
    );
    expect(verdictOf({ at: '2026-04-08T11:59:59Z', ledger: daily(7) }, 'US')).toBe(
      'defer US1 until 2026-04-08T12:00:00.000Z',
    );
    expect(verdictOf({ at: '2026-04-08T12:00:00Z', ledger: daily(7) }, 'US')).toBe('allow');
  });

  test('comment 14(b)(2)(ii)-1.i: an eighth call on the seventh day is one too many', () => {
    const ledger = [
      attempt('2026-04-01T16:00Z'),
      ...attempts(2, '2026-04-02T16:00Z'),
      ...attempts(2, '2026-04-03T16:00Z'),
      ...attempts(2, '2026-04-06T16:00Z'),
    ];
    expect(verdictOf({ at: '2026-04-07T16:00Z', ledger }, 'US')).toBe('defer US2 until 2026-04-08T12:00:00.000Z');
    expect(verdictOf({ at: '2026-04-07T16:00Z', ledger: ledger.slice(1) }, 'US')).toBe('allow');
  });

  test('seven calls on one day rest for six more', () => {
    const ledger = attempts(7, '2026-04-01T16:00Z');
    expect(verdictOf({ at: '2026-04-01T20:00Z', ledger }, 'US')).toBe('defer US2 until 2026-04-08T12:00:00.000Z');
  });

  test('the day of a call is the one at the consumer’s location, to the second', () => {
    const rest = attempts(6, '2026-04-02T16:00Z');
    const verdictWith = (first: string) =>
      verdictOf({ at: '2026-04-07T16:00Z', ledger: [attempt(first), ...rest] }, 'US');
    expect(verdictWith('2026-04-01T03:59:59Z')).toBe('allow');
    expect(verdictWith('2026-04-01T04:00:00Z')).toMatch(/^defer US2 /);
    expect(verdictWith('2026-04-01T04:00:01Z')).toMatch(/^defer US2 /);
  });

  test('days are counted over the changes of the clocks', () => {
    // 8 March 2026 has 23 hours, 1 November 25: the eighth day begins at midnight all the same.
    const spring = attempts(7, '2026-03-05T16:00Z');
    const autumn = attempts(7, '2026-10-28T16:00Z');
    expect(verdictOf({ at: '2026-03-11T20:00Z', ledger: spring }, 'US')).toBe(
      'defer US2 until 2026-03-12T12:00:00.000Z',
    );
    expect(verdictOf({ at: '2026-11-03T20:00Z', ledger: autumn }, 'US')).toBe(
      'defer US2 until 2026-11-04T13:00:00.000Z',
    );
  });

  test.each([
    ['it never reached the number', { result: 'notConnected' }],
    ['it was about another debt', { debt: 'L2' }],
    ['it went to somebody else', { to: 'thirdParty' }],
    ['the debtor made it', { initiator: 'debtor' }],
    ['it was a message', { channel: 'sms', result: null }],
  ] as const)('a call does not count when %s', (_, entry) => {
    const ledger = [...daily(6), attempt('2026-04-07T13:00Z', entry)];
    expect(verdictOf({ at: '2026-04-07T16:00Z', ledger }, 'US')).toBe('allow');
  });

  test('calls to several numbers, and by machine, count together', () => {
    const ledger = [...daily(5), attempt('2026-04-06T16:00Z', { number: '+15550199' })];
    const machine = attempt('2026-04-07T13:00Z', { channel: 'voice' });
    expect(verdictOf({ at: '2026-04-07T16:00Z', ledger: [...ledger, machine] }, 'US')).toMatch(/^defer US2 /);
  });

  test('a call whose debt was not recorded counts for every debt', () => {
    expect(verdictOf({ at: '2026-04-07T20:00Z', ledger: daily(7, { debt: null }) }, 'US')).toMatch(/^defer US2 /);
  });

  test.each(['sms', 'email', 'im', 'visit', 'letter'] as const)('a %s is not a call', (channel) => {
    const consents = [consent('sms', '2026-04-01T12:00Z'), consent('email', '2026-04-01T12:00Z')];
    expect(verdictOf({ at: '2026-04-07T20:00Z', ledger: daily(7), channel, consents }, 'US')).toBe('allow');
  });
});

describe('US3: a rest of seven days after a conversation', () => {
  const talk = { result: 'connected' } as const;

  test('comment 14(b)(2)(i)-1.ii: a conversation of 13 August rests until 20 August, whoever called', () => {
    const ledger = [attempt('2026-08-13T16:00Z', { ...talk, initiator: 'debtor' })];
    const UNTIL = 'until 2026-08-20T12:00:00.000Z';
    expect(verdictOf({ at: '2026-08-13T16:00:01Z', ledger }, 'US')).toBe(`defer US3 ${UNTIL}`);
    expect(verdictOf({ at: '2026-08-20T00:59:59Z', ledger }, 'US')).toBe(`defer US3 ${UNTIL}`);
    // Midnight in New York ends the rest; the window opens at eight.
    expect(verdictOf({ at: '2026-08-20T03:59:59Z', ledger }, 'US')).toBe(`defer US1 US3 ${UNTIL}`);
    expect(verdictOf({ at: '2026-08-20T04:00:00Z', ledger }, 'US')).toBe(`defer US1 ${UNTIL}`);
    expect(verdictOf({ at: '2026-08-20T12:00:00Z', ledger }, 'US')).toBe('allow');
  });

  test('comment 14(b)(2)(ii)-1.ii: a conversation of 14 August in our own call rests until 21 August', () => {
    const ledger = [attempt('2026-08-11T16:00Z'), attempt('2026-08-14T16:00Z', { result: 'rightParty' })];
    expect(verdictOf({ at: '2026-08-20T16:00Z', ledger }, 'US')).toBe('defer US3 until 2026-08-21T12:00:00.000Z');
    expect(verdictOf({ at: '2026-08-21T12:00Z', ledger }, 'US')).toBe('allow');
  });

  test.each([
    ['was about another debt', { ...talk, debt: 'L2' }],
    ['was with somebody else', { ...talk, to: 'thirdParty' }],
    ['did not take place', { result: 'noAnswer' }],
    ['was face to face', { ...talk, channel: 'visit' }],
  ] as const)('is not needed when the conversation %s', (_, entry) => {
    const ledger = [attempt('2026-08-13T16:00Z', entry)];
    expect(verdictOf({ at: '2026-08-14T16:00Z', ledger }, 'US')).toBe('allow');
  });

  test('binds calls of people and machines, and nothing else', () => {
    const given = { at: '2026-08-14T16:00Z', ledger: [attempt('2026-08-13T16:00Z', talk)] };
    expect(verdictOf({ ...given, channel: 'voice' }, 'US')).toMatch(/^defer US3 /);
    expect(verdictOf({ ...given, channel: 'letter' }, 'US')).toBe('allow');
  });

  test('starts anew with every conversation', () => {
    const ledger = [attempt('2026-08-13T16:00Z', talk), attempt('2026-08-16T16:00Z', { ...talk, initiator: 'debtor' })];
    expect(verdictOf({ at: '2026-08-17T16:00Z', ledger }, 'US')).toBe('defer US3 until 2026-08-23T12:00:00.000Z');
  });
});

describe('US4: calls made with consent', () => {
  const talk = { result: 'connected' } as const;

  test('comment 14(b)(3)(i)-3.i: "call back on Monday" permits the call in spite of the conversation', () => {
    const given = { at: '2026-04-06T16:00Z', ledger: [attempt('2026-04-03T16:00Z', talk)] };
    expect(verdictOf(given, 'US')).toMatch(/^defer US3 /);
    expect(verdictOf({ ...given, consents: [consent('extraCalls', '2026-04-03T16:05Z')] }, 'US')).toBe('allow');
  });

  test('comment 14(b)(3)(i)-3.ii: the conversation that follows uses the consent up', () => {
    const ledger = [attempt('2026-04-03T16:00Z', talk), attempt('2026-04-06T16:00Z', talk)];
    const consents = [consent('extraCalls', '2026-04-03T16:05Z')];
    expect(verdictOf({ at: '2026-04-08T16:00Z', ledger, consents }, 'US')).toBe(
      'defer US3 until 2026-04-13T12:00:00.000Z',
    );
    const again = [...consents, consent('extraCalls', '2026-04-06T16:05Z')];
    expect(verdictOf({ at: '2026-04-08T16:00Z', ledger, consents: again }, 'US')).toBe('allow');
  });

  test('a consent given at the instant of a conversation is not used up by it', () => {
    const consents = [consent('extraCalls', '2026-04-03T16:00Z')];
    const ledger = [attempt('2026-04-03T16:00Z', talk)];
    expect(verdictOf({ at: '2026-04-06T16:00Z', ledger, consents }, 'US')).toBe('allow');
  });

  test('the call in which a consent was used up was still made with it, and does not count', () => {
    const consents = [consent('extraCalls', '2026-04-03T16:05Z')];
    const ledger = [...attempts(6, '2026-04-03T13:00Z'), attempt('2026-04-06T16:00Z', talk)];
    expect(verdictOf({ at: '2026-04-06T18:00Z', ledger, consents }, 'US')).toMatch(/^defer US3 until/);
    expect(verdictOf({ at: '2026-04-06T18:00Z', ledger }, 'US')).toMatch(/^defer US2 US3 until/);
  });

  describe('comment 14(b)(3)(i)-3.iii: after a consent of 4 June', () => {
    const consents = [consent('extraCalls', '2026-06-04T16:00Z')];
    const before = ['01', '02', '03'].map((day) => attempt(`2026-06-${day}T16:00Z`));
    const agreed = [
      ...attempts(3, '2026-06-08T13:00Z'),
      ...attempts(3, '2026-06-09T13:00Z'),
      ...attempts(2, '2026-06-10T13:00Z'),
    ];

    test('eight calls until 10 June do not count, and more may follow', () => {
      expect(verdictOf({ at: '2026-06-10T16:00Z', ledger: [...before, ...agreed], consents }, 'US')).toBe('allow');
      expect(verdictOf({ at: '2026-06-10T16:00Z', ledger: [...before, ...agreed] }, 'US')).toMatch(/^defer US2 /);
    });

    test('calls from 11 June on count again', () => {
      const later = attempts(7, '2026-06-11T13:00Z');
      const given = { at: '2026-06-11T16:00Z', consents };
      expect(verdictOf({ ...given, ledger: [...agreed, ...later.slice(1)] }, 'US')).toBe('allow');
      expect(verdictOf({ ...given, ledger: [...agreed, ...later] }, 'US')).toMatch(/^defer US2 /);
    });

    test('the seventh day ends at midnight at the consumer’s location', () => {
      const ledger = [...before, ...attempts(7, '2026-06-04T13:00Z')];
      const quiet = verdictOf({ at: '2026-06-11T03:59:59Z', ledger, consents }, 'US');
      expect(quiet).toBe('defer US1 until 2026-06-11T12:00:00.000Z');
      expect(verdictOf({ at: '2026-06-11T00:59:59Z', ledger, consents }, 'US')).toBe('allow');
    });
  });

  test('a consent that comes later is the first instant at which the call is permitted', () => {
    const ledger = attempts(7, '2026-06-01T13:00Z');
    const consents = [consent('extraCalls', '2026-06-02T15:00Z', { until: '2026-06-02T18:00:00.000Z' })];
    expect(verdictOf({ at: '2026-06-02T14:59:59Z', ledger, consents }, 'US')).toBe(
      'defer US2 until 2026-06-02T15:00:00.000Z',
    );
    expect(verdictOf({ at: '2026-06-02T15:00:00Z', ledger, consents }, 'US')).toBe('allow');
    expect(verdictOf({ at: '2026-06-02T17:59:59Z', ledger, consents }, 'US')).toBe('allow');
    expect(verdictOf({ at: '2026-06-02T18:00:00Z', ledger, consents }, 'US')).toBe(
      'defer US2 until 2026-06-08T12:00:00.000Z',
    );
  });

  test.each([
    ['another debt', { debt: 'L2' }],
    ['another number', { number: '+15550199' }],
    ['another channel', { channel: 'voice' }],
  ] as const)('a consent to %s does not help', (_, limits) => {
    const consents = [consent('extraCalls', '2026-06-02T13:00Z', limits)];
    const ledger = attempts(7, '2026-06-01T13:00Z');
    expect(verdictOf({ at: '2026-06-02T15:00Z', ledger, consents }, 'US')).toMatch(/^defer US2 /);
  });

  test('consent to more calls does not raise the Chinese caps', () => {
    const given = { zone: SHANGHAI, at: '2026-05-11T08:00Z', consents: [consent('extraCalls', '2026-05-11T00:00Z')] };
    expect(verdictOf({ ...given, ledger: attempts(6, '2026-05-11T01:00Z') }, 'CN')).toMatch(/^defer CN3 /);
  });
});
