import type { Instant, LocalDate, Zone } from '../../domain/instant.ts';
import type { Currency } from '../../domain/money.ts';
import type { ReportLoan, RunResult } from '../../domain/run-result.ts';

/** Money that arrived for a loan. */
export interface ReportPayment {
  readonly loanRef: string;
  readonly amountMinor: number;
  readonly paidAt: Instant;
}

export interface ReportLink {
  readonly label: string;
  readonly url: string;
}

export interface ReportMeta {
  /** Whether the loans ran as workflows on a server or as a simulation. */
  readonly mode: 'demo' | 'rehearse';
  readonly portfolio: string;
  /** Such as `unsecured-consumer@1`. */
  readonly strategy: string;
  /** The model by which debtors responded; left out when all they did was pay. */
  readonly responses?: { readonly file: string; readonly seed: number };
  /** First and last day of the run, both included. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly currency: Currency;
  /** Days on the page are days in this zone. */
  readonly zone: Zone;
  /** Said in the terminal only, so that the page depends on nothing but its input's results. */
  readonly elapsedSeconds?: number;
  /** Said in the terminal only: they work as long as the servers run. */
  readonly links?: readonly ReportLink[];
}

/** A run of a portfolio, as the report tells it. */
export interface ReportInput {
  readonly result: RunResult;
  readonly loans: readonly ReportLoan[];
  readonly payments: readonly ReportPayment[];
  readonly meta: ReportMeta;
}
