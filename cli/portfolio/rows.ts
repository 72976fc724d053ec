import type { Statement } from '../../domain/events.ts';
import { NOTHING_DUE } from '../../domain/events.ts';
import type { Instant } from '../../domain/instant.ts';
import {
  currencyCell,
  dateCell,
  degreesCell,
  emailCell,
  historyCell,
  instantCell,
  languageCell,
  minorCell,
  phoneCell,
  refCell,
  textCell,
  wholeNumberCell,
  zoneCell,
} from './cells.ts';
import type { Row } from './table.ts';

/** A loan as the loan system exported it. */
export interface PortfolioLoan {
  readonly statement: Statement;
  /** Line in `loans.csv`. */
  readonly line: number;
}

/** A payment as the loan system exported it, in the currency of its loan. */
export interface PortfolioPayment {
  readonly eventId: string;
  readonly loanRef: string;
  readonly amountMinor: number;
  readonly paidAt: Instant;
  /** Line in `payments.csv`. */
  readonly line: number;
}

/** Columns of `loans.csv`; each must be there, in any order. */
export const LOAN_COLUMNS = [
  'loan_id',
  'borrower_id',
  'product',
  'currency',
  'principal_minor',
  'overdue_minor',
  'due_date',
  'credit_limit_minor',
  'age',
  'education',
  'status_history',
  'bill_history_minor',
  'payment_history_minor',
  'region',
  'latitude',
  'longitude',
  'time_zone',
  'language',
  'phone',
  'email',
] as const;

/** Columns of `payments.csv`; each must be there, in any order. */
export const PAYMENT_COLUMNS = ['event_id', 'loan_id', 'amount_minor', 'paid_at'] as const;

const AGE = { from: 0, to: 130 };
/** The source's table uses codes that its own description leaves out, so every small code is kept. */
const EDUCATION_CODE = { from: 0, to: 99 };

/** @throws RowFault */
export function loanOf(row: Row): PortfolioLoan {
  const loanRef = refCell(row, 'loan_id');
  const debtorRef = refCell(row, 'borrower_id');
  const product = textCell(row, 'product');
  const currency = currencyCell(row, 'currency');
  const outstandingMinor = minorCell(row, 'principal_minor');
  // The file does not say what the overdue amount is made of.
  const due = { ...NOTHING_DUE, principal: minorCell(row, 'overdue_minor') };
  const dueOn = dateCell(row, 'due_date');
  const snapshot = {
    credit_limit_minor: minorCell(row, 'credit_limit_minor'),
    age: wholeNumberCell(row, 'age', AGE),
    education: wholeNumberCell(row, 'education', EDUCATION_CODE),
    status_history: historyCell(row, 'status_history'),
    bill_history_minor: historyCell(row, 'bill_history_minor'),
    payment_history_minor: historyCell(row, 'payment_history_minor'),
    region: textCell(row, 'region'),
    latitude: degreesCell(row, 'latitude', 90),
    longitude: degreesCell(row, 'longitude', 180),
  };
  const zone = zoneCell(row, 'time_zone');
  const language = languageCell(row, 'language');
  const phone = phoneCell(row, 'phone');
  const email = emailCell(row, 'email');
  const debtor = {
    debtorRef,
    zone,
    language,
    ...(phone === undefined ? {} : { phone }),
    ...(email === undefined ? {} : { email }),
    pushId: `app-${debtorRef}`,
  };
  return {
    statement: { loanRef, debtor, product, currency, dueOn, due, outstandingMinor, snapshot },
    line: row.line,
  };
}

/** @throws RowFault */
export function paymentOf(row: Row): PortfolioPayment {
  return {
    eventId: refCell(row, 'event_id'),
    loanRef: refCell(row, 'loan_id'),
    amountMinor: minorCell(row, 'amount_minor', 1),
    paidAt: instantCell(row, 'paid_at'),
    line: row.line,
  };
}
