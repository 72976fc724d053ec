import type { AgreementRole } from './agreement-policy.ts';
import type { Instant, LocalDate } from './instant.ts';

/** `promise`: one amount by one day. `plan`: instalments of what is due. `settlement`: less than what is due, for good. */
export const AGREEMENT_KINDS = ['promise', 'plan', 'settlement'] as const;
export type AgreementKind = (typeof AGREEMENT_KINDS)[number];

/** Why somebody could not pay, in their own words put into one of these. */
export const DELAY_REASONS = ['jobLoss', 'illness', 'overspending', 'poorPlanning', 'dispute', 'other'] as const;
export type DelayReason = (typeof DELAY_REASONS)[number];

/** How an agreement was reached. */
export const AGREEMENT_WAYS = ['phone', 'writing', 'visit', 'selfService'] as const;
export type AgreementWay = (typeof AGREEMENT_WAYS)[number];

/** One part of what was agreed: so much by the end of a day. */
export interface Instalment {
  readonly amountMinor: number;
  readonly dueOn: LocalDate;
  /** When the debtor is reminded of it; null when they are not. */
  readonly remindAt: Instant | null;
  /** The end of the day of grace at the debtor's place: money that took effect before it is in time. */
  readonly decidedAt: Instant;
}

/** What an agreement came to. `partlyKept`: something was paid, but not all. `replaced`: by another agreement. */
export type AgreementStatus = 'open' | 'kept' | 'partlyKept' | 'broken' | 'cancelled' | 'replaced';

/** Money that a debtor promised and by when; contact pauses while it is open. */
export interface Agreement {
  /** The caller's reference, unique within the case. */
  readonly agreementId: string;
  readonly kind: AgreementKind;
  readonly madeAt: Instant;
  readonly way: AgreementWay;
  readonly reason: DelayReason | null;
  /** Opaque id of who took it down, and with what authority; left out by those who knew of agents alone. */
  readonly actor: string;
  readonly role?: AgreementRole;
  /** In order of their days; at least one. */
  readonly instalments: readonly Instalment[];
  /** An instalment that lacks no more than this is paid. */
  readonly toleranceMinor: number;
  /** What is forgiven when all of it is paid; settlements only. */
  readonly discountMinor: number;
  /** No penalty interest accrues while it is open. */
  readonly freezesInterest: boolean;
  readonly status: AgreementStatus;
  readonly endedAt: Instant | null;
  /** Who cancelled it and why, in their words; null when nobody did. */
  readonly cancelledBy: string | null;
  readonly cancelReason: string | null;
  /** When the case learned what it came to: later than `endedAt` when money was taken back. */
  readonly knownAt: Instant | null;
  /** Money received under it, as of the balance version that it was last checked with. */
  readonly receivedMinor: number;
  readonly checkedVersion: number;
  /** How many of its instalments are decided or paid: what is next is the one after them. */
  readonly instalmentsPaid: number;
}

/** Money that came in, by the instant it took effect; what was taken back is left out. */
export interface Receipt {
  readonly at: Instant;
  readonly amountMinor: number;
}

export type AgreementStanding = Pick<Agreement, 'status' | 'endedAt' | 'receivedMinor' | 'instalmentsPaid'>;

/**
 * What an agreement has come to by the money received. Each instalment is judged at its own instant by all money that
 * took effect from the making of the agreement until before that instant, so what was paid ahead counts for what comes
 * later, and what is short in one instalment is short in all after it.
 *
 * An instalment that is short ends the agreement at its instant; all of it paid ends it when the last of the money came.
 * An agreement that was cancelled or replaced stays as it is.
 */
export function standingOfAgreement(
  agreement: Agreement,
  receipts: readonly Receipt[],
  now: Instant,
): AgreementStanding {
  const { status, endedAt, instalments, toleranceMinor, madeAt } = agreement;
  const counted = receipts
    .filter(({ at }) => at >= madeAt)
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const receivedBefore = (instant: Instant) =>
    counted.reduce((sum, { at, amountMinor }) => (at < instant ? sum + amountMinor : sum), 0);
  const receivedMinor = counted.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (status === 'cancelled' || status === 'replaced') {
    return { status, endedAt, receivedMinor, instalmentsPaid: agreement.instalmentsPaid };
  }
  let owedMinor = 0;
  let instalmentsPaid = 0;
  for (const { amountMinor, decidedAt } of instalments) {
    owedMinor += amountMinor;
    const isDecided = decidedAt <= now;
    const paidMinor = isDecided ? receivedBefore(decidedAt) : receivedMinor;
    if (paidMinor >= owedMinor - toleranceMinor) {
      instalmentsPaid += 1;
    } else if (isDecided) {
      const isPartly = paidMinor > owedMinor - amountMinor;
      return { status: isPartly ? 'partlyKept' : 'broken', endedAt: decidedAt, receivedMinor, instalmentsPaid };
    } else {
      return { status: 'open', endedAt: null, receivedMinor, instalmentsPaid };
    }
  }
  return { status: 'kept', endedAt: instantOfSum(counted, owedMinor - toleranceMinor), receivedMinor, instalmentsPaid };
}

/** When the money received first came to a sum; the making of nothing at all is at once. */
function instantOfSum(receipts: readonly Receipt[], sumMinor: number): Instant | null {
  let soFarMinor = 0;
  for (const { at, amountMinor } of receipts) {
    soFarMinor += amountMinor;
    if (soFarMinor >= sumMinor) return at;
  }
  return null;
}

/** What is agreed in all. */
export function totalOf({ instalments }: Pick<Agreement, 'instalments'>): number {
  return instalments.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** The instalment that is to be paid next; null when none is left. */
export function nextInstalment({ instalments, instalmentsPaid }: Agreement): Instalment | null {
  return instalments[instalmentsPaid] ?? null;
}

/** Whether an agreement was not kept, so that the ladder goes on after it. */
export function isBroken({ status }: Pick<Agreement, 'status'>): boolean {
  return status === 'broken' || status === 'partlyKept';
}
