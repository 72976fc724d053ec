import { join } from 'node:path';
import { type Reject, RowFault, rejectOf } from './rejects.ts';
import { LOAN_COLUMNS, PAYMENT_COLUMNS, type PortfolioLoan, type PortfolioPayment, loanOf, paymentOf } from './rows.ts';
import { rowsOf } from './table.ts';

export const LOANS_FILE = 'loans.csv';
export const PAYMENTS_FILE = 'payments.csv';

/** What a portfolio folder holds. Every row is in `loans` or `payments`, rejected, repeated, or beyond the limit. */
export interface Portfolio {
  /** In file order. */
  readonly loans: readonly PortfolioLoan[];
  /** In file order, which is not the order of time; only those of `loans`. */
  readonly payments: readonly PortfolioPayment[];
  readonly rejects: readonly Reject[];
  /** Rows that say again what an earlier row with their id said. */
  readonly repeatedRows: number;
}

/** The rows of one file so far, by id. */
interface Intake<T> {
  readonly taken: Map<string, T>;
  readonly rejects: Reject[];
  repeatedRows: number;
}

/**
 * Reads and checks `loans.csv` and `payments.csv` of a folder. The whole files are checked; the limit only says how many
 * good loans, in file order, come back with their payments.
 * @throws FILE_UNREADABLE when a file cannot be read, is empty or lacks a column; a bad row is rejected, not thrown.
 */
export async function readPortfolio(dir: string, limit: { readonly loans: number | 'all' }): Promise<Portfolio> {
  const loans = await readLoans(join(dir, LOANS_FILE));
  const payments = await readPayments(join(dir, PAYMENTS_FILE), loans);
  const chosen = [...loans.taken.values()].slice(0, limit.loans === 'all' ? undefined : limit.loans);
  const chosenRefs = new Set(chosen.map((loan) => loan.statement.loanRef));
  return {
    loans: chosen,
    payments: [...payments.taken.values()].filter((payment) => chosenRefs.has(payment.loanRef)),
    rejects: [...loans.rejects, ...payments.rejects],
    repeatedRows: loans.repeatedRows + payments.repeatedRows,
  };
}

interface LoanIntake extends Intake<PortfolioLoan> {
  /** Ids of rejected rows, so that their payments can say why they are rejected too. */
  readonly rejectedRefs: Set<string>;
}

async function readLoans(path: string): Promise<LoanIntake> {
  const intake: LoanIntake = { taken: new Map(), rejects: [], repeatedRows: 0, rejectedRefs: new Set() };
  for await (const row of rowsOf(path, LOAN_COLUMNS)) {
    try {
      const loan = loanOf(row);
      take(intake, 'loan_id', loan.statement.loanRef, loan);
    } catch (error) {
      intake.rejects.push(rejectOf(LOANS_FILE, row.line, error));
      intake.rejectedRefs.add(row.glimpse('loan_id'));
    }
  }
  return intake;
}

async function readPayments(path: string, loans: LoanIntake): Promise<Intake<PortfolioPayment>> {
  const intake: Intake<PortfolioPayment> = { taken: new Map(), rejects: [], repeatedRows: 0 };
  for await (const row of rowsOf(path, PAYMENT_COLUMNS)) {
    try {
      const payment = paymentOf(row);
      assertLoan(payment.loanRef, loans);
      take(intake, 'event_id', payment.eventId, payment);
    } catch (error) {
      intake.rejects.push(rejectOf(PAYMENTS_FILE, row.line, error));
    }
  }
  return intake;
}

/** @throws RowFault when the id was taken by a row with other content. */
function take<T extends { readonly line: number }>(intake: Intake<T>, column: string, id: string, row: T): void {
  const first = intake.taken.get(id);
  if (first === undefined) {
    intake.taken.set(id, row);
  } else if (JSON.stringify({ ...row, line: first.line }) === JSON.stringify(first)) {
    intake.repeatedRows += 1;
  } else {
    const code = column === 'loan_id' ? 'LOAN_CONFLICT' : 'EVENT_CONFLICT';
    throw new RowFault(code, column, `Line ${first.line} has the same ${column} with other content.`);
  }
}

/** @throws RowFault */
function assertLoan(loanRef: string, loans: LoanIntake): void {
  if (loans.taken.has(loanRef)) return;
  const reason = loans.rejectedRefs.has(loanRef)
    ? `The loan's own row in ${LOANS_FILE} was rejected.`
    : `${LOANS_FILE} has no loan with this loan_id.`;
  throw new RowFault('LOAN_UNKNOWN', 'loan_id', reason);
}
