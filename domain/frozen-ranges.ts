import type { FrozenRange } from './accrual-days.ts';
import type { Agreement } from './agreement.ts';
import { isZone, localDateOf } from './calendar.ts';
import type { PlacedHold } from './debtor-standing.ts';
import { HOLD_TERMS } from './hold-terms.ts';
import { type Instant, type LocalDate, type Zone, plusDays, plusMs } from './instant.ts';
import { pauseOfHold } from './pauses.ts';

/** What keeps penalty from accruing on a loan. */
interface Freezing {
  readonly loanRef: string;
  readonly zone: Zone;
  readonly holds: readonly PlacedHold[];
  readonly agreements: readonly Pick<Agreement, 'madeAt' | 'endedAt' | 'freezesInterest'>[];
}

/**
 * The debtor's days on which nothing accrues on a loan: every day that one of its holds, or of its agreements that freeze
 * interest, touches; `HOLD_TERMS` says which holds do. Ranges may overlap.
 * @returns none when the zone is not known: then nothing accrues at all.
 */
export function frozenRangesOf({ loanRef, zone, holds, agreements }: Freezing): readonly FrozenRange[] {
  if (!isZone(zone)) return [];
  const pauses = [
    ...holds
      .filter(({ reason }) => HOLD_TERMS[reason].stops.includes('penaltyInterest'))
      .flatMap((hold) => pauseOfHold(hold, loanRef) ?? []),
    ...agreements.filter((each) => each.freezesInterest).map(({ madeAt, endedAt }) => ({ from: madeAt, to: endedAt })),
  ];
  return pauses.map(({ from, to }) => ({ from: localDateOf(from, zone), to: to === null ? null : dayAfter(to, zone) }));
}

/** The day after the last one that had begun before an instant. */
function dayAfter(end: Instant, zone: Zone): LocalDate {
  return plusDays(localDateOf(plusMs(end, -1), zone), 1);
}
