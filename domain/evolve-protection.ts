import type { CaseState, HoldEvent, StandingView } from './case-state.ts';
import type { PlacedHold } from './debtor-standing.ts';

/**
 * What was said about the debtor has changed: the database's holds, and on top of them what it does not know yet; and
 * hardships, which are never taken back, only ended.
 */
export function withStanding(state: CaseState, { version, holds, hardships }: StandingView): CaseState {
  if (version <= state.standingVersion) return state;
  return {
    ...state,
    standingVersion: version,
    holds: state.unrecordedEvents.reduce(withHoldEvent, holds),
    ...(hardships && { hardships }),
  };
}

/** Somebody who works on the case has placed or released a hold. It counts at once and is recorded after. */
export function withOwnHold(state: CaseState, event: HoldEvent): CaseState {
  const holds = withHoldEvent(state.holds, event);
  if (holds === state.holds) return state;
  return { ...state, holds, unrecordedEvents: [...state.unrecordedEvents, event] };
}

/** A hold begins once and ends once; what is said again changes nothing. */
function withHoldEvent(holds: readonly PlacedHold[], event: HoldEvent): readonly PlacedHold[] {
  const { type, timestamp } = event;
  switch (type) {
    case 'hold.placed': {
      if (holds.some(({ holdId }) => holdId === event.id)) return holds;
      const { reason, loanRef = null, until = null } = event.data;
      return [...holds, { holdId: event.id, reason, from: timestamp, to: until, debt: loanRef, treatmentEnd: null }];
    }
    case 'hold.released':
      return changed(holds, event.data.holdEventId, ({ to }) =>
        to === null || timestamp < to ? { to: timestamp } : null,
      );
    case 'treatment.ended':
      return changed(holds, event.data.holdEventId, ({ treatmentEnd }) =>
        treatmentEnd === null ? { treatmentEnd: timestamp } : null,
      );
    default:
      return type satisfies never;
  }
}

function changed(
  holds: readonly PlacedHold[],
  holdId: string,
  changeOf: (hold: PlacedHold) => Partial<PlacedHold> | null,
): readonly PlacedHold[] {
  const hold = holds.find((each) => each.holdId === holdId);
  const change = hold ? changeOf(hold) : null;
  return change === null ? holds : holds.map((each) => (each === hold ? { ...each, ...change } : each));
}
