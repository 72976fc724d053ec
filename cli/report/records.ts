import { localDateOf } from '../../domain/calendar.ts';
import { type Instant, type LocalDate, type Zone, daysBetween } from '../../domain/instant.ts';
import type { CaseLine, CaseOutcome, ContactLine, ReportLoan, TaskLine } from '../../domain/run-result.ts';
import { CHANNELS, type Channel } from '../../domain/strategy.ts';
import type { ReportInput, ReportPayment } from './input.ts';
import { groupBy } from './tally.ts';

/** Something that happened to a loan, with the day past due (negative before it) on which it did. */
export type OnDay<T> = T & { readonly day: number };

/** Everything about one loan in one place; lists are in order of time. */
export interface LoanRecord {
  readonly loan: ReportLoan;
  readonly ending: CaseLine;
  readonly contacts: readonly OnDay<ContactLine>[];
  readonly tasks: readonly OnDay<TaskLine>[];
  /** Those up to the end of the case, or of the run. */
  readonly payments: readonly (OnDay<ReportPayment> & { readonly paidOn: LocalDate })[];
  /** Null while open. */
  readonly closedDay: number | null;
  /** What was due and has been paid, without what came on top. */
  readonly recoveredMinor: number;
  readonly cleared: boolean;
}

/** The channels by which contacts were proposed. */
export function channelsIn(records: readonly LoanRecord[]): Channel[] {
  const used = new Set(records.flatMap(({ contacts }) => contacts.map(({ channel }) => channel)));
  return CHANNELS.filter((channel) => used.has(channel));
}

/** Endings by money: nothing of what was due is left. */
export const CLEARED: readonly CaseOutcome[] = ['cured', 'paidInFull', 'settled'];

/**
 * Puts contacts, tasks and payments to their loans, in the order of the cases.
 * @throws RangeError when a case has no loan: the result is not of this portfolio.
 */
export function recordsOf({ result, loans, payments, meta }: ReportInput): LoanRecord[] {
  const loanOf = new Map(loans.map((loan) => [loan.loanRef, loan]));
  const contactsOf = groupedInTime(result.contacts, (line) => line.at);
  const tasksOf = groupedInTime(result.tasks, (line) => line.at);
  const paymentsOf = groupedInTime(payments, (payment) => payment.paidAt);
  const local = localDaysIn(meta.zone);
  return result.cases.map((ending) => {
    const loan = loanOf.get(ending.loanRef);
    if (loan === undefined) throw new RangeError(`Case ${ending.loanRef} is not a loan of the portfolio.`);
    const dueDay = dayNumberOf(loan.dueOn);
    const onDay = (line: { readonly at: Instant }) => local(line.at).number - dueDay;
    const paid = (paymentsOf.get(ending.loanRef) ?? []).map((payment) => {
      const { date, number } = local(payment.paidAt);
      return { ...payment, paidOn: date, day: number - dueDay };
    });
    return {
      loan,
      ending,
      contacts: (contactsOf.get(ending.loanRef) ?? []).map((line) => ({ ...line, day: onDay(line) })),
      tasks: (tasksOf.get(ending.loanRef) ?? []).map((line) => ({ ...line, day: onDay(line) })),
      payments: paid.filter(({ paidAt, paidOn }) =>
        ending.closedAt === null ? paidOn <= meta.to : paidAt <= ending.closedAt,
      ),
      closedDay: ending.closedAt === null ? null : onDay({ at: ending.closedAt }),
      recoveredMinor: Math.min(ending.paidMinor, loan.overdueMinor),
      cleared: CLEARED.includes(ending.outcome),
    };
  });
}

function groupedInTime<T extends { readonly loanRef: string }>(
  lines: readonly T[],
  at: (line: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const inTime = lines.toSorted((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : 0));
  return groupBy(inTime, (line) => line.loanRef);
}

/** Contacts of many loans share their instants, and zone arithmetic is slow: each instant is converted once. */
function localDaysIn(zone: Zone): (instant: Instant) => { readonly date: LocalDate; readonly number: number } {
  const known = new Map<Instant, { date: LocalDate; number: number }>();
  return (instant) => {
    let day = known.get(instant);
    if (day === undefined) {
      const date = localDateOf(instant, zone);
      day = { date, number: dayNumberOf(date) };
      known.set(instant, day);
    }
    return day;
  };
}

/** Days since 1970, so that days are compared by subtraction. */
function dayNumberOf(date: LocalDate): number {
  return daysBetween('1970-01-01', date);
}
