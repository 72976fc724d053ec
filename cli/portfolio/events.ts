import { instantAt } from '../../domain/calendar.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { plusDays } from '../../domain/instant.ts';
import type { PortfolioLoan, PortfolioPayment } from './rows.ts';

/** Days before its due date on which the loan system announces a loan, at midnight of the debtor's zone. */
export const ANNOUNCED_DAYS_BEFORE = 3;

/** Groups payments by loan, in the order given. */
export function paymentsByLoan(
  payments: readonly PortfolioPayment[],
): ReadonlyMap<string, readonly PortfolioPayment[]> {
  const byLoan = new Map<string, PortfolioPayment[]>();
  for (const payment of payments) {
    const known = byLoan.get(payment.loanRef);
    if (known === undefined) byLoan.set(payment.loanRef, [payment]);
    else known.push(payment);
  }
  return byLoan;
}

/**
 * The events that the loan system would have sent for a loan: its announcement, then its payments in the order given.
 * @param payments those of this loan alone.
 */
export function eventsOf(loan: PortfolioLoan, payments: readonly PortfolioPayment[]): readonly LoanEvent[] {
  const { statement } = loan;
  const { loanRef, currency } = statement;
  const announcedOn = plusDays(statement.dueOn, -ANNOUNCED_DAYS_BEFORE);
  return [
    {
      id: `due-${loanRef}`,
      type: 'loan.due_soon',
      timestamp: instantAt(announcedOn, '00:00', statement.debtor.zone),
      data: statement,
    },
    ...payments.map(
      ({ eventId, paidAt, amountMinor }): LoanEvent => ({
        id: eventId,
        type: 'payment.received',
        timestamp: paidAt,
        data: { loanRef, amountMinor, currency },
      }),
    ),
  ];
}
