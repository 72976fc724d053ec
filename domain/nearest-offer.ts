import type { AgreementKind } from './agreement.ts';
import { downPaymentOf, evenParts, isWithin } from './agreement-parts.ts';
import type { AgreementLimits } from './agreement-policy.ts';
import type { AgreedPart } from './agreement-terms.ts';
import { type LocalDate, plusDays } from './instant.ts';
import { compareText } from './order.ts';

/** What somebody would agree to. */
export interface WantedTerms {
  readonly kind: AgreementKind;
  readonly parts: readonly AgreedPart[];
  /** What they would have forgiven; settlements only. */
  readonly discountMinor: number;
}

/**
 * The terms nearest to those that are wanted which need nobody's approval: of the same kind, with as many parts as are
 * permitted, on the wanted days as far as they are; amounts as wanted when they are permitted and add up, else even; as
 * much forgiven as is permitted. They add up to what is due, to the minor unit. Null when nothing is due or no
 * agreement of the kind is permitted at all.
 */
export function nearestOffer(
  limits: AgreementLimits,
  wanted: WantedTerms,
  { overdueMinor, today }: { readonly overdueMinor: number; readonly today: LocalDate },
): WantedTerms | null {
  if (overdueMinor <= 0 || limits.atMost === 0) return null;
  const { kind } = wanted;
  const parts = byDay(wanted.parts);
  const mostMinor = Math.floor((overdueMinor * limits.discountPercent) / 100);
  const discountMinor = kind === 'settlement' ? clamped(wanted.discountMinor, 0, mostMinor) : 0;
  const totalMinor = kind === 'promise' ? clamped(sumOf(parts), 1, overdueMinor) : overdueMinor - discountMinor;
  // A promise is one amount by one day: the last of those that are named.
  const days = (kind === 'promise' ? parts.slice(-1) : parts).map(({ dueOn }) => dueOn);
  const most = Math.max(1, Math.min(days.length, limits.mostInstalments, limits.longestDays + 1));
  for (let count = most; count >= 1; count -= 1) {
    const fitting = permittedDays(days, count, { today, longestDays: limits.longestDays });
    const asWanted =
      parts.length === count && sumOf(parts) === totalMinor ? parts.map((each) => each.amountMinor) : null;
    const even = evenParts(totalMinor, count, downPaymentOf(overdueMinor, limits.downPaymentPercent));
    for (const amounts of [asWanted ?? even, even]) {
      const offered = amounts.map((amountMinor, index) => ({ amountMinor, dueOn: fitting[index] ?? today }));
      if (isWithin(limits, offered, { today, overdueMinor })) return { kind, parts: offered, discountMinor };
    }
  }
  return null;
}

/** In the order of their days; what falls due on one day is one part. */
function byDay(parts: readonly AgreedPart[]): readonly AgreedPart[] {
  const sums = new Map<LocalDate, number>();
  for (const { amountMinor, dueOn } of parts) sums.set(dueOn, (sums.get(dueOn) ?? 0) + amountMinor);
  return [...sums]
    .map(([dueOn, amountMinor]) => ({ amountMinor, dueOn }))
    .toSorted((a, b) => compareText(a.dueOn, b.dueOn));
}

/** The first so many of some days, moved no further than needed: none before today, each after the one before, none too late. */
function permittedDays(
  days: readonly LocalDate[],
  count: number,
  { today, longestDays }: { readonly today: LocalDate; readonly longestDays: number },
): readonly LocalDate[] {
  const permitted: LocalDate[] = [];
  for (let index = 0; index < count; index += 1) {
    const before = permitted.at(-1);
    const earliest = before === undefined ? today : plusDays(before, 1);
    const latest = plusDays(today, longestDays - (count - 1 - index));
    const wanted = days[index] ?? earliest;
    permitted.push(wanted < earliest ? earliest : wanted > latest ? latest : wanted);
  }
  return permitted;
}

function sumOf(parts: readonly AgreedPart[]): number {
  return parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

function clamped(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
