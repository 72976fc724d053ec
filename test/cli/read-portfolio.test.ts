import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPortfolio } from '../../cli/portfolio/read.ts';
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

const EXAMPLE = join(import.meta.dirname, '../../examples/portfolio');
const all = { loans: 'all' } as const;

function readRows(loans: readonly string[], payments: readonly string[] = []) {
  return withPortfolio({ loans: fileOf(LOAN_HEADER, loans), payments: fileOf(PAYMENT_HEADER, payments) }, (dir) =>
    readPortfolio(dir, all),
  );
}

describe('good rows', () => {
  it('become statements, with everything due as principal and the rest as evidence', async () => {
    const { loans, payments, rejects } = await readRows([loanRow()], [paymentRow()]);
    expect(rejects).toEqual([]);
    expect(loans).toEqual([
      {
        line: 2,
        statement: {
          loanRef: 'L1',
          debtor: {
            debtorRef: 'B1',
            zone: 'Asia/Taipei',
            language: 'zh',
            phone: ROW_PHONE,
            email: ROW_EMAIL,
            pushId: 'app-B1',
          },
          product: 'credit-card',
          currency: 'TWD',
          dueOn: '2026-08-01',
          due: { penalty: 0, interest: 0, principal: 100_000, fees: 0 },
          outstandingMinor: 310_200,
          snapshot: {
            credit_limit_minor: 2_000_000,
            age: 24,
            education: 2,
            status_history: '-2;-1',
            bill_history_minor: '0;68900',
            payment_history_minor: '0;0',
            region: 'Taichung',
            latitude: 24.16962,
            longitude: 120.73376,
          },
        },
      },
    ]);
    expect(payments).toEqual([
      { eventId: 'P1', loanRef: 'L1', amountMinor: 68_900, paidAt: '2026-08-02T04:06:05.000Z', line: 2 },
    ]);
  });

  it('may lack an address, which closes a channel and not the case', async () => {
    const { loans, rejects } = await readRows([loanRow({ phone: '', email: '' })]);
    expect(rejects).toEqual([]);
    expect(loans[0]?.statement.debtor).toEqual({
      debtorRef: 'B1',
      zone: 'Asia/Taipei',
      language: 'zh',
      pushId: 'app-B1',
    });
  });

  it('are read from a file with a byte order mark, CRLF, blank lines, quotes, extra columns and another order', async () => {
    const loans = `\uFEFF${LOAN_HEADER},note\r\n\r\n${loanRow({ region: '"New ""T"", Taipei"' })},x\r\n`;
    const payments = 'paid_at,loan_id,amount_minor,event_id\r\n2026-08-02T04:06Z,L1,100,P1';
    const portfolio = await withPortfolio({ loans, payments }, (dir) => readPortfolio(dir, all));
    expect(portfolio.rejects).toEqual([]);
    expect(portfolio.loans[0]?.line).toBe(3);
    expect(portfolio.loans[0]?.statement.snapshot?.['region']).toBe('New "T", Taipei');
    expect(portfolio.payments[0]?.amountMinor).toBe(100);
  });
});

describe('the example portfolio', () => {
  it('has 200 loans and no bad row', async () => {
    const { loans, payments, rejects, repeatedRows } = await readPortfolio(EXAMPLE, all);
    expect([loans.length, payments.length, rejects.length, repeatedRows]).toEqual([200, 345, 0, 0]);
    expect(new Set(loans.map((loan) => loan.statement.debtor.debtorRef)).size).toBe(174);
  });

  it('has every due date and five borrowers with several loans among its first 40 loans', async () => {
    const { loans, payments } = await readPortfolio(EXAMPLE, { loans: 40 });
    const refs = new Set(loans.map((loan) => loan.statement.loanRef));
    const borrowers = loans.map((loan) => loan.statement.debtor.debtorRef);
    const several = new Set(borrowers.filter((ref, index) => borrowers.indexOf(ref) !== index));
    expect(refs.size).toBe(40);
    expect(several.size).toBe(5);
    expect(new Set(loans.map((loan) => loan.statement.dueOn)).size).toBe(6);
    expect(payments.every((payment) => refs.has(payment.loanRef))).toBe(true);
  });

  it('reads the same twice', async () => {
    expect(await readPortfolio(EXAMPLE, all)).toEqual(await readPortfolio(EXAMPLE, all));
  });
});

describe('a limit of loans', () => {
  const loans = [
    loanRow({ age: 'x' }),
    loanRow({ loan_id: 'L2' }),
    loanRow({ loan_id: 'L3' }),
    loanRow({ loan_id: 'L4' }),
  ];
  const payments = [
    paymentRow({ event_id: 'P2', loan_id: 'L2' }),
    paymentRow({ event_id: 'P4', loan_id: 'L4' }),
    paymentRow({ event_id: 'P5', loan_id: 'L5' }),
  ];

  it('takes the first good loans with their payments; loans beyond it are known, others are not', async () => {
    const portfolio = await withPortfolio(
      { loans: fileOf(LOAN_HEADER, loans), payments: fileOf(PAYMENT_HEADER, payments) },
      (dir) => readPortfolio(dir, { loans: 2 }),
    );
    expect(portfolio.loans.map((loan) => loan.statement.loanRef)).toEqual(['L2', 'L3']);
    expect(portfolio.payments.map((payment) => payment.eventId)).toEqual(['P2']);
    expect(portfolio.rejects.map(({ file, line }) => `${file}:${line}`)).toEqual(['loans.csv:2', 'payments.csv:4']);
  });
});

describe('rows that come twice', () => {
  it('are ignored when they say the same, and counted', async () => {
    const later = paymentRow({ paid_at: '2026-08-02T04:06:05Z' });
    const { loans, payments, rejects, repeatedRows } = await readRows([loanRow(), loanRow()], [paymentRow(), later]);
    expect([loans.length, payments.length, rejects.length, repeatedRows]).toEqual([1, 1, 0, 2]);
  });

  it('are rejected when they say something else; the first stays', async () => {
    const { loans, payments, rejects } = await readRows(
      [loanRow(), loanRow({ age: '25' })],
      [paymentRow(), paymentRow({ amount_minor: '1' })],
    );
    expect(loans[0]?.statement.snapshot?.['age']).toBe(24);
    expect(payments[0]?.amountMinor).toBe(68_900);
    expect(rejects.map(({ file, line, column, code }) => [file, line, column, code])).toEqual([
      ['loans.csv', 3, 'loan_id', 'LOAN_CONFLICT'],
      ['payments.csv', 3, 'event_id', 'EVENT_CONFLICT'],
    ]);
  });
});

describe('payments without their loan', () => {
  it('are rejected, and say whether the loan is unknown or was itself rejected', async () => {
    const { rejects } = await readRows(
      [loanRow({ overdue_minor: '1.5' }), `${loanRow({ loan_id: 'L2' })},one field too many`],
      [paymentRow(), paymentRow({ event_id: 'P2', loan_id: 'L2' }), paymentRow({ event_id: 'P3', loan_id: 'L3' })],
    );
    const own = "The loan's own row in loans.csv was rejected.";
    expect(
      rejects.filter(({ file }) => file === 'payments.csv').map(({ line, code, reason }) => [line, code, reason]),
    ).toEqual([
      [2, 'LOAN_UNKNOWN', own],
      [3, 'LOAN_UNKNOWN', own],
      [4, 'LOAN_UNKNOWN', 'loans.csv has no loan with this loan_id.'],
    ]);
  });
});

describe('files that cannot be used', () => {
  const cases: readonly [what: string, files: Parameters<typeof withPortfolio>[0], message: RegExp][] = [
    ['an empty file', { loans: '' }, /^loans\.csv is empty\.$/],
    ['blank lines alone', { loans: '\n\n' }, /^loans\.csv is empty\.$/],
    [
      'missing columns',
      { payments: 'event_id,loan_id\nP1,L1\n' },
      /^payments\.csv, line 1: no column amount_minor, paid_at\.$/,
    ],
    ['a column twice', { payments: `${PAYMENT_HEADER},paid_at\n` }, /line 1: two columns have the same name/],
    ['a broken header', { payments: `"${PAYMENT_HEADER}\n` }, /line 1: A quote is not closed/],
    ['UTF-16', { loans: Buffer.from(LOAN_HEADER, 'utf16le') }, /line 1: no column/],
  ];

  it.each(cases)('%s', async (_what, files, message) => {
    const reading = withPortfolio(files, (dir) => readPortfolio(dir, all));
    await expect(reading).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringMatching(message) });
  });

  it('a folder without the files', async () => {
    await expect(readPortfolio(join(EXAMPLE, 'nowhere'), all)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(/loans\.csv cannot be read: there is no such file\.$/),
    });
  });
});
