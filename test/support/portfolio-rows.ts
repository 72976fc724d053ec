import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOAN_COLUMNS, PAYMENT_COLUMNS } from '../../cli/portfolio/rows.ts';

type LoanColumn = (typeof LOAN_COLUMNS)[number];
type PaymentColumn = (typeof PAYMENT_COLUMNS)[number];

/** Phone and e-mail of every loan row made here, so that tests can look for them where they must not be. */
export const ROW_PHONE = '+886903739587';
export const ROW_EMAIL = 'ada@example.com';

const LOAN: Readonly<Record<LoanColumn, string>> = {
  loan_id: 'L1',
  borrower_id: 'B1',
  product: 'credit-card',
  currency: 'TWD',
  principal_minor: '310200',
  overdue_minor: '100000',
  due_date: '2026-08-01',
  credit_limit_minor: '2000000',
  age: '24',
  education: '2',
  status_history: '-2;-1',
  bill_history_minor: '0;68900',
  payment_history_minor: '0;0',
  region: 'Taichung',
  latitude: '24.16962',
  longitude: '120.73376',
  time_zone: 'Asia/Taipei',
  language: 'zh',
  phone: ROW_PHONE,
  email: ROW_EMAIL,
};

const PAYMENT: Readonly<Record<PaymentColumn, string>> = {
  event_id: 'P1',
  loan_id: 'L1',
  amount_minor: '68900',
  paid_at: '2026-08-02T12:06:05+08:00',
};

export const LOAN_HEADER = LOAN_COLUMNS.join(',');
export const PAYMENT_HEADER = PAYMENT_COLUMNS.join(',');

/** A good row of `loans.csv`, but for what is given. */
export function loanRow(cells: Partial<Record<LoanColumn, string>> = {}): string {
  return LOAN_COLUMNS.map((column) => cells[column] ?? LOAN[column]).join(',');
}

/** A good row of `payments.csv`, but for what is given. */
export function paymentRow(cells: Partial<Record<PaymentColumn, string>> = {}): string {
  return PAYMENT_COLUMNS.map((column) => cells[column] ?? PAYMENT[column]).join(',');
}

/** A file with a header and rows. */
export function fileOf(header: string, rows: readonly string[]): string {
  return [header, ...rows, ''].join('\n');
}

/** Runs a test with a portfolio folder of its own; a file that is not given has no rows. */
export async function withPortfolio<T>(
  files: { loans?: string | Uint8Array; payments?: string | Uint8Array },
  run: (dir: string) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'kept-portfolio-'));
  try {
    writeFileSync(join(dir, 'loans.csv'), files.loans ?? fileOf(LOAN_HEADER, []));
    writeFileSync(join(dir, 'payments.csv'), files.payments ?? fileOf(PAYMENT_HEADER, []));
    return await run(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}
