import { type Accrual, type PenaltyInterest, accrualSince, chargeThrough } from './accrual.ts';
import type { Balance } from './balance.ts';
import type { BalanceTerms } from './balance-terms.ts';
import { isZone, localDateOf } from './calendar.ts';
import { sumOf } from './components.ts';
import type { LoanDueSoon, LoanOverdue } from './events.ts';
import { type Instant, type LocalDate, type Zone, plusMs } from './instant.ts';

/** How far the penalty is reckoned, and in whose days. */
export interface Accruing {
  readonly accrual: Accrual;
  readonly zone: Zone;
}

/** Accrual begins anew with a statement; null when there is none, or the debtor's zone is not known. */
export function accruingSince(
  { timestamp, data }: LoanDueSoon | LoanOverdue,
  penaltyInterest: PenaltyInterest | undefined,
): Accruing | null {
  const { zone } = data.debtor;
  if (!penaltyInterest || !isZone(zone)) return null;
  return { accrual: accrualSince(data.dueOn, dayBefore(timestamp, zone)), zone };
}

/** The last day that had begun before an instant. */
export function dayBefore(instant: Instant, zone: Zone): LocalDate {
  return localDateOf(plusMs(instant, -1), zone);
}

/** Adds what the days up to and including one have cost. */
export function accrue(
  balance: Balance,
  { accrual, zone }: Accruing,
  throughOn: LocalDate,
  { penaltyInterest, frozen = [] }: BalanceTerms,
): [Balance, Accruing] {
  if (!penaltyInterest || balance.closed) return [balance, { accrual, zone }];
  const charge = chargeThrough(accrual, { due: balance.due, terms: penaltyInterest, frozen }, throughOn);
  const due = {
    ...balance.due,
    penalty: balance.due.penalty + charge.penaltyMinor,
    fees: balance.due.fees + charge.feesMinor,
  };
  // Only what is overdue costs anything, so a balance that is cleared stays so.
  return [
    { ...balance, due, overdueMinor: sumOf(due) },
    { accrual: charge.accrual, zone },
  ];
}
