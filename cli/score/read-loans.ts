import { join } from 'node:path';
import { compareText } from '../../domain/order.ts';
import type { SensitiveId } from '../../domain/score/characteristics.ts';
import type { LoanFacts } from '../../domain/score/loan-facts.ts';
import { LOANS_FILE } from '../portfolio/read.ts';
import { type Reject, RowFault, rejectOf } from '../portfolio/rejects.ts';
import { rowsOf } from '../portfolio/table.ts';
import { SCORED_COLUMNS, type ScoredRow, scoredRowOf } from './loan-rows.ts';

/** A loan with all that a score may know of it. */
export interface ScorableLoan {
  readonly loanRef: string;
  readonly borrowerRef: string;
  readonly facts: LoanFacts;
  /** Line in `loans.csv`. */
  readonly line: number;
}

export interface ScorableLoans {
  /** By loan id, whatever the order of the file. */
  readonly loans: readonly ScorableLoan[];
  readonly rejects: readonly Reject[];
}

/**
 * Reads `loans.csv` of a folder and no other file.
 * @param options.columns that must be there, besides those without which nothing can be said.
 * @param options.sensitive columns that may be read.
 * @throws FILE_UNREADABLE when the file cannot be read, is empty or lacks a column; a bad row is rejected, not thrown.
 */
export async function readScorableLoans(
  dir: string,
  options: { readonly columns: readonly string[]; readonly sensitive: readonly SensitiveId[] },
): Promise<ScorableLoans> {
  const taken = new Map<string, ScoredRow>();
  const rejects: Reject[] = [];
  for await (const row of rowsOf(join(dir, LOANS_FILE), [...SCORED_COLUMNS, ...options.columns])) {
    try {
      const loan = scoredRowOf(row, options.sensitive);
      assertNew(loan, taken.get(loan.loanRef));
      if (!taken.has(loan.loanRef)) taken.set(loan.loanRef, loan);
    } catch (error) {
      rejects.push(rejectOf(LOANS_FILE, row.line, error));
    }
  }
  const rows = [...taken.values()].toSorted((a, b) => compareText(a.loanRef, b.loanRef));
  return { loans: withEarlierLoans(rows), rejects };
}

/** A row may say again what an earlier one said. @throws RowFault when it says something else. */
function assertNew(loan: ScoredRow, first: ScoredRow | undefined): void {
  if (first === undefined || JSON.stringify({ ...loan, line: first.line }) === JSON.stringify(first)) return;
  const reason = `Line ${first.line} has the same loan_id with other content.`;
  throw new RowFault('LOAN_CONFLICT', 'loan_id', reason);
}

/** Loans that fall due later are not counted: nobody knows of them when a loan is scored. */
function withEarlierLoans(rows: readonly ScoredRow[]): ScorableLoan[] {
  const dueDays = new Map<string, string[]>();
  for (const { borrowerRef, facts } of rows) {
    const known = dueDays.get(borrowerRef);
    if (known === undefined) dueDays.set(borrowerRef, [facts.dueOn]);
    else known.push(facts.dueOn);
  }
  return rows.map(({ facts, ...row }) => {
    const earlier = (dueDays.get(row.borrowerRef) ?? []).filter((dueOn) => dueOn < facts.dueOn);
    return { ...row, facts: { ...facts, earlierLoans: earlier.length } };
  });
}
