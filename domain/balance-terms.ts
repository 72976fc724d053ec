import type { PenaltyInterest } from './accrual.ts';
import type { FrozenRange } from './accrual-days.ts';
import type { Component } from './strategy.ts';

/** What a balance is reckoned by: what a strategy says, and what is known of the debtor. */
export interface BalanceTerms {
  /** The order in which a payment pays the components; all four of them. */
  readonly allocation: readonly Component[];
  /** Left out when nothing accrues. */
  readonly penaltyInterest?: PenaltyInterest | undefined;
  /** Days on which nothing accrues; none when left out. */
  readonly frozen?: readonly FrozenRange[];
}
