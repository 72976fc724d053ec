import { describe, expect, test } from 'vitest';
import { CHARACTERISTICS, type CharacteristicId } from '../../../domain/score/characteristics.ts';
import type { LoanFacts } from '../../../domain/score/loan-facts.ts';
import { factsWith } from '../../support/scoring.ts';

const NEW_ACCOUNT = { statuses: [], billsMinor: [], paymentsMinor: [] };

function measured(id: CharacteristicId, facts: Partial<LoanFacts> = {}) {
  return CHARACTERISTICS[id].measure(factsWith(facts));
}

describe('an account with a history', () => {
  test.each<[CharacteristicId, number]>([
    ['overdueAmountKnownAccount', 100_000],
    ['overdueToBalanceKnownAccount', 0.25],
    ['utilisationKnownAccount', 0.4],
    ['lastBillAfterFullPayment', 2.5],
    ['balanceToLastBill', 1.6],
    ['creditLimit', 1_000_000],
    ['lastStatus', -1],
    ['worstStatus', 0],
    ['monthsPaidInFull', 1],
    ['monthsPartPaid', 2],
    ['monthsWithoutPayment', 1],
    ['monthsCovered', 1],
    ['smallestPaymentToOverdue', 0],
    ['averagePaymentToOverdue', 250_000 / 3 / 100_000],
    // 0 against the bill of 300,000 and 200,000 against that of 200,000.
    ['paidToBilled', 0.4],
    ['monthsOfHistory', 3],
    ['earlierLoans', 0],
  ])('%s is %d', (id, value) => {
    expect(measured(id)).toBeCloseTo(value, 12);
  });

  test('what is for new accounts does not apply to it', () => {
    expect(measured('overdueAmountNewAccount')).toBeUndefined();
    expect(measured('utilisationNewAccount')).toBeUndefined();
    expect(measured('lastBillAfterPartPayment')).toBeUndefined();
  });
});

describe('a new account', () => {
  test.each<CharacteristicId>([
    'balanceToLastBill',
    'lastStatus',
    'worstStatus',
    'monthsPaidInFull',
    'monthsWithoutPayment',
    'monthsCovered',
    'smallestPaymentToOverdue',
    'averagePaymentToOverdue',
    'paidToBilled',
  ])('%s is not known', (id) => {
    expect(measured(id, NEW_ACCOUNT)).toBeNull();
  });

  test('has no history, and what is for known accounts does not apply to it', () => {
    expect(measured('monthsOfHistory', NEW_ACCOUNT)).toBe(0);
    expect(measured('overdueAmountNewAccount', NEW_ACCOUNT)).toBe(100_000);
    expect(measured('overdueAmountKnownAccount', NEW_ACCOUNT)).toBeUndefined();
    expect(measured('lastBillAfterFullPayment', NEW_ACCOUNT)).toBeUndefined();
  });
});

describe('short and odd histories', () => {
  test('one month has no earlier bill to pay', () => {
    expect(measured('paidToBilled', { billsMinor: [100], paymentsMinor: [50] })).toBeNull();
  });

  test('a bill in the borrower’s favour is no divisor', () => {
    expect(measured('balanceToLastBill', { billsMinor: [-5_000] })).toBeNull();
    expect(measured('balanceToLastBill', { billsMinor: [0] })).toBeNull();
  });

  test('nothing overdue, no balance and no limit are no divisors', () => {
    const facts = { overdueMinor: 0, principalMinor: 0, creditLimitMinor: 0 };
    expect(measured('smallestPaymentToOverdue', facts)).toBeNull();
    expect(measured('overdueToBalanceKnownAccount', facts)).toBeNull();
    expect(measured('utilisationKnownAccount', facts)).toBeNull();
  });
});
