import { join } from 'node:path';
import { refCell } from '../../portfolio/cells.ts';
import { LOANS_FILE } from '../../portfolio/read.ts';
import { type Reject, RowFault, rejectOf } from '../../portfolio/rejects.ts';
import { rowsOf } from '../../portfolio/table.ts';
import type { ScorableLoans } from '../read-loans.ts';
import type { PastLoan } from './past-loan.ts';

const OUTCOMES_FILE = 'outcomes.csv';

export interface PastLoans {
  /** In the order of the loans given. */
  readonly loans: readonly PastLoan[];
  readonly rejects: readonly Reject[];
}

/**
 * Puts the outcomes of `outcomes.csv` to loans. A loan without an outcome is rejected at its own line.
 * @throws FILE_UNREADABLE when the file cannot be read, is empty or lacks a column; a bad row is rejected, not thrown.
 */
export async function readOutcomes(dir: string, { loans, rejects }: ScorableLoans): Promise<PastLoans> {
  const known = new Set(loans.map(({ loanRef }) => loanRef));
  const settledOf = new Map<string, boolean>();
  const faults: Reject[] = [...rejects];
  for await (const row of rowsOf(join(dir, OUTCOMES_FILE), ['loan_id', 'outcome'])) {
    try {
      const loanRef = refCell(row, 'loan_id');
      const settled = isSettled(row.cell('outcome'));
      if (!known.has(loanRef)) throw loanUnknown();
      if ((settledOf.get(loanRef) ?? settled) !== settled) throw twoOutcomes();
      settledOf.set(loanRef, settled);
    } catch (error) {
      faults.push(rejectOf(OUTCOMES_FILE, row.line, error));
    }
  }
  const past = loans.flatMap((loan) => {
    const settled = settledOf.get(loan.loanRef);
    return settled === undefined ? [] : [{ ...loan, settled }];
  });
  const without = loans.filter(({ loanRef }) => !settledOf.has(loanRef));
  return { loans: past, rejects: [...faults, ...without.map(({ line }) => outcomeMissing(line))] };
}

/** @throws RowFault */
function isSettled(outcome: string): boolean {
  if (outcome === 'settled') return true;
  if (outcome === 'open') return false;
  throw new RowFault('ROW_INVALID', 'outcome', 'outcome must be settled or open.');
}

function loanUnknown(): RowFault {
  return new RowFault('LOAN_UNKNOWN', 'loan_id', `${LOANS_FILE} has no good row with this loan_id.`);
}

function twoOutcomes(): RowFault {
  return new RowFault('LOAN_CONFLICT', 'outcome', 'An earlier line gives this loan another outcome.');
}

function outcomeMissing(line: number): Reject {
  const reason = `${OUTCOMES_FILE} has no good row for this loan.`;
  return { file: LOANS_FILE, line, column: 'loan_id', code: 'LOAN_UNKNOWN', reason };
}
