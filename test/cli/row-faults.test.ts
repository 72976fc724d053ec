import { describe, expect, it } from 'vitest';
import { readPortfolio } from '../../cli/portfolio/read.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import {
  LOAN_HEADER,
  PAYMENT_HEADER,
  ROW_EMAIL,
  ROW_PHONE,
  fileOf,
  loanRow,
  paymentRow,
  withPortfolio,
} from '../support/portfolio-rows.ts';

type LoanCells = NonNullable<Parameters<typeof loanRow>[0]>;
type PaymentCells = NonNullable<Parameters<typeof paymentRow>[0]>;

/** The row stands on line 3 between good ones, which must go on. */
async function rejectsOf(rows: { loan?: string; payment?: string }) {
  const loans = [loanRow(), ...(rows.loan === undefined ? [] : [rows.loan]), loanRow({ loan_id: 'L9' })];
  const payments = [
    paymentRow(),
    ...(rows.payment === undefined ? [] : [rows.payment]),
    paymentRow({ event_id: 'P9' }),
  ];
  const files = { loans: fileOf(LOAN_HEADER, loans), payments: fileOf(PAYMENT_HEADER, payments) };
  const portfolio = await withPortfolio(files, (dir) => readPortfolio(dir, { loans: 'all' }));
  expect(portfolio.loans.map((loan) => loan.statement.loanRef)).toEqual(['L1', 'L9']);
  expect(portfolio.payments.map((payment) => payment.eventId)).toEqual(['P1', 'P9']);
  return portfolio.rejects;
}

describe('a loan with a bad cell is rejected with file, line, column and code', () => {
  const faults: readonly [column: keyof LoanCells, cell: string, code: ErrorCode][] = [
    ['loan_id', '', 'ROW_INVALID'],
    ['loan_id', '=cmd()', 'ROW_INVALID'],
    ['loan_id', 'L'.repeat(65), 'ROW_INVALID'],
    ['borrower_id', 'B 1', 'ROW_INVALID'],
    ['product', '', 'ROW_INVALID'],
    ['product', 'tab\there', 'ROW_INVALID'],
    ['currency', 'twd', 'CURRENCY_UNKNOWN'],
    ['currency', 'XXX', 'CURRENCY_UNKNOWN'],
    ['principal_minor', '', 'MONEY_NOT_SAFE_INTEGER'],
    ['principal_minor', '12.5', 'MONEY_NOT_SAFE_INTEGER'],
    ['principal_minor', '1e5', 'MONEY_NOT_SAFE_INTEGER'],
    ['overdue_minor', '9007199254740992', 'MONEY_NOT_SAFE_INTEGER'],
    ['overdue_minor', 'abc', 'MONEY_NOT_SAFE_INTEGER'],
    ['overdue_minor', '-1', 'ROW_INVALID'],
    ['due_date', '2026-02-30', 'DATE_INVALID'],
    ['due_date', '01/08/2026', 'DATE_INVALID'],
    ['due_date', '1999-12-31', 'DATE_INVALID'],
    ['due_date', '2100-01-01', 'DATE_INVALID'],
    ['credit_limit_minor', '-5', 'ROW_INVALID'],
    ['age', '131', 'ROW_INVALID'],
    ['age', '-1', 'ROW_INVALID'],
    ['education', 'x', 'ROW_INVALID'],
    ['status_history', '0;;1', 'ROW_INVALID'],
    ['bill_history_minor', '0;1.5', 'ROW_INVALID'],
    ['payment_history_minor', ';', 'ROW_INVALID'],
    ['region', '', 'ROW_INVALID'],
    ['latitude', '90.00001', 'ROW_INVALID'],
    ['latitude', 'north', 'ROW_INVALID'],
    ['longitude', '-180.1', 'ROW_INVALID'],
    ['time_zone', 'Mars/Base', 'ZONE_UNKNOWN'],
    ['time_zone', '+08:00', 'ZONE_UNKNOWN'],
    ['language', 'de', 'ROW_INVALID'],
    ['phone', '0903739587', 'ROW_INVALID'],
    ['phone', '+886000000000', 'ROW_INVALID'],
    ['phone', '+88690373958', 'ROW_INVALID'],
    ['phone', '+886 903 739 587', 'ROW_INVALID'],
    ['email', 'ada@example', 'ROW_INVALID'],
    ['email', 'ada example@example.com', 'ROW_INVALID'],
    ['email', `${'a'.repeat(65)}@example.com`, 'ROW_INVALID'],
  ];

  it.each(faults)('%s = "%s"', async (column, cell, code) => {
    const rejects = await rejectsOf({ loan: loanRow({ loan_id: 'L2', [column]: cell }) });
    expect(rejects).toEqual([{ file: 'loans.csv', line: 3, column, code, reason: expect.stringContaining(column) }]);
  });
});

describe('a payment with a bad cell is rejected with file, line, column and code', () => {
  const faults: readonly [column: keyof PaymentCells, cell: string, code: ErrorCode][] = [
    ['event_id', '', 'ROW_INVALID'],
    ['loan_id', 'no such loan', 'ROW_INVALID'],
    ['amount_minor', '1,5', 'ROW_INVALID'],
    ['amount_minor', '10.0', 'MONEY_NOT_SAFE_INTEGER'],
    ['amount_minor', '0', 'ROW_INVALID'],
    ['amount_minor', '-100', 'ROW_INVALID'],
    ['paid_at', '2026-08-02T12:06:05', 'INSTANT_INVALID'],
    ['paid_at', '2026-08-02', 'INSTANT_INVALID'],
    ['paid_at', '2026-02-30T12:06:05+08:00', 'INSTANT_INVALID'],
    ['paid_at', '2026-08-02T25:06:05+08:00', 'INSTANT_INVALID'],
    ['paid_at', '0206-08-02T12:06:05+08:00', 'INSTANT_INVALID'],
  ];

  it.each(faults)('%s = "%s"', async (column, cell, code) => {
    const rejects = await rejectsOf({ payment: paymentRow({ event_id: 'P2', [column]: cell }) });
    const isTorn = cell.includes(',');
    expect(rejects).toEqual([
      { file: 'payments.csv', line: 3, column: isTorn ? '' : column, code, reason: expect.any(String) },
    ]);
  });
});

describe('a broken row costs itself and no other', () => {
  it.each([
    ['too few fields', 'L2,B2', /2 fields; the header has 20/],
    ['too many fields', `${loanRow({ loan_id: 'L2' })},`, /21 fields; the header has 20/],
    ['an open quote', loanRow({ loan_id: 'L2', region: '"Taipei' }), /quote/],
    ['a quote in the middle', loanRow({ loan_id: 'L2', region: 'Tai"pei' }), /quote/],
    ['words after a quote', loanRow({ loan_id: 'L2', region: '"Tai"pei' }), /quote/],
    ['an endless line', loanRow({ loan_id: 'L2', region: 'x'.repeat(70_000) }), /longer than 65536/],
  ])('%s', async (_what, loan, reason) => {
    const rejects = await rejectsOf({ loan });
    expect(rejects).toEqual([
      { file: 'loans.csv', line: 3, column: '', code: 'ROW_INVALID', reason: expect.stringMatching(reason) },
    ]);
  });
});

describe('values at the limits', () => {
  it.each<LoanCells>([
    { overdue_minor: '0' },
    { overdue_minor: '9007199254740991' },
    { due_date: '2000-01-01' },
    { due_date: '2099-12-31' },
    { due_date: '2028-02-29' },
    { age: '0' },
    { age: '130' },
    { latitude: '-90', longitude: '180' },
    { loan_id: 'L'.repeat(64) },
    { status_history: '', bill_history_minor: '', payment_history_minor: '' },
    { phone: '+12025550123' },
    { email: `${'a'.repeat(64)}@example.co.uk` },
  ])('%o is taken', async (cells) => {
    const files = { loans: fileOf(LOAN_HEADER, [loanRow(cells)]) };
    const { loans, rejects } = await withPortfolio(files, (dir) => readPortfolio(dir, { loans: 'all' }));
    expect(rejects).toEqual([]);
    expect(loans).toHaveLength(1);
  });
});

describe('reasons', () => {
  it('never repeat a cell, since a shifted row could hold a phone number anywhere', async () => {
    // Text columns take any words; they are kept as evidence and not sent anywhere.
    const columns = LOAN_HEADER.split(',').filter((column) => column !== 'product' && column !== 'region');
    for (const column of columns) {
      const rejects = await rejectsOf({ loan: loanRow({ loan_id: 'L2', [column]: `${ROW_PHONE} ${ROW_EMAIL}` }) });
      expect(rejects, column).toHaveLength(1);
      expect(JSON.stringify(rejects), column).not.toContain(ROW_PHONE);
      expect(JSON.stringify(rejects), column).not.toContain(ROW_EMAIL);
    }
  });
});
