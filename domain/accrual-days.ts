import { type LocalDate, daysBetween, plusDays } from './instant.ts';
import { compareText } from './order.ts';

/** Days at the debtor's place on which nothing accrues; half-open. Null: nobody knows when they end. */
export interface FrozenRange {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

/** Whether nothing accrues on a day. */
export function isFrozen(day: LocalDate, frozen: readonly FrozenRange[]): boolean {
  return frozen.some(({ from, to }) => from <= day && (to === null || day < to));
}

/**
 * The days from one date to before another on which interest accrues: those that are frozen are left out, however many
 * ranges name them, and so is every 29 February, so that no twelve months have more than 365.
 */
export function accruingDays(from: LocalDate, to: LocalDate, frozen: readonly FrozenRange[]): number {
  let days = 0;
  let next = from;
  for (const range of frozen.toSorted((a, b) => compareText(a.from, b.from))) {
    if (next >= to) return days;
    // What ends before it begins, such as a hold that was released ahead of its time, holds nothing.
    if (range.to !== null && range.to <= range.from) continue;
    days += daysWithoutLeapDays(next, range.from < to ? range.from : to);
    const resumesOn = range.to ?? to;
    if (resumesOn > next) next = resumesOn;
  }
  return days + daysWithoutLeapDays(next, to);
}

/** Days from one date to before another, 29 February not counted; none when the other is not later. */
function daysWithoutLeapDays(from: LocalDate, to: LocalDate): number {
  if (from >= to) return 0;
  let leapDays = 0;
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year += 1) {
    // The day before 1 March is a 29th in leap years only.
    const lastOfFebruary = plusDays(`${String(year).padStart(4, '0')}-03-01`, -1);
    if (lastOfFebruary.endsWith('29') && from <= lastOfFebruary && lastOfFebruary < to) leapDays += 1;
  }
  return daysBetween(from, to) - leapDays;
}
