import { describe, expect, test } from 'vitest';
import type { PenaltyInterest } from '../../domain/accrual.ts';
import type { FrozenRange } from '../../domain/accrual-days.ts';
import { balanceOf } from '../../domain/balance.ts';
import type { LoanEvent } from '../../domain/events.ts';
import {
  adjusted,
  closed,
  components,
  dueSoon,
  overdue,
  paid,
  reversed,
  statement,
  taipei,
} from '../support/events.ts';

/** 14.60 % a year: four hundredths of a percent a day, so NT$5,000.00 cost NT$2.00 a day. */
const TERMS: PenaltyInterest = { yearlyBasisPoints: 1460, on: 'principal', fromDay: 1 };
const STATED = dueSoon(taipei('2026-03-29 00:00'), statement(), 'S');

interface Given {
  readonly terms?: Partial<PenaltyInterest>;
  readonly frozen?: readonly FrozenRange[];
  readonly allocation?: readonly ('penalty' | 'interest' | 'principal' | 'fees')[];
}

/** What is due as of a day, or right after the last event. The loan of NT$5,000.00 is due on 1 April 2026. */
function dueOn(
  asOfOn: string | undefined,
  events: readonly LoanEvent[] = [],
  { terms = {}, frozen = [], allocation = ['penalty', 'interest', 'principal', 'fees'] }: Given = {},
  stated: LoanEvent = STATED,
) {
  const balance = balanceOf(
    [stated, ...events],
    { allocation, penaltyInterest: { ...TERMS, ...terms }, frozen },
    asOfOn,
  );
  if (!balance) throw new Error('There is a statement, so there is a balance.');
  return balance;
}

const penaltyOn = (...given: Parameters<typeof dueOn>) => dueOn(...given).due.penalty;

describe('Penalty interest by the day', () => {
  test.each([
    ['2026-03-30', 0],
    ['2026-04-01', 0],
    ['2026-04-02', 2_00],
    ['2026-04-03', 4_00],
    ['2026-05-01', 60_00],
    ['2027-04-01', 730_00],
    ['2028-04-01', 1_460_00],
  ])('as of %s it comes to %i', (asOfOn, penaltyMinor) => {
    const { due, overdueMinor } = dueOn(asOfOn);
    expect(due).toEqual(components({ principal: 500_000, penalty: penaltyMinor }));
    expect(overdueMinor).toBe(500_000 + penaltyMinor);
  });

  test.each([
    [1, '2026-04-01', 0],
    [1, '2026-04-02', 2_00],
    [4, '2026-04-04', 0],
    [4, '2026-04-05', 2_00],
    [4, '2026-04-06', 4_00],
  ])('from day %i on: as of %s it comes to %i, and the days before are not made up for', (fromDay, asOfOn, minor) => {
    expect(penaltyOn(asOfOn, [], { terms: { fromDay } })).toBe(minor);
  });

  test('without terms nothing accrues, whatever the day', () => {
    const allocation = ['penalty', 'interest', 'principal', 'fees'] as const;
    expect(balanceOf([STATED], { allocation }, '2027-04-01')).toEqual(balanceOf([STATED], { allocation }));
  });

  test('is rounded down on the running total: three days of a third of a cent are one cent', () => {
    // NT$83.34 × 14.60 % / 365 = 3.3336 cents a day.
    const small = dueSoon(taipei('2026-03-29 00:00'), statement({ due: components({ principal: 83_34 }) }), 'S');
    const days = ['2026-04-02', '2026-04-03', '2026-04-04', '2026-04-05'];
    expect(days.map((day) => penaltyOn(day, [], {}, small))).toEqual([3, 6, 10, 13]);
  });

  test('is charged on principal, or on principal and interest, never on penalty or fees', () => {
    const due = components({ principal: 500_000, interest: 250_000, penalty: 1_000_000, fees: 1_000_000 });
    const stated = dueSoon(taipei('2026-03-29 00:00'), statement({ due }), 'S');
    expect(penaltyOn('2026-04-02', [], {}, stated)).toBe(1_000_000 + 2_00);
    expect(penaltyOn('2026-04-02', [], { terms: { on: 'principalAndInterest' } }, stated)).toBe(1_000_000 + 3_00);
  });

  test('stands still while it is frozen', () => {
    const frozen = [
      { from: '2026-04-10', to: '2026-04-20' },
      { from: '2026-04-05', to: '2026-04-15' },
    ];
    const days = ['2026-04-04', '2026-04-05', '2026-04-19', '2026-04-20', '2026-04-21'];
    expect(days.map((day) => penaltyOn(day, [], { frozen }))).toEqual([6_00, 6_00, 6_00, 8_00, 10_00]);
  });

  test('stands still in a zone that nobody knows, and once the loan is closed', () => {
    const nowhere = statement({ debtor: { ...statement().debtor, zone: 'Mars/Olympus' } });
    expect(penaltyOn('2026-05-01', [], {}, dueSoon(taipei('2026-03-29 00:00'), nowhere, 'S'))).toBe(0);
    expect(penaltyOn('2026-05-01', [closed(taipei('2026-04-03 12:00'), 'recalled')])).toBe(4_00);
  });

  test('counts the debtor’s days: at the same instant it is a day later in Auckland than in Los Angeles', () => {
    const inZone = (zone: string) => {
      const at = taipei('2026-03-29 00:00');
      const stated = dueSoon(at, statement({ debtor: { ...statement().debtor, zone } }), 'S');
      return dueOn(undefined, [adjusted(taipei('2026-04-03 01:00'), {})], {}, stated).due.penalty;
    };
    expect([inZone('Pacific/Auckland'), inZone('Asia/Taipei'), inZone('America/Los_Angeles')]).toEqual([
      4_00, 4_00, 2_00,
    ]);
  });
});

describe('Late fees', () => {
  const lateFee = { amountMinor: 200_00, onDay: 3, everyDays: 30, atMostTimes: 3 };
  const feesOn = (asOfOn: string, events: LoanEvent[] = [], frozen: FrozenRange[] = []) =>
    dueOn(asOfOn, events, { terms: { lateFee }, frozen }).due.fees;

  test.each([
    ['2026-04-03', 0],
    ['2026-04-04', 200_00],
    ['2026-05-03', 200_00],
    ['2026-05-04', 400_00],
    ['2026-06-02', 400_00],
    ['2026-06-03', 600_00],
    ['2026-12-31', 600_00],
  ])('come on their days, and no more often than is said: as of %s %i', (asOfOn, fees) => {
    expect(feesOn(asOfOn)).toBe(fees);
  });

  test('are left out, not put off, when their day is frozen', () => {
    const frozen = [{ from: '2026-05-04', to: '2026-05-05' }];
    expect([feesOn('2026-05-05', [], frozen), feesOn('2026-06-03', [], frozen)]).toEqual([200_00, 400_00]);
  });

  test('are no more charged once the principal is paid, even when a penalty is left', () => {
    const allocation = ['principal', 'interest', 'penalty', 'fees'] as const;
    const { due } = dueOn('2026-12-31', [paid(taipei('2026-04-03 10:00'), 500_000)], {
      terms: { lateFee },
      allocation,
    });
    expect(due).toEqual(components({ penalty: 4_00 }));
  });
});

describe('What happens meanwhile', () => {
  test('a payment pays the penalty up to its own day, and the next day costs less', () => {
    const events = [paid(taipei('2026-04-11 10:00'), 250_000)];
    expect(dueOn(undefined, events).due).toEqual(components({ principal: 500_000 - (250_000 - 20_00) }));
    // NT$2,520.00 at four hundredths of a percent.
    expect(penaltyOn('2026-04-12', events)).toBe(1_00);
    expect(penaltyOn('2026-04-13', events)).toBe(2_01);
  });

  test('a payment on the due date costs nothing; of the amount stated on the day after, NT$2.00 are left', () => {
    expect(dueOn('2026-05-01', [paid(taipei('2026-04-01 23:59'), 500_000)]).overdueMinor).toBe(0);
    const late = dueOn('2026-05-01', [paid(taipei('2026-04-02 00:01'), 500_000)]);
    expect(late).toMatchObject({ overdueMinor: 2_00 + 2, cleared: null, due: { principal: 2_00 } });
    // At the first instant of the day the payment comes before the day is charged.
    expect(dueOn('2026-05-01', [paid(taipei('2026-04-02 00:00'), 500_000)]).overdueMinor).toBe(0);
  });

  test('a payment that is taken back counts as if it had never been, and what it had spared is owed again', () => {
    const payment = paid(taipei('2026-04-11 10:00'), 500_000, 'P');
    const back = reversed(taipei('2026-04-21 10:00'), 'P');
    expect(dueOn(undefined, [payment, back]).due).toEqual(dueOn('2026-04-21').due);
    expect(dueOn('2026-05-01', [back, payment]).due).toEqual(dueOn('2026-05-01').due);
  });

  test('an adjustment takes a penalty back that was charged in error, and what was paid of it pays the rest', () => {
    const waived = adjusted(taipei('2026-04-11 12:00'), { penalty: -20_00 });
    expect(dueOn(undefined, [waived]).due).toEqual(components({ principal: 500_000 }));
    expect(penaltyOn('2026-04-12', [waived])).toBe(2_00);
    const paidBefore = paid(taipei('2026-04-11 10:00'), 20_00);
    expect(dueOn(undefined, [paidBefore, waived]).due).toEqual(components({ principal: 480_00 + 4_500_00 }));
  });

  test('a new statement says what the penalty has come to; Kept reckons on from there', () => {
    const restated = (at: string) =>
      overdue(taipei(at), statement({ due: components({ principal: 500_000, penalty: 7_77 }) }), 'S2');
    expect(penaltyOn('2026-04-11', [restated('2026-04-11 15:00')])).toBe(7_77);
    expect(penaltyOn('2026-04-12', [restated('2026-04-11 15:00')])).toBe(9_77);
    // One of the first instant of a day knows nothing of that day.
    expect(penaltyOn('2026-04-11', [restated('2026-04-11 00:00')])).toBe(9_77);
  });
});
