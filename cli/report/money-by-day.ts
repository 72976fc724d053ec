import { type LocalDate, plusDays } from '../../domain/instant.ts';
import type { LoanRecord } from './records.ts';

/** Money on one local day and up to its end. */
export interface MoneyDay {
  readonly date: LocalDate;
  readonly payments: number;
  readonly collectedMinor: number;
  /** The part of it that paid what was due; the rest came on top. */
  readonly recoveredMinor: number;
  readonly collectedSoFarMinor: number;
  readonly recoveredSoFarMinor: number;
  /** Overdue amounts of the loans whose due date has come. */
  readonly fallenDueMinor: number;
}

/** More days than this are no report any more. */
const DAY_LIMIT = 10_000;

/** Every day of the run, and those before it from the first payment or due date on. */
export function moneyByDay(records: readonly LoanRecord[], run: { from: LocalDate; to: LocalDate }): MoneyDay[] {
  const { onDay, dueOnDay } = flowsOf(records);
  const first = [...onDay.keys(), ...dueOnDay.keys()].reduce((least, date) => (date < least ? date : least), run.from);
  let [collectedSoFarMinor, recoveredSoFarMinor, fallenDueMinor] = [0, 0, 0];
  const days: MoneyDay[] = [];
  for (let date = first; date <= run.to && days.length < DAY_LIMIT; date = plusDays(date, 1)) {
    const flow = onDay.get(date) ?? NO_FLOW;
    collectedSoFarMinor += flow.collectedMinor;
    recoveredSoFarMinor += flow.recoveredMinor;
    fallenDueMinor += dueOnDay.get(date) ?? 0;
    days.push({ date, ...flow, collectedSoFarMinor, recoveredSoFarMinor, fallenDueMinor });
  }
  return days;
}

type Flow = Pick<MoneyDay, 'payments' | 'collectedMinor' | 'recoveredMinor'>;
const NO_FLOW: Flow = { payments: 0, collectedMinor: 0, recoveredMinor: 0 };

function flowsOf(records: readonly LoanRecord[]) {
  const onDay = new Map<LocalDate, Flow>();
  const dueOnDay = new Map<LocalDate, number>();
  for (const { loan, payments } of records) {
    dueOnDay.set(loan.dueOn, (dueOnDay.get(loan.dueOn) ?? 0) + loan.overdueMinor);
    let leftMinor = loan.overdueMinor;
    for (const { paidOn, amountMinor } of payments) {
      const recoveredMinor = Math.min(amountMinor, leftMinor);
      leftMinor -= recoveredMinor;
      const flow = onDay.get(paidOn) ?? NO_FLOW;
      onDay.set(paidOn, {
        payments: flow.payments + 1,
        collectedMinor: flow.collectedMinor + amountMinor,
        recoveredMinor: flow.recoveredMinor + recoveredMinor,
      });
    }
  }
  return { onDay, dueOnDay };
}
