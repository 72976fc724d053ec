import {
  type BalanceView,
  CALENDAR_STEP,
  type CaseState,
  type GivenAnswer,
  type OpenTask,
  OUTCOME_STEP_PREFIX,
  REVIEW_STEP,
  channelToTry,
} from './case-state.ts';
import { DAY_MS, type Instant, MINUTE_MS, laterOf, plusMs } from './instant.ts';
import { compareText } from './order.ts';
import type { CaseOutcome } from './run-result.ts';
import { type Channel, type TaskKind, channelsOf, strategyRef } from './strategy.ts';
import type { PlannedStep, Slot } from './timetable.ts';

/** A contact that is due, by its key: `loan/episode/strategy@version/step/attempt`, unique for ever. */
export interface ContactIntent {
  readonly key: string;
  readonly step: string;
  readonly stage: string;
  readonly channel: Channel;
  /** No other channel is left for the step: then even an address that seems dead is tried. */
  readonly isLastResort: boolean;
  readonly template: string;
  /** The instant it was planned for; also the one it is judged at, unless it comes late. */
  readonly at: Instant;
  /** Not made at or after this instant. */
  readonly validUntil: Instant;
}

export type Action =
  | { readonly kind: 'wait'; readonly until: Instant | null; readonly why: WaitReason }
  | { readonly kind: 'contact'; readonly contacts: readonly ContactIntent[] }
  | { readonly kind: 'openTask'; readonly task: OpenTask }
  | { readonly kind: 'recordAnswers'; readonly answers: readonly GivenAnswer[] }
  | { readonly kind: 'replan' }
  | { readonly kind: 'close'; readonly outcome: Exclude<CaseOutcome, 'open'>; readonly at: Instant };

/** Why a case waits: for the day of a step, for a person, or for the next review at the end of the ladder. */
export type WaitReason =
  | { readonly for: 'step'; readonly step: string; readonly stage: string }
  | { readonly for: 'person'; readonly task: OpenTask }
  | { readonly for: 'review' };

/** Later than this, a contact is judged at the time it really is and not at the time it was planned for. */
const LATE_AFTER_MS = MINUTE_MS;
/** A contact that is made up for may be put off for so long, such as over a run of holidays. */
const CATCH_UP_VALID_MS = 14 * DAY_MS;
/** A case at the end of its ladder is looked at again by a person at this interval. */
export const REVIEW_AGAIN_MS = 30 * DAY_MS;

interface DueStep {
  readonly step: PlannedStep;
  readonly slot: Slot;
  /** Whether its own instant lies before the tier began, so that it is made up for. */
  readonly isMissed: boolean;
  readonly dueAt: Instant;
}

/**
 * Decides what a case does next; the only place that does. Pure: the same on a server, in a test and in a rehearsal.
 * An ending comes before everything else, so money that has arrived beats any step that has fallen due.
 */
export function nextAction(state: CaseState, now: Instant): Action {
  if (state.unrecordedAnswers.length > 0) return { kind: 'recordAnswers', answers: state.unrecordedAnswers };
  return (
    endingOf(state.balance) ??
    handOffAction(state) ??
    planningAction(state, now) ??
    unsettledAction(state, now) ??
    ladderAction(state, now)
  );
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

/** A step that could not be planned opens a task to complete the calendar, once; the planned steps go on meanwhile. */
function planningAction(state: CaseState, now: Instant): Action | null {
  const unplanned = state.steps.find((step) => step.slots[state.tier] === null && !state.done[step.id]);
  if (!unplanned || state.openTasks.some((task) => task.kind === 'calendarMissing')) return null;
  return state.done[CALENDAR_STEP] ? { kind: 'replan' } : openPersonTask(state, CALENDAR_STEP, 'calendarMissing', now);
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

function ladderAction(state: CaseState, now: Instant): Action {
  const [next, ...others] = stepsToCome(state);
  const waiting = state.openTasks.find((task) => task.goesOnAt > now);
  if (waiting) return { kind: 'wait', until: waiting.goesOnAt, why: { for: 'person', task: waiting } };
  if (!next) return endOfLadder(state, now);
  if (next.dueAt > now) {
    return { kind: 'wait', until: next.dueAt, why: { for: 'step', step: next.step.id, stage: next.step.stage } };
  }
  const { perform } = next.step;
  if (perform.do === 'task') {
    const openedAt = judgedAt(next.dueAt, now);
    const goesOnAt = laterOf(next.slot.until, openedAt);
    return openTask(state, { step: next.step.id, kind: perform.task, openedAt, goesOnAt });
  }
  // Contacts that fell due together go to the activity together: fewer transitions, one look at the ledger.
  const contacts = [];
  for (const due of [next, ...others]) {
    if (due.dueAt > now || due.step.perform.do !== 'contact') break;
    contacts.push(intentOf(state, due, now));
  }
  return { kind: 'contact', contacts };
}

/** Steps that are neither behind the case nor passed before their tier began, in the order in which they fall due. */
function stepsToCome(state: CaseState): DueStep[] {
  const coming: DueStep[] = [];
  for (const step of state.steps) {
    const slot = step.slots[state.tier];
    if (!slot || (state.done[step.id] && channelToTry(state, step) === null)) continue;
    const deferredUntil = state.deferred[step.id]?.until;
    const isMissed = slot.at < state.tierSince;
    // What was begun is brought to its end: put off, or to be tried on the next channel.
    const isBegun = deferredUntil !== undefined || state.done[step.id] !== undefined;
    if (isMissed && !step.catchUp && !isBegun) continue;
    // A tier may have begun since the deferral, with a later day for the step: then that day is waited for.
    const dueAt = laterOf(isMissed ? state.tierSince : slot.at, deferredUntil ?? '');
    coming.push({ step, slot, isMissed, dueAt });
  }
  return coming.sort((a, b) => compareText(a.dueAt, b.dueAt));
}

function intentOf(state: CaseState, { step, slot, isMissed, dueAt }: DueStep, now: Instant): ContactIntent {
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

function judgedAt(dueAt: Instant, now: Instant): Instant {
  return now < plusMs(dueAt, LATE_AFTER_MS) ? dueAt : now;
}

/** At the end of the ladder a person looks at the case, and again and again: no case runs out silently. */
function endOfLadder(state: CaseState, now: Instant): Action {
  const open = state.openTasks.at(-1);
  if (open) return { kind: 'wait', until: null, why: { for: 'person', task: open } };
  const reviewAt = state.reviewedAt === null ? now : plusMs(state.reviewedAt, REVIEW_AGAIN_MS);
  if (reviewAt > now) return { kind: 'wait', until: reviewAt, why: { for: 'review' } };
  return openPersonTask(state, REVIEW_STEP, 'review', now);
}

function openPersonTask(state: CaseState, step: string, kind: TaskKind, now: Instant): Action {
  return openTask(state, { step, kind, openedAt: now, goesOnAt: now });
}

function openTask(state: CaseState, task: Omit<OpenTask, 'taskId'>): Action {
  const taskId = `${state.loanRef}~${state.episode}~${task.step}~${state.taskCount + 1}`;
  return { kind: 'openTask', task: { taskId, ...task } };
}
