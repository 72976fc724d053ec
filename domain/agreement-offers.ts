import type { AgreementKind } from './agreement.ts';
import { downPaymentOf, evenParts, isWithin } from './agreement-parts.ts';
import type { AgreementLimits } from './agreement-policy.ts';
import type { AgreedPart } from './agreement-terms.ts';
import { type LocalDate, daysBetween, plusDays } from './instant.ts';

/** Something that may be agreed on without anybody's approval. */
export interface Offer {
  readonly kind: Extract<AgreementKind, 'plan' | 'settlement'>;
  readonly parts: readonly AgreedPart[];
  /** What is forgiven when all of it is paid. */
  readonly discountMinor: number;
}

/**
 * What a debtor can be offered: the whole sum in two and more monthly parts, the first on `firstOn`, as many as the limits
 * permit; and less than the whole at once, where something may be forgiven. Each adds up to what is due, to the
 * minor unit; parts differ by one at most, the larger ones first, but for a first part that the limits want larger.
 */
export function offersOf(
  limits: Readonly<Record<Offer['kind'], AgreementLimits>>,
  overdueMinor: number,
  { today, firstOn }: { readonly today: LocalDate; readonly firstOn: LocalDate },
): readonly Offer[] {
  if (overdueMinor <= 0) return [];
  const plans: Offer[] = [];
  for (let count = 2; count <= limits.plan.mostInstalments; count += 1) {
    const amounts = evenParts(overdueMinor, count, downPaymentOf(overdueMinor, limits.plan.downPaymentPercent));
    const parts = amounts.map((amountMinor, index) => ({ amountMinor, dueOn: sameDayOf(firstOn, index) }));
    if (isWithin(limits.plan, parts, { today, overdueMinor })) plans.push({ kind: 'plan', parts, discountMinor: 0 });
  }
  return [...plans, ...settlementOf(limits.settlement, overdueMinor, { today, firstOn })];
}

/** The largest discount that needs nobody's approval, rounded down. */
function settlementOf(
  limits: AgreementLimits,
  overdueMinor: number,
  { today, firstOn }: { readonly today: LocalDate; readonly firstOn: LocalDate },
): readonly Offer[] {
  const discountMinor = Math.floor((overdueMinor * limits.discountPercent) / 100);
  const parts = [{ amountMinor: overdueMinor - discountMinor, dueOn: firstOn }];
  if (discountMinor === 0 || !isWithin(limits, parts, { today, overdueMinor })) return [];
  return [{ kind: 'settlement', parts, discountMinor }];
}

/** The same day so many months later; the last day of a month that has no such day. */
export function sameDayOf(date: LocalDate, months: number): LocalDate {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7)) - 1 + months;
  const first = `${year + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
  const lastDay = daysBetween(first, `${plusDays(first, 31).slice(0, 8)}01`);
  return plusDays(first, Math.min(Number(date.slice(8)), lastDay) - 1);
}
