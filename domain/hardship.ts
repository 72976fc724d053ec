import type { DelayReason } from './agreement.ts';
import type { DebtorEvent } from './debtor-events.ts';
import type { Instant } from './instant.ts';
import { compareText } from './order.ts';

/** What a debtor shows for their hardship. The file itself stays with the lender; Kept has its hash. */
export const EVIDENCE_KINDS = ['medical', 'dismissal', 'income', 'disaster', 'other'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

export interface Evidence {
  /** Of the file, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  readonly kind: EvidenceKind;
}

/** A hardship that was claimed, known by the event that claimed it. Half-open; null: nobody knows when it ends. */
export interface HardshipClaim {
  readonly claimId: string;
  readonly reason: DelayReason;
  readonly from: Instant;
  readonly to: Instant | null;
}

/** A hardship that stands: more may be agreed on while it does. */
export interface Hardship {
  readonly reason: DelayReason;
  readonly since: Instant;
  /** Null: until it is ended. */
  readonly until: Instant | null;
}

/** All hardships that were ever claimed, with their ends as far as they are known; in whatever order it was said. */
export function hardshipsOf(events: readonly DebtorEvent[]): readonly HardshipClaim[] {
  const ended = new Map<string, Instant>();
  for (const event of events) {
    if (event.type !== 'hardship.ended') continue;
    const { claimEventId } = event.data;
    ended.set(claimEventId, earlier(event.timestamp, ended.get(claimEventId)));
  }
  return events
    .flatMap(({ id, type, timestamp, data }) => {
      if (type !== 'hardship.claimed') return [];
      const to = data.until === undefined ? ended.get(id) : earlier(data.until, ended.get(id));
      return [{ claimId: id, reason: data.reason, from: timestamp, to: to ?? null }];
    })
    .toSorted((a, b) => compareText(a.from, b.from) || compareText(a.claimId, b.claimId));
}

/** The hardship that stands at an instant; of several the one that was claimed last. */
export function hardshipAt(claims: readonly HardshipClaim[], now: Instant): Hardship | null {
  const last = claims.findLast(({ from, to }) => from <= now && (to === null || now < to));
  return last ? { reason: last.reason, since: last.from, until: last.to } : null;
}

function earlier(a: Instant, b: Instant | undefined): Instant {
  return b === undefined || a < b ? a : b;
}
