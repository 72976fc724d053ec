import type { HoldPlaced, HoldReason, HoldReleased } from './debtor-events.ts';
import type { Instant } from './instant.ts';

/** Which open cases are held: those that fit everything that is said. */
export interface BulkHoldFilter {
  /** Of the statement's snapshot, as the loan system writes it. */
  readonly region?: string;
  readonly product?: string;
  readonly loanRefs?: readonly string[];
  /** On the debtor's calendar; negative before the due date. */
  readonly minDaysPastDue?: number;
}

/** One hold for many loans, such as those of a region in a disaster. */
export interface BulkHold {
  /** Name of all of it; each loan's hold has an id made of it. Without a colon. */
  readonly holdId: string;
  readonly reason: HoldReason;
  readonly until: Instant | null;
  /** Opaque id of who places it. */
  readonly actor: string;
}

/** The id of one loan's hold: the same whoever makes it and how often. */
export function bulkHoldId(holdId: string, loanRef: string): string {
  return `${holdId}:${loanRef}`;
}

export function placedInBulk(
  { holdId, reason, until, actor }: BulkHold,
  { loanRef, debtorRef }: { readonly loanRef: string; readonly debtorRef: string },
  at: Instant,
): HoldPlaced {
  const data = { debtorRef, loanRef, reason, source: actor, ...(until !== null && { until }) };
  return { id: bulkHoldId(holdId, loanRef), type: 'hold.placed', timestamp: at, data };
}

/** The end of one loan's hold; the id is that which a case gives to the end of a hold of its own. */
export function releasedInBulk(
  placed: { readonly holdEventId: string; readonly debtorRef: string },
  actor: string,
  at: Instant,
): HoldReleased {
  const { holdEventId, debtorRef } = placed;
  const data = { debtorRef, holdEventId, source: actor };
  return { id: `${holdEventId}:released`, type: 'hold.released', timestamp: at, data };
}
