import type { SensitiveId } from '../../domain/score/characteristics.ts';
import type { LoanFacts } from '../../domain/score/loan-facts.ts';
import {
  currencyCell,
  dateCell,
  historyCell,
  minorCell,
  refCell,
  textCell,
  wholeNumberCell,
} from '../portfolio/cells.ts';
import type { Row } from '../portfolio/table.ts';

/** Columns of `loans.csv` without which nothing can be said of a loan; all others may be missing or empty. */
export const SCORED_COLUMNS = ['loan_id', 'currency', 'principal_minor', 'overdue_minor', 'due_date'] as const;

const AGE = { from: 0, to: 130 };

/** A loan as it is scored; what it says of other loans is not known yet. */
export interface ScoredRow {
  readonly loanRef: string;
  /** The loan's own id when the file does not say whose it is. */
  readonly borrowerRef: string;
  readonly facts: Omit<LoanFacts, 'earlierLoans'>;
  readonly line: number;
}

/**
 * @param sensitive columns that may be read; the others are null whatever they hold.
 * @throws RowFault
 */
export function scoredRowOf(row: Row, sensitive: readonly SensitiveId[]): ScoredRow {
  const loanRef = refCell(row, 'loan_id');
  const ifRead = <T>(column: SensitiveId, read: (row: Row, column: string) => T) =>
    sensitive.includes(column) ? optional(row, column, read) : null;
  return {
    loanRef,
    borrowerRef: optional(row, 'borrower_id', refCell) ?? loanRef,
    facts: {
      currency: currencyCell(row, 'currency'),
      product: optional(row, 'product', textCell),
      dueOn: dateCell(row, 'due_date'),
      principalMinor: minorCell(row, 'principal_minor'),
      overdueMinor: minorCell(row, 'overdue_minor'),
      creditLimitMinor: optional(row, 'credit_limit_minor', minorCell),
      statuses: months(row, 'status_history'),
      billsMinor: months(row, 'bill_history_minor'),
      paymentsMinor: months(row, 'payment_history_minor'),
      age: ifRead('age', (each, column) => wholeNumberCell(each, column, AGE)),
      education: ifRead('education', textCell),
      region: ifRead('region', textCell),
    },
    line: row.line,
  };
}

function optional<T>(row: Row, column: string, read: (row: Row, column: string) => T): T | null {
  return row.cell(column) === '' ? null : read(row, column);
}

function months(row: Row, column: string): readonly number[] {
  const history = historyCell(row, column);
  return history === '' ? [] : history.split(';').map(Number);
}
