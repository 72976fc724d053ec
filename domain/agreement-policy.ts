import type { AgreementKind } from './agreement.ts';
import type { LocalTime } from './instant.ts';
import type { Channel } from './strategy.ts';

/** A message about an agreement. */
export interface AgreementNotice {
  readonly channel: Channel;
  readonly fallback?: readonly Channel[];
  readonly template: string;
}

/** What may be agreed on in one way, and how it is judged. */
export interface AgreementLimits {
  /** Agreements of this kind in one case; 0: none. */
  readonly atMost: number;
  /** The last instalment falls due so many days after the agreement at the latest. */
  readonly longestDays: number;
  readonly mostInstalments: number;
  /** No instalment but the last is smaller. */
  readonly smallestInstalmentMinor: number;
  /** Days after an instalment's day in which it can still be paid. */
  readonly graceDays: number;
  /** What an instalment may lack and still be paid. */
  readonly toleranceMinor: number;
  /** The most that may be forgiven, in percent of what is due, without anybody's approval. */
  readonly discountPercent: number;
  /** The first instalment is no less, in percent of what is due; plans only, and left out when it may be like the others. */
  readonly downPaymentPercent?: number;
  readonly freezesInterest: boolean;
  /** A reminder so many days before an instalment's day, at `remindTime`; null: none. */
  readonly remindDaysBefore: number | null;
  readonly remindTime: LocalTime;
  readonly reminder: AgreementNotice | null;
  /** What is said first when it was not kept, before the ladder goes on. */
  readonly broken: AgreementNotice | null;
  /** What somebody with another role than `agent` may agree on beyond this; left out: nothing. */
  readonly byRole?: Readonly<Partial<Record<AgreementRole, WiderLimits>>>;
}

/** With what authority somebody agrees on something. The limits are an agent's; others may have wider ones. */
export const AGREEMENT_ROLES = ['agent', 'supervisor'] as const;
export type AgreementRole = (typeof AGREEMENT_ROLES)[number];

/** Limits that may be wider in some circumstances; what is left out stays as it is. How an agreement is judged does not change. */
export type WiderLimits = Partial<
  Pick<
    AgreementLimits,
    | 'atMost'
    | 'longestDays'
    | 'mostInstalments'
    | 'smallestInstalmentMinor'
    | 'discountPercent'
    | 'downPaymentPercent'
    | 'freezesInterest'
  >
>;

/** By kind. A strategy that says nothing of agreements takes promises and plans within cautious limits, in silence. */
export type AgreementPolicy = Readonly<Record<AgreementKind, AgreementLimits>> & {
  /** What is permitted beyond the limits while the debtor is in hardship; left out: nothing. */
  readonly hardship?: Readonly<Partial<Record<HardshipKind, WiderLimits>>>;
};

/** The kinds of agreement that hardship widens: a promise of all that is due by one day is no relief. */
export const HARDSHIP_KINDS = ['plan', 'settlement'] as const;
export type HardshipKind = (typeof HARDSHIP_KINDS)[number];

const SILENT = { remindDaysBefore: null, remindTime: '10:00', reminder: null, broken: null } as const;

/** The limits of a strategy that does not name its own. */
export const CAUTIOUS_AGREEMENTS: AgreementPolicy = {
  promise: {
    atMost: 3,
    longestDays: 14,
    mostInstalments: 1,
    smallestInstalmentMinor: 1,
    graceDays: 0,
    toleranceMinor: 0,
    discountPercent: 0,
    freezesInterest: false,
    ...SILENT,
  },
  plan: {
    atMost: 2,
    longestDays: 183,
    mostInstalments: 6,
    smallestInstalmentMinor: 1,
    graceDays: 3,
    toleranceMinor: 0,
    discountPercent: 0,
    freezesInterest: true,
    ...SILENT,
  },
  settlement: {
    atMost: 1,
    longestDays: 31,
    mostInstalments: 1,
    smallestInstalmentMinor: 1,
    graceDays: 0,
    toleranceMinor: 0,
    discountPercent: 0,
    freezesInterest: true,
    ...SILENT,
  },
};
