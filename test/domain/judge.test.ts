import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadRulePack } from '../../activities/rule-pack-file.ts';
import { NOTHING_SAID } from '../../domain/debtor-standing.ts';
import { DAY_MS, instantOf } from '../../domain/instant.ts';
import { CONTACT_RULES, type ContactFacts, judge } from '../../domain/judge.ts';
import { view } from '../support/case.ts';
import { FIXED_SEED, taipei } from '../support/events.ts';
import { EVERY_DAY, WORKDAYS, calendar } from '../support/strategy.ts';

const NOW = taipei('2026-04-02 10:00');
const NEXT_WEEK = taipei('2026-04-09 10:00');
const MADE_NOTHING = () => 0;

function law(...packs: string[]): ContactFacts['law'] {
  const { optOuts, ceaseContact, unreachable, zones, requests, consents } = NOTHING_SAID;
  const debtor = { zone: 'Asia/Taipei', zones, optOuts, ceaseContact, unreachable, requests, consents };
  return {
    packs: packs.map((pack) => loadRulePack(pack)),
    facts: { debtor, holds: [], ledger: [] },
    debt: 'L-1',
    number: '+886900000001',
    to: 'debtor',
    thirdPartyRefused: false,
  };
}

function facts(change: Partial<ContactFacts> = {}): ContactFacts {
  return {
    balance: view(500_000),
    zone: 'Asia/Taipei',
    reach: 'open',
    callUnderWayUntil: null,
    holds: [],
    window: EVERY_DAY,
    calendar: calendar(),
    perDebtorPerDay: 1,
    madeOn: MADE_NOTHING,
    law: law(),
    ...change,
  };
}

function made(...dates: readonly string[]): Pick<ContactFacts, 'madeOn'> {
  return { madeOn: (date) => dates.filter((each) => each === date).length };
}

const intent = { channel: 'sms', validUntil: NEXT_WEEK } as const;

describe('a contact with nothing against it', () => {
  test('is allowed, and counts on the debtor’s local day', () => {
    expect(judge(intent, facts(), NOW)).toEqual({ verdict: 'allow', localDate: '2026-04-02' });
    const onKiritimati = facts({ zone: 'Pacific/Kiritimati' });
    expect(judge(intent, onKiritimati, '2026-04-01T23:00:00.000Z')).toEqual({
      verdict: 'allow',
      localDate: '2026-04-02',
    });
  });

  test('is judged by nothing but the facts it is given', () => {
    const given = facts(made('2026-04-02'));
    expect(judge(intent, given, NOW)).toEqual(judge(intent, given, NOW));
  });
});

describe('a contact is denied', () => {
  test.each<[string, Partial<ContactFacts>, readonly string[]]>([
    ['C1 T2: when nothing is due any more', { balance: view(0) }, ['balanceCleared']],
    [
      'when the loan system has closed the loan',
      { balance: view(1, { closed: { at: NOW, reason: 'recalled' } }) },
      ['caseClosed'],
    ],
    ['when the zone is not known', { zone: null }, ['zoneUnknown']],
    ['when the zone is none', { zone: 'Asia/Nowhere' }, ['zoneUnknown']],
    ['when there is no address for the channel', { reach: 'missing' }, ['addressMissing']],
    ['when the calendar lacks the year', { window: WORKDAYS, calendar: calendar({ 2025: {} }) }, ['calendarUnknown']],
    [
      'when no day at all is permitted',
      { window: { ...EVERY_DAY, restDays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] } },
      ['calendarUnknown'],
    ],
  ])('%s', (_why, change, rules) => {
    expect(judge(intent, facts(change), NOW)).toEqual({ verdict: 'deny', rules });
  });

  test.each([
    ['a millisecond before its end', '2026-04-09T01:59:59.999Z', 'allow'],
    ['at its end', '2026-04-09T02:00:00.000Z', 'deny'],
    ['after its end', '2026-04-09T02:00:00.001Z', 'deny'],
  ])('when it comes too late: %s', (_when, now, verdict) => {
    const judged = judge(intent, facts(), now);
    expect(judged.verdict).toBe(verdict);
    if (judged.verdict === 'deny') expect(judged.rules).toEqual(['tooLate']);
  });

  test('for all the reasons there are, in the order of the rules', () => {
    const all = facts({
      balance: view(0, { closed: { at: NOW, reason: 'writtenOff' } }),
      zone: null,
      reach: 'missing',
    });
    const judged = judge(intent, all, NEXT_WEEK);
    expect(judged).toEqual({
      verdict: 'deny',
      rules: ['balanceCleared', 'caseClosed', 'zoneUnknown', 'addressMissing', 'tooLate'],
    });
    expect(CONTACT_RULES.filter((rule) => judged.verdict === 'deny' && judged.rules.includes(rule))).toEqual(
      judged.verdict === 'deny' ? judged.rules : [],
    );
  });

  test('and not put off when it is outside the window of a loan that is paid', () => {
    expect(judge(intent, facts({ balance: view(0) }), taipei('2026-04-02 23:00'))).toEqual({
      verdict: 'deny',
      rules: ['balanceCleared'],
    });
  });
});

describe('outside of the window a contact is put off to the next opening', () => {
  const window = { ...WORKDAYS, restOnHolidays: false };

  test.each([
    ['2026-04-02 08:59:59', '2026-04-02 09:00'],
    ['2026-04-02 20:00:00', '2026-04-03 09:00'],
    ['2026-04-04 20:00:00', '2026-04-06 09:00'],
    ['2026-04-05 12:00:00', '2026-04-06 09:00'],
  ])('%s: to %s', (now, until) => {
    const expected = { verdict: 'defer', until: taipei(until), rules: ['contactWindow'] };
    expect(judge(intent, facts({ window }), taipei(now))).toEqual(expected);
  });

  test('unless that is too late for it', () => {
    const now = taipei('2026-04-02 21:00');
    const judgedUntil = (local: string) => judge({ channel: 'sms', validUntil: taipei(local) }, facts(), now);
    expect(judgedUntil('2026-04-03 09:00')).toEqual({ verdict: 'deny', rules: ['contactWindow', 'tooLate'] });
    expect(judgedUntil('2026-04-03 09:01')).toMatchObject({ verdict: 'defer', until: taipei('2026-04-03 09:00') });
  });
});

describe('when the debtor’s budget of the day is spent a contact is put off', () => {
  test.each<[string, readonly string[], number, string]>([
    ['to the opening of the next day', ['2026-04-02'], 1, '2026-04-03 09:00'],
    ['to the day after, when the next is spent too', ['2026-04-02', '2026-04-03'], 1, '2026-04-04 09:00'],
    ['by a budget of two only after the second', ['2026-04-02', '2026-04-02', '2026-04-03'], 2, '2026-04-03 09:00'],
  ])('%s', (_what, dates, perDebtorPerDay, until) => {
    expect(judge(intent, facts({ ...made(...dates), perDebtorPerDay }), NOW)).toEqual({
      verdict: 'defer',
      until: taipei(until),
      rules: ['debtorBudget'],
    });
  });

  test('to the next permitted day, over a Sunday of rest', () => {
    const spent = facts({ ...made('2026-04-04'), window: WORKDAYS });
    expect(judge(intent, spent, taipei('2026-04-04 10:00'))).toMatchObject({
      until: taipei('2026-04-06 09:00'),
      rules: ['debtorBudget'],
    });
  });

  test('and the rules name the window too when the wish itself was outside of it', () => {
    const judged = judge(intent, facts(made('2026-04-02')), taipei('2026-04-02 06:00'));
    expect(judged).toEqual({
      verdict: 'defer',
      until: taipei('2026-04-03 09:00'),
      rules: ['contactWindow', 'debtorBudget'],
    });
  });

  test('but is allowed with one left', () => {
    expect(judge(intent, facts({ ...made('2026-04-02'), perDebtorPerDay: 2 }), NOW).verdict).toBe('allow');
  });

  test('counts the local day of the debtor, not that of the machine', () => {
    // 23:00 UTC on 1 April is 09:00 on the 2nd in the Line Islands and 12:00 on the 1st in Samoa.
    const at = '2026-04-01T23:00:00.000Z';
    const spent = (zone: string) => judge(intent, facts({ zone, ...made('2026-04-01') }), at).verdict;
    expect(spent('Pacific/Pago_Pago')).toBe('defer');
    expect(spent('Pacific/Kiritimati')).toBe('allow');
  });

  test('unless the next day is too late, or no day before the end has room', () => {
    const short = { channel: 'sms', validUntil: taipei('2026-04-03 00:00') } as const;
    expect(judge(short, facts(made('2026-04-02')), NOW)).toEqual({
      verdict: 'deny',
      rules: ['debtorBudget', 'tooLate'],
    });
    expect(judge(intent, facts({ madeOn: () => 1 }), NOW)).toEqual({
      verdict: 'deny',
      rules: ['debtorBudget', 'tooLate'],
    });
  });

  test('and a year that the calendar lacks does not matter beyond the end of the contact', () => {
    const lastDay = { channel: 'sms', validUntil: taipei('2027-01-01 00:00') } as const;
    const spent = facts({ ...made('2026-12-31'), window: WORKDAYS, calendar: calendar({ 2026: {} }) });
    expect(judge(lastDay, spent, taipei('2026-12-31 10:00'))).toEqual({
      verdict: 'deny',
      rules: ['debtorBudget', 'tooLate'],
    });
  });
});

describe('a verdict on any facts', () => {
  const anyNow = fc.integer({ min: Date.UTC(2026, 2, 1), max: Date.UTC(2026, 10, 1) }).map(instantOf);
  const anyMade = fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

  test('allows only what it would not put off, and what it puts off to is allowed then', () => {
    fc.assert(
      fc.property(anyNow, anyMade, fc.integer({ min: 1, max: 9 }), (now, offsets, validDays) => {
        const dates = offsets.map((offset) => instantOf(Date.parse(now) + offset * DAY_MS).slice(0, 10));
        const wish = { channel: 'email', validUntil: instantOf(Date.parse(now) + validDays * DAY_MS) } as const;
        const given = facts({ ...made(...dates), window: WORKDAYS });
        const judged = judge(wish, given, now);
        const what = `${now} until ${wish.validUntil}, made on ${dates.join()}: ${JSON.stringify(judged)}`;
        if (judged.verdict === 'defer') {
          expect(judged.until > now && judged.until < wish.validUntil, what).toBe(true);
          expect(judge(wish, given, judged.until).verdict, what).toBe('allow');
        }
        if (judged.verdict === 'deny') expect(judged.rules.at(-1), what).toBe('tooLate');
        if (judged.verdict === 'allow') expect(dates, what).not.toContain(judged.localDate);
      }),
      { ...FIXED_SEED, numRuns: 300 },
    );
  });
});

describe('the law that a strategy names', () => {
  const allDay = { window: { from: '00:00', to: '23:59', restDays: [], restOnHolidays: false } } as const;
  const lawful = (pack: string, at: string, change: Partial<ContactFacts> = {}) =>
    judge(intent, facts({ ...allDay, law: law(pack), ...change }), taipei(at));

  test.each([
    ['2026-04-02 21:59:59', { verdict: 'allow', localDate: '2026-04-02' }],
    ['2026-04-02 22:00:00', { verdict: 'defer', until: taipei('2026-04-03 08:00'), rules: ['CN1'] }],
    ['2026-04-03 07:59:59', { verdict: 'defer', until: taipei('2026-04-03 08:00'), rules: ['CN1'] }],
    ['2026-04-03 08:00:00', { verdict: 'allow', localDate: '2026-04-03' }],
  ] as const)('CN1 at %s, half-open, whatever the strategy permits', (at, verdict) => {
    expect(lawful('cn-consumer', at)).toEqual(verdict);
  });

  test('puts a contact off to a day that the budget has room for as well', () => {
    expect(lawful('cn-consumer', '2026-04-02 22:00', made('2026-04-03'))).toEqual({
      verdict: 'defer',
      until: taipei('2026-04-04 08:00'),
      rules: ['CN1', 'debtorBudget'],
    });
  });

  test('refuses what no hour makes lawful: a text message under Regulation F without consent', () => {
    expect(lawful('us-regf', '2026-04-02 12:00')).toEqual({ verdict: 'deny', rules: ['US10'] });
  });

  test('does not bind a strategy that names no pack', () => {
    expect(judge(intent, facts(allDay), taipei('2026-04-02 23:00'))).toEqual({
      verdict: 'allow',
      localDate: '2026-04-02',
    });
  });
});
