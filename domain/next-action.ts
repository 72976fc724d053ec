import type { Action } from './action.ts';
import { agreementAction, approvalAction, checkAction, settledAction } from './agreement-steps.ts';
import { type BalanceView, CALENDAR_STEP, type CaseState, OUTCOME_STEP_PREFIX } from './case-state.ts';
import { cooldownAction } from './cooldown-steps.ts';
import { holdAction } from './hold-step.ts';
import type { Instant } from './instant.ts';
import { ladderAction } from './ladder.ts';
import { endedPauses, isSamePauses, pausesOf } from './pauses.ts';
import { openPersonTask } from './person-task.ts';

export type { Action, ContactIntent, WaitReason } from './action.ts';
export { REVIEW_AGAIN_MS } from './person-task.ts';

/**
 * Decides what a case does next; the only place that does. Pure: the same on a server, in a test and in a rehearsal.
 * An ending comes before everything else, so money that has arrived beats any step that has fallen due.
 */
export function nextAction(state: CaseState, now: Instant): Action {
  return (
    recordingAction(state) ??
    checkAction(state, now) ??
    endingAction(state) ??
    planningAction(state, now) ??
    unsettledAction(state, now) ??
    approvalAction(state, now) ??
    holdAction(state, now) ??
    cooldownAction(state, now) ??
    agreementAction(state, now) ??
    ladderAction(state, now)
  );
}

type RecordingAction = Extract<Action, { kind: 'recordAnswers' | 'recordHolds' | 'recordAgreements' }>;

/** What people have said and agreed is put into the database before anything else is done about it. */
export function recordingAction(state: CaseState): RecordingAction | null {
  const { unrecordedAnswers, unrecordedEvents, unrecordedAgreements, agreements } = state;
  if (unrecordedAnswers.length > 0) return { kind: 'recordAnswers', answers: unrecordedAnswers };
  if (unrecordedEvents.length > 0) return { kind: 'recordHolds', events: unrecordedEvents };
  if (unrecordedAgreements.length === 0) return null;
  const changed = agreements.filter(({ agreementId }) => unrecordedAgreements.includes(agreementId));
  return { kind: 'recordAgreements', agreements: changed };
}

function endingAction(state: CaseState): Action | null {
  return endingOf(state.balance) ?? settledAction(state) ?? handOffAction(state);
}

/**
 * How a balance ends its case: nothing is due any more, or the loan system has closed the loan; else null. Of both the
 * earlier one, so that it does not matter which of the two was heard of first.
 */
export function endingOf({ closed, cleared }: BalanceView): Extract<Action, { kind: 'close' }> | null {
  if (closed && (!cleared || closed.at < cleared.at)) return { kind: 'close', outcome: closed.reason, at: closed.at };
  if (!cleared) return null;
  return { kind: 'close', outcome: cleared.outstandingMinor > 0 ? 'cured' : 'paidInFull', at: cleared.at };
}

function handOffAction({ handedOffAt }: CaseState): Action | null {
  return handedOffAt === null ? null : { kind: 'close', outcome: 'legalHandoff', at: handedOffAt };
}

/**
 * After a pause the steps to come are planned anew. A step that could not be planned opens a task to complete the
 * calendar, once; the planned steps go on meanwhile.
 */
function planningAction(state: CaseState, now: Instant): Action | null {
  const pauses = endedPauses(pausesOf(state), now);
  if (!isSamePauses(pauses, state.plannedPauses)) return { kind: 'replan', pauses };
  const unplanned = state.steps.find((step) => step.slots[state.tier] === null && !state.done[step.id]);
  if (!unplanned || state.openTasks.some((task) => task.kind === 'calendarMissing')) return null;
  if (state.done[CALENDAR_STEP]) return { kind: 'replan', pauses };
  return openPersonTask(state, CALENDAR_STEP, 'calendarMissing', now);
}

/** A contact of which nobody knows whether it went out is never sent again: a person finds out. */
function unsettledAction(state: CaseState, now: Instant): Action | null {
  for (const [step, { result }] of Object.entries(state.done)) {
    const outcomeStep = `${OUTCOME_STEP_PREFIX}${step}`;
    if ((result === 'unknown' || result === 'undelivered') && !state.done[outcomeStep]) {
      return openPersonTask(state, outcomeStep, 'contactOutcome', now);
    }
  }
  return null;
}
