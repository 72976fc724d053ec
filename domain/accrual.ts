import { type FrozenRange, accruingDays, isFrozen } from './accrual-days.ts';
import type { Components } from './events.ts';
import { type LocalDate, plusDays } from './instant.ts';
import { assertMinor } from './money.ts';

/** What penalty interest may be charged on. Never on penalty or fees: interest on them would be compound. */
export const INTEREST_BASES = ['principal', 'principalAndInterest'] as const;
export type InterestBase = (typeof INTEREST_BASES)[number];

/** A fixed fee, charged while principal is overdue: on day `onDay` past due, and then every `everyDays` days. */
export interface LateFee {
  readonly amountMinor: number;
  readonly onDay: number;
  readonly everyDays: number;
  /** For one due date. */
  readonly atMostTimes: number;
}

/** Simple interest on what is overdue: a day costs a 365th of the yearly rate. */
export interface PenaltyInterest {
  /** Hundredths of a percent: 1500 are 15 % a year. */
  readonly yearlyBasisPoints: number;
  readonly on: InterestBase;
  /** The first day past due that costs interest; 1 is the day after the due date. */
  readonly fromDay: number;
  readonly lateFee?: LateFee;
}

/** How far the penalty of a statement has been reckoned. */
export interface Accrual {
  readonly dueOn: LocalDate;
  /** The last day that is reckoned. A day is reckoned at its first instant, by what is due then. */
  readonly throughOn: LocalDate;
  /** Interest since the statement, exactly: minor units × basis points × days. */
  readonly exact: bigint;
  /** The whole minor units of it that have been charged. */
  readonly chargedMinor: number;
}

/** What days add to what is due. */
export interface Charge {
  readonly accrual: Accrual;
  readonly penaltyMinor: number;
  readonly feesMinor: number;
}

/** `exact` of one minor unit: 100 % are 10,000 basis points. */
const EXACT_MINOR_UNIT = 365n * 10_000n;

/** The beginning: a statement says what the penalty has come to by a day. */
export function accrualSince(dueOn: LocalDate, statedThroughOn: LocalDate): Accrual {
  return { dueOn, throughOn: statedThroughOn, exact: 0n, chargedMinor: 0 };
}

/**
 * Reckons all days up to and including one, of which the last reckoned is the first left out, by what was due on them.
 *
 * Rounding: down, in the debtor's favour, and on the running total, which is kept exactly. So however a time is cut into
 * pieces, their charges add up to the same, to the minor unit.
 * @param due what was due on each of these days.
 * @throws MONEY_NOT_SAFE_INTEGER
 */
export function chargeThrough(
  accrual: Accrual,
  {
    due,
    terms,
    frozen,
  }: { readonly due: Components; readonly terms: PenaltyInterest; readonly frozen: readonly FrozenRange[] },
  throughOn: LocalDate,
): Charge {
  if (throughOn <= accrual.throughOn) return { accrual, penaltyMinor: 0, feesMinor: 0 };
  const firstOn = plusDays(accrual.dueOn, terms.fromDay);
  const next = plusDays(accrual.throughOn, 1);
  const days = accruingDays(next > firstOn ? next : firstOn, plusDays(throughOn, 1), frozen);
  const baseMinor = due.principal + (terms.on === 'principal' ? 0 : due.interest);
  const exact = accrual.exact + BigInt(assertMinor(baseMinor)) * BigInt(terms.yearlyBasisPoints) * BigInt(days);
  const chargedMinor = assertMinor(Number(exact / EXACT_MINOR_UNIT));
  return {
    accrual: { ...accrual, throughOn, exact, chargedMinor },
    penaltyMinor: chargedMinor - accrual.chargedMinor,
    feesMinor: due.principal > 0 ? lateFeesOf(accrual, terms.lateFee, frozen, throughOn) : 0,
  };
}

/** Late fees of the days after the last reckoned one, up to and including a day. A fee of a frozen day is not charged later. */
function lateFeesOf(
  accrual: Accrual,
  fee: LateFee | undefined,
  frozen: readonly FrozenRange[],
  throughOn: LocalDate,
): number {
  if (!fee) return 0;
  const days = Array.from({ length: fee.atMostTimes }, (_, index) =>
    plusDays(accrual.dueOn, fee.onDay + index * fee.everyDays),
  );
  const charged = days.filter((day) => accrual.throughOn < day && day <= throughOn && !isFrozen(day, frozen));
  return assertMinor(charged.length * fee.amountMinor);
}
