import type { AgreementLimits } from './agreement-policy.ts';
import type { AgreedPart } from './agreement-terms.ts';
import { type LocalDate, daysBetween } from './instant.ts';
import { splitEvenly } from './money.ts';

/** What the first part has to be at least, rounded up; nothing when no share is asked for. */
export function downPaymentOf(overdueMinor: number, percent = 0): number {
  return Math.ceil((overdueMinor * percent) / 100);
}

/**
 * A sum in so many parts that add up to it: the first no less than asked for, the others even, the larger ones first.
 * What does not fit leaves parts of nothing or less, which no limits permit.
 */
export function evenParts(totalMinor: number, count: number, firstAtLeastMinor: number): readonly number[] {
  const even = splitEvenly(totalMinor, count);
  const [first = 0] = even;
  if (count === 1 || first >= firstAtLeastMinor) return even;
  return [firstAtLeastMinor, ...splitEvenly(totalMinor - firstAtLeastMinor, count - 1)];
}

/** Whether parts, in the order of their days, are within limits. That they add up to what is due is not looked at. */
export function isWithin(
  limits: AgreementLimits,
  parts: readonly AgreedPart[],
  { today, overdueMinor }: { readonly today: LocalDate; readonly overdueMinor: number },
): boolean {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return false;
  const smallest = Math.min(...parts.slice(0, -1).map(({ amountMinor }) => amountMinor), Number.POSITIVE_INFINITY);
  return (
    limits.atMost > 0 &&
    parts.length <= limits.mostInstalments &&
    smallest >= limits.smallestInstalmentMinor &&
    first.amountMinor >= downPaymentOf(overdueMinor, limits.downPaymentPercent) &&
    last.amountMinor > 0 &&
    first.dueOn >= today &&
    daysBetween(today, last.dueOn) <= limits.longestDays
  );
}
