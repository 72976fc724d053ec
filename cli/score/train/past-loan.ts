import type { LoanFacts } from '../../../domain/score/loan-facts.ts';

/** A loan of the past whose outcome is known. */
export interface PastLoan {
  readonly loanRef: string;
  readonly borrowerRef: string;
  /** As they stood when it fell overdue. */
  readonly facts: LoanFacts;
  readonly settled: boolean;
}
