import type { Language } from '../events.ts';
import type { LocalDate } from '../instant.ts';
import type { Currency } from '../money.ts';

/**
 * What is known of a loan when it falls overdue, and no later. Amounts are whole minor units of `currency`; histories
 * are by month before the due date, oldest first, and empty when nothing is known. Null: not known.
 */
export interface LoanFacts {
  readonly currency: Currency;
  readonly product: string | null;
  readonly dueOn: LocalDate;
  readonly principalMinor: number;
  readonly overdueMinor: number;
  readonly creditLimitMinor: number | null;
  /** 1 and more: months late; 0: part was paid; -1: paid in full; -2: not used. */
  readonly statuses: readonly number[];
  readonly billsMinor: readonly number[];
  readonly paymentsMinor: readonly number[];
  /** Loans of the same borrower that fell due before this one. */
  readonly earlierLoans: number;
  /** The last three are read by a scorecard only when its training was told to. */
  readonly age: number | null;
  readonly education: string | null;
  readonly region: string | null;
}

export type InBothLanguages = Readonly<Record<Language, string>>;
