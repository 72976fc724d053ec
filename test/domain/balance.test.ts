import { describe, expect, test } from 'vitest';
import { balanceOf, paidUntil } from '../../domain/balance.ts';
import type { LoanEvent } from '../../domain/events.ts';
import type { Component } from '../../domain/strategy.ts';
import { adjusted, closed, components, dueSoon, overdue, paid, statement, taipei } from '../support/events.ts';

const ALLOCATION: readonly Component[] = ['penalty', 'interest', 'principal', 'fees'];
const SEEN = taipei('2026-03-29 00:00');
/** NT$100.00 of penalty, 200.00 of interest, 1,000.00 of principal and 50.00 of fees: 1,350.00 in all. */
const DUE = components({ penalty: 10_000, interest: 20_000, principal: 100_000, fees: 5_000 });
const stated = dueSoon(SEEN, statement({ due: DUE, outstandingMinor: 900_000 }));

function after(...events: LoanEvent[]) {
  const balance = balanceOf([stated, ...events], { allocation: ALLOCATION });
  if (!balance) throw new Error('There is a statement, so there is a balance.');
  return balance;
}

describe('a statement', () => {
  test('is the balance as long as nothing happens', () => {
    expect(after()).toEqual({
      currency: 'TWD',
      due: DUE,
      overdueMinor: 135_000,
      paidMinor: 0,
      overpaidMinor: 0,
      outstandingMinor: 900_000,
      cleared: null,
      closed: null,
    });
  });

  test('is what makes a debt: without one there is no balance', () => {
    expect(balanceOf([], { allocation: ALLOCATION })).toBeNull();
    expect(balanceOf([paid(taipei('2026-04-01 10:00'), 100)], { allocation: ALLOCATION })).toBeNull();
    expect(balanceOf([closed(taipei('2026-04-01 10:00'), 'recalled')], { allocation: ALLOCATION })).toBeNull();
  });

  test('of nothing due is clear from its own instant on', () => {
    const clear = balanceOf([dueSoon(SEEN, statement({ due: components() }))], { allocation: ALLOCATION });
    expect(clear).toMatchObject({ overdueMinor: 0, cleared: { at: SEEN, outstandingMinor: 2_000_000 } });
  });

  test('counts the payments from before it already', () => {
    expect(after(paid(taipei('2026-03-28 23:59'), 10_000)).overdueMinor).toBe(135_000);
  });

  test('comes before a payment at the same instant', () => {
    expect(after(paid(SEEN, 10_000)).overdueMinor).toBe(125_000);
  });

  test('replaces an earlier one, with what was paid in between', () => {
    const again = statement({ due: components({ principal: 70_000 }), outstandingMinor: 800_000 });
    const balance = after(paid(taipei('2026-04-02 10:00'), 65_000), overdue(taipei('2026-04-03 00:00'), again));
    expect(balance).toMatchObject({
      overdueMinor: 70_000,
      paidMinor: 65_000,
      overpaidMinor: 0,
      outstandingMinor: 800_000,
    });
    expect(balance.due).toEqual(components({ principal: 70_000 }));
  });

  test('of nothing due leaves the instant at which a payment cleared the loan', () => {
    const clear = statement({ due: components(), outstandingMinor: 800_000 });
    const balance = after(paid(taipei('2026-04-02 10:00'), 135_000), overdue(taipei('2026-04-05 00:00'), clear));
    expect(balance.cleared).toEqual({ at: taipei('2026-04-02 10:00'), outstandingMinor: 800_000 });
  });

  test('of a new debt ends the clearing, and the next payment clears anew', () => {
    const next = statement({ due: components({ principal: 40_000 }), outstandingMinor: 800_000 });
    const restated = [paid(taipei('2026-04-02 10:00'), 135_000), overdue(taipei('2026-05-01 00:00'), next)];
    expect(after(...restated).cleared).toBeNull();
    expect(after(...restated, paid(taipei('2026-05-02 10:00'), 40_000)).cleared).toEqual({
      at: taipei('2026-05-02 10:00'),
      outstandingMinor: 760_000,
    });
  });
});

describe('a payment', () => {
  test.each<[readonly Component[], Partial<Record<Component, number>>]>([
    [['penalty', 'interest', 'principal', 'fees'], { principal: 95_000, fees: 5_000 }],
    [
      ['principal', 'interest', 'penalty', 'fees'],
      { principal: 65_000, interest: 20_000, penalty: 10_000, fees: 5_000 },
    ],
    [['fees', 'principal', 'penalty', 'interest'], { principal: 70_000, penalty: 10_000, interest: 20_000 }],
    [['interest', 'penalty', 'fees', 'principal'], { principal: 100_000 }],
  ])('of NT$350.00 pays in the order %s', (allocation, left) => {
    const balance = balanceOf([stated, paid(taipei('2026-04-02 10:00'), 35_000)], { allocation });
    expect(balance?.due).toEqual(components(left));
    expect(balance?.overdueMinor).toBe(100_000);
  });

  test('of a cent too little leaves the loan overdue by a cent', () => {
    const balance = after(paid(taipei('2026-04-02 10:00'), 134_999));
    expect(balance).toMatchObject({ overdueMinor: 1, overpaidMinor: 0, cleared: null });
    expect(balance.due).toEqual(components({ fees: 1 }));
  });

  test('of exactly what is due clears the loan at its instant', () => {
    const balance = after(paid(taipei('2026-04-02 10:00'), 135_000));
    expect(balance).toMatchObject({ overdueMinor: 0, overpaidMinor: 0, outstandingMinor: 800_000 });
    expect(balance.cleared).toEqual({ at: taipei('2026-04-02 10:00'), outstandingMinor: 800_000 });
  });

  test('of a cent more clears it too, and the cent pays down the rest of the loan', () => {
    const balance = after(paid(taipei('2026-04-02 10:00'), 135_001));
    expect(balance).toMatchObject({ overdueMinor: 0, overpaidMinor: 1, outstandingMinor: 799_999 });
  });

  test('of the whole loan leaves nothing owed, and more than that is still overpaid', () => {
    const whole = after(paid(taipei('2026-04-02 10:00'), 935_000));
    expect(whole).toMatchObject({ overpaidMinor: 800_000, outstandingMinor: 0 });
    expect(whole.cleared).toEqual({ at: taipei('2026-04-02 10:00'), outstandingMinor: 0 });
    expect(after(paid(taipei('2026-04-02 10:00'), 935_500))).toMatchObject({
      overpaidMinor: 800_500,
      outstandingMinor: 0,
    });
  });

  test('after the clearing leaves the instant of clearing, and what was owed then, as they were', () => {
    const balance = after(paid(taipei('2026-04-02 10:00'), 135_000), paid(taipei('2026-04-09 10:00'), 800_000));
    expect(balance).toMatchObject({ overpaidMinor: 800_000, paidMinor: 935_000, outstandingMinor: 0 });
    expect(balance.cleared).toEqual({ at: taipei('2026-04-02 10:00'), outstandingMinor: 800_000 });
  });

  test('of two that clear together the later one does, however they arrive', () => {
    const [first, second] = [paid(taipei('2026-04-02 10:00'), 100_000), paid(taipei('2026-04-03 10:00'), 35_000)];
    expect(after(second, first).cleared?.at).toBe(taipei('2026-04-03 10:00'));
    expect(after(second, first)).toEqual(after(first, second));
  });
});

describe('an adjustment', () => {
  const on = taipei('2026-04-03 00:00');

  test('adds to what is due, and takes from it', () => {
    expect(after(adjusted(on, { penalty: 2_500, interest: -20_000 })).due).toEqual({
      ...DUE,
      penalty: 12_500,
      interest: 0,
    });
  });

  test('that takes away all that is due clears the loan', () => {
    const waived = after(adjusted(on, { penalty: -10_000, interest: -20_000, principal: -100_000, fees: -5_000 }));
    expect(waived).toMatchObject({ overdueMinor: 0, paidMinor: 0, cleared: { at: on } });
  });

  test('that waives what has been paid pays the rest with it: no cent is lost', () => {
    const balance = after(paid(taipei('2026-04-02 10:00'), 8_000), adjusted(on, { penalty: -10_000 }));
    expect(balance.due).toEqual(components({ interest: 12_000, principal: 100_000, fees: 5_000 }));
    expect(balance.overdueMinor).toBe(135_000 - 8_000 - 10_000);
  });

  test('that waives more than is due is overpaid', () => {
    const balance = after(paid(taipei('2026-04-02 10:00'), 130_000), adjusted(on, { penalty: -10_000 }));
    expect(balance).toMatchObject({ overdueMinor: 0, overpaidMinor: 5_000, cleared: { at: on } });
  });

  test('that adds to a loan that was clear makes it overdue again', () => {
    const balance = after(paid(taipei('2026-04-02 10:00'), 135_000), adjusted(on, { fees: 100 }));
    expect(balance).toMatchObject({ overdueMinor: 100, cleared: null });
  });
});

describe('a closing', () => {
  test.each(['recalled', 'writtenOff'] as const)('by the loan system is kept with its reason, %s', (reason) => {
    const on = taipei('2026-05-01 12:00');
    expect(after(closed(on, reason))).toMatchObject({
      overdueMinor: 135_000,
      cleared: null,
      closed: { at: on, reason },
    });
  });

  test('stays, though the loan system states the debt anew', () => {
    const restated = after(
      closed(taipei('2026-05-01 12:00'), 'recalled'),
      overdue(taipei('2026-05-02 00:00'), statement()),
    );
    expect(restated).toMatchObject({ overdueMinor: 500_000, closed: { reason: 'recalled' } });
  });

  test('stays, whatever is paid later', () => {
    const balance = after(closed(taipei('2026-05-01 12:00'), 'writtenOff'), paid(taipei('2026-06-01 10:00'), 135_000));
    expect(balance.closed?.reason).toBe('writtenOff');
    expect(balance.cleared?.at).toBe(taipei('2026-06-01 10:00'));
  });
});

describe('another currency', () => {
  const mismatch = expect.objectContaining({ code: 'MONEY_CURRENCY_MISMATCH' });
  const on = taipei('2026-04-02 10:00');

  test('is refused in a payment, an adjustment and a second statement', () => {
    const payment: LoanEvent = {
      id: 'p',
      type: 'payment.received',
      timestamp: on,
      data: { loanRef: 'L-1', amountMinor: 1, currency: 'CNY' },
    };
    const change: LoanEvent = {
      id: 'a',
      type: 'loan.adjusted',
      timestamp: on,
      data: { loanRef: 'L-1', currency: 'CNY', change: components(), reason: 'x' },
    };
    expect(() => after(payment)).toThrow(mismatch);
    expect(() => after(change)).toThrow(mismatch);
    expect(() => after(overdue(on, statement({ currency: 'CNY' })))).toThrow(mismatch);
  });

  test('is refused too when an amount is not a whole number of cents', () => {
    expect(() => after(paid(on, 0.5))).toThrow(expect.objectContaining({ code: 'MONEY_NOT_SAFE_INTEGER' }));
  });
});

describe('money received until an instant', () => {
  const events = [stated, paid(taipei('2026-04-02 10:00'), 100), paid(taipei('2026-04-03 10:00'), 20)];

  test.each([
    ['2026-04-02 09:59:59', 0],
    ['2026-04-02 10:00:00', 100],
    ['2026-04-03 09:59:59', 100],
    ['2026-04-03 10:00:00', 120],
  ])('counts payments up to %s, that instant included: %d cents', (until, sum) => {
    expect(paidUntil(events, taipei(until))).toBe(sum);
  });
});
