import type { ContactIntent } from './action.ts';
import { type CaseState, channelToTry } from './case-state.ts';
import { DAY_MS, type Instant, MINUTE_MS, laterOf, plusMs } from './instant.ts';
import { channelsOf, strategyRef } from './strategy.ts';
import type { PlannedStep, Slot } from './timetable.ts';

/** Later than this, a contact is judged at the time it really is and not at the time it was planned for. */
const LATE_AFTER_MS = MINUTE_MS;
/** A contact that is made up for may be put off for so long, such as over a run of holidays. */
const CATCH_UP_VALID_MS = 14 * DAY_MS;

/** A step with the instant at which it falls due as the case stands. */
export interface DueStep {
  readonly step: PlannedStep;
  readonly slot: Slot;
  /** Whether its own instant lies before the tier began, so that it is made up for. */
  readonly isMissed: boolean;
  readonly dueAt: Instant;
}

/** The contact of a step that is due: the next channel, under a key of its own. */
export function intentOf(state: CaseState, { step, slot, isMissed, dueAt }: DueStep, now: Instant): ContactIntent {
  const channel = channelToTry(state, step);
  if (step.perform.do !== 'contact' || channel === null) throw new TypeError(`Step ${step.id} has no contact to make.`);
  const failures = state.failedOn[step.id]?.length ?? 0;
  const attempt = (state.deferred[step.id]?.times ?? 0) + failures + 1;
  return {
    key: `${state.loanRef}/${state.episode}/${strategyRef(state.strategy)}/${step.id}/${attempt}`,
    step: step.id,
    stage: step.stage,
    channel,
    isLastResort: failures + 1 >= channelsOf(step.perform).length,
    template: step.perform.template,
    at: judgedAt(dueAt, now),
    // A step that is made up for has no day of its own any more; it counts from when the case could first make it.
    validUntil: isMissed ? laterOf(slot.until, plusMs(state.tierSince, CATCH_UP_VALID_MS)) : slot.until,
  };
}

/** The instant that something due is judged at: its own, or now when it comes late. */
export function judgedAt(dueAt: Instant, now: Instant): Instant {
  return now < plusMs(dueAt, LATE_AFTER_MS) ? dueAt : now;
}
