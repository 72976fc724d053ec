import type { LocalTime } from '../instant.ts';
import type { Channel } from '../strategy.ts';

/**
 * What Kept and its people do that a debtor may respond to. A message about an agreement is a deed of its own, by whatever
 * channel it went.
 */
export type DeedKind = Channel | 'agreementReminder' | 'agreementBroken' | 'agentCall' | 'fieldVisit';

/**
 * What a debtor does. `promise`: one amount by one day. `plan`: asks for instalments. `call`: rings the lender, and nothing
 * comes of it. `optOut`: does not want the channel any more. A complaint would be one more.
 */
export type ResponseKind = 'promise' | 'plan' | 'call' | 'optOut';

/** Hundredths of a percent, so that chances are whole numbers and add up exactly: 10,000 is always. */
export type BasisPoints = number;
export const ALWAYS: BasisPoints = 10_000;

/** Whole numbers, both ends included. */
export type Range = readonly [least: number, most: number];

/** How debtors respond to deeds of one kind. */
export interface Odds {
  /** On the day of the deed at the debtor's place, or so many days later at the latest. */
  readonly withinDays: number;
  /** Calls and visits at which the debtor is met; a message always is there. */
  readonly reached: BasisPoints;
  /** Of those reached; together 10,000 at most. The rest do nothing. */
  readonly chances: Readonly<Record<ResponseKind, BasisPoints>>;
}

/**
 * Who answers, promises, asks for a plan, and how soon: made up, as data. It moves no money. Whether a promise is kept
 * follows from the payments that the loan system sends.
 */
export interface ResponseModel {
  /** Another seed is another run of the same dice. */
  readonly seed: number;
  /** Hours at the debtor's place in which people respond, half-open and within one day. */
  readonly hours: { readonly from: LocalTime; readonly to: LocalTime };
  /** So much of what is due, by one of the next days; `honest` ones promise what they are going to pay. */
  readonly promise: { readonly percent: Range; readonly withinDays: Range; readonly honest: BasisPoints };
  /** What is due in so many parts, the first on one of the next days; `honest` ones ask for one that they are going to keep. */
  readonly plan: { readonly parts: Range; readonly firstWithinDays: Range; readonly honest: BasisPoints };
  /** Kinds that are left out are not responded to. */
  readonly after: Readonly<Partial<Record<DeedKind, Odds>>>;
}
