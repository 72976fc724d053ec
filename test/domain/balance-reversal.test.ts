import { describe, expect, test } from 'vitest';
import { balanceOf, paidUntil } from '../../domain/balance.ts';
import type { LoanEvent } from '../../domain/events.ts';
import type { Component } from '../../domain/strategy.ts';
import { adjusted, components, dueSoon, overdue, paid, reversed, statement, taipei } from '../support/events.ts';

const ALLOCATION: readonly Component[] = ['penalty', 'interest', 'principal', 'fees'];
const SEEN = taipei('2026-03-29 00:00');
/** NT$100.00 of penalty and NT$900.00 of principal, of a loan of NT$5,000.00. */
const stated = dueSoon(
  SEEN,
  statement({ due: components({ penalty: 10_000, principal: 90_000 }), outstandingMinor: 500_000 }),
);
const on = (day: number) => taipei(`2026-04-${String(day).padStart(2, '0')} 10:00`);

function after(...events: LoanEvent[]) {
  const balance = balanceOf([stated, ...events], { allocation: ALLOCATION });
  if (!balance) throw new Error('There is a statement, so there is a balance.');
  return balance;
}

describe('a payment that is taken back', () => {
  test('before it has cleared the loan is due again', () => {
    const balance = after(paid(on(2), 40_000, 'A'), reversed(on(4), 'A'));
    expect(balance).toEqual(after());
  });

  test('after it has cleared the loan makes the loan overdue anew', () => {
    const balance = after(paid(on(2), 100_000, 'A'), reversed(on(4), 'A'));
    expect(balance).toMatchObject({ overdueMinor: 100_000, paidMinor: 0, outstandingMinor: 500_000, cleared: null });
  });

  test('is cleared by the payment that replaces it, at that payment’s instant', () => {
    const balance = after(paid(on(2), 100_000, 'A'), reversed(on(4), 'A'), paid(on(6), 100_000, 'B'));
    expect(balance).toMatchObject({ paidMinor: 100_000, overpaidMinor: 0, outstandingMinor: 410_000 });
    expect(balance.cleared).toEqual({ at: on(6), outstandingMinor: 410_000 });
  });

  test('leaves its place to a later one, which is allocated anew', () => {
    const balance = after(paid(on(2), 10_000, 'A'), paid(on(3), 30_000, 'B'), reversed(on(4), 'A'));
    expect(balance.due, 'B now pays the penalty first').toEqual(components({ principal: 70_000 }));
  });

  test('of two that each pay the whole leaves the loan clear by the other', () => {
    const double = [paid(on(2), 100_000, 'A'), paid(on(3), 100_000, 'B')];
    expect(after(...double)).toMatchObject({ overpaidMinor: 100_000, outstandingMinor: 310_000 });
    const withoutFirst = after(...double, reversed(on(5), 'A'));
    expect(withoutFirst).toMatchObject({
      overdueMinor: 0,
      overpaidMinor: 0,
      paidMinor: 100_000,
      outstandingMinor: 410_000,
    });
    expect(withoutFirst.cleared?.at, 'what clears the loan now is B').toBe(on(3));
    expect(after(...double, reversed(on(5), 'B')).cleared?.at).toBe(on(2));
  });

  test('of two that pay the whole together leaves the loan overdue by its amount', () => {
    const half = [paid(on(2), 60_000, 'A'), paid(on(3), 40_000, 'B')];
    expect(after(...half, reversed(on(5), 'A'))).toMatchObject({
      overdueMinor: 60_000,
      paidMinor: 40_000,
      cleared: null,
    });
    expect(after(...half, reversed(on(5), 'B'))).toMatchObject({
      overdueMinor: 40_000,
      paidMinor: 60_000,
      cleared: null,
    });
  });

  test('twice is taken back once', () => {
    const once = [paid(on(2), 100_000, 'A'), reversed(on(4), 'A')];
    expect(after(...once, reversed(on(8), 'A'))).toEqual(after(...once));
  });

  test('twice, with a new payment in between, leaves the new one alone', () => {
    const balance = after(
      paid(on(2), 100_000, 'A'),
      reversed(on(4), 'A'),
      paid(on(6), 100_000, 'B'),
      reversed(on(8), 'A'),
    );
    expect(balance).toMatchObject({ overdueMinor: 0, overpaidMinor: 0, cleared: { at: on(6) } });
  });

  test('is out whatever arrives first, and also when the reversal bears an earlier instant', () => {
    const payment = paid(on(2), 100_000, 'A');
    expect(after(reversed(on(4), 'A'), payment)).toEqual(after());
    expect(after(payment, reversed(on(1), 'A'))).toEqual(after());
    expect(after(reversed(on(2), 'A'), payment), 'at one instant').toEqual(after());
  });

  test('and was never received changes nothing', () => {
    expect(after(paid(on(2), 40_000, 'A'), reversed(on(4), 'Z'))).toEqual(after(paid(on(2), 40_000, 'A')));
  });

  test('was overpaid in part: the rest of the loan is owed again too', () => {
    const balance = after(paid(on(2), 150_000, 'A'), reversed(on(4), 'A'));
    expect(balance).toMatchObject({ overdueMinor: 100_000, overpaidMinor: 0, outstandingMinor: 500_000 });
  });

  test('from before an adjustment is out of that as well', () => {
    const balance = after(paid(on(2), 10_000, 'A'), adjusted(on(3), { penalty: -10_000 }), reversed(on(4), 'A'));
    expect(balance.due).toEqual(components({ principal: 90_000 }));
  });
});

describe('a statement between a payment and its reversal counts the payment', () => {
  const payment = paid(on(2), 40_000, 'A');
  const second = statement({ due: components({ principal: 60_000 }), outstandingMinor: 470_000 });

  test('so what it paid is put back on top of the statement', () => {
    const balance = after(payment, overdue(on(3), second), reversed(on(4), 'A'));
    expect(balance.due).toEqual(components({ penalty: 10_000, principal: 90_000 }));
    expect(balance).toMatchObject({ overdueMinor: 100_000, paidMinor: 0, outstandingMinor: 500_000 });
  });

  test('but a statement from after the reversal knows of it', () => {
    const third = statement({ due: components({ principal: 95_000 }), outstandingMinor: 500_000 });
    const balance = after(payment, reversed(on(4), 'A'), overdue(on(5), third));
    expect(balance.due).toEqual(components({ principal: 95_000 }));
  });

  test('and so does one at the very instant of the reversal', () => {
    expect(after(payment, overdue(on(4), second), reversed(on(4), 'A'))).toMatchObject({ overdueMinor: 100_000 });
  });

  test('even if the payment is taken back a second time after it', () => {
    const third = statement({ due: components({ principal: 95_000 }), outstandingMinor: 500_000 });
    const balance = after(payment, reversed(on(4), 'A'), overdue(on(5), third), reversed(on(6), 'A'));
    expect(balance).toMatchObject({ overdueMinor: 95_000 });
  });

  test('also when two statements lie between', () => {
    const third = statement({ due: components({ principal: 60_000, fees: 1_000 }), outstandingMinor: 470_000 });
    const balance = after(payment, overdue(on(3), second), overdue(on(4), third), reversed(on(5), 'A'));
    expect(balance).toMatchObject({ overdueMinor: 101_000, outstandingMinor: 500_000 });
  });

  test('and what later payments paid is allocated anew', () => {
    const balance = after(payment, overdue(on(3), second), paid(on(4), 60_000, 'B'), reversed(on(5), 'A'));
    expect(balance).toMatchObject({ overdueMinor: 40_000, paidMinor: 60_000, overpaidMinor: 0, cleared: null });
  });

  test('two payments that were one too many are not due twice', () => {
    const clear = statement({ due: components(), outstandingMinor: 310_000 });
    const double = [paid(on(1), 100_000, 'A'), paid(on(2), 100_000, 'B'), overdue(on(3), clear)];
    const balance = after(...double, reversed(on(4), 'A'), reversed(on(4), 'B'));
    expect(balance).toMatchObject({ overdueMinor: 100_000, outstandingMinor: 500_000, cleared: null });
  });

  test('from before the first statement it is due again in full, as principal', () => {
    const early = paid(taipei('2026-03-01 10:00'), 25_000, 'A');
    const balance = after(early, reversed(on(4), 'A'));
    expect(balance.due).toEqual(components({ penalty: 10_000, principal: 115_000 }));
    expect(balance.outstandingMinor).toBe(525_000);
  });
});

describe('money received until an instant', () => {
  const events = [paid(on(2), 100, 'A'), paid(on(3), 20, 'B'), reversed(on(5), 'A')];

  test.each([
    [4, 120],
    [5, 20],
    [6, 20],
  ])('leaves out what was taken back by %d April: %d cents', (day, sum) => {
    expect(paidUntil(events, on(day))).toBe(sum);
    expect(paidUntil(events.toReversed(), on(day))).toBe(sum);
  });
});
