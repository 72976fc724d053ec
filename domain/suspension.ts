import { type GrievanceState, type Subject, isUpheld } from './grievance.ts';
import { DAY_MS, type Instant, plusMs } from './instant.ts';

/** Somebody may not call debtors for a while; half-open. */
export interface Suspension {
  /** That of the complaint it follows from: each leads to one at most. */
  readonly suspensionId: string;
  readonly subject: Subject;
  readonly from: Instant;
  readonly until: Instant;
}

/**
 * What a complaint that was upheld means for whom it is about. Null: it was not, it names nobody, it contests the debt,
 * or the policy does not suspend.
 */
export function suspensionOf({ grievanceId, kind, about, decision, levels }: GrievanceState): Suspension | null {
  if (kind !== 'complaint' || about === null || decision === null || levels.suspendDays === 0) return null;
  if (!isUpheld(decision.outcome)) return null;
  const until = plusMs(decision.at, levels.suspendDays * DAY_MS);
  return { suspensionId: grievanceId, subject: about, from: decision.at, until };
}
