import type { Action, ContactIntent } from './action.ts';
import { type CaseState, REVIEW_STEP, channelToTry } from './case-state.ts';
import { type DueStep, intentOf, judgedAt } from './due-step.ts';
import { type Instant, laterOf } from './instant.ts';
import { compareText } from './order.ts';
import { openPersonTask, openTask, reviewAtOf } from './person-task.ts';

/** The next step of the ladder: waits for it, or performs it. */
export function ladderAction(state: CaseState, now: Instant): Action {
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
  const contacts: ContactIntent[] = [];
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

/** At the end of the ladder a person looks at the case, and again and again: no case runs out silently. */
function endOfLadder(state: CaseState, now: Instant): Action {
  const open = state.openTasks.at(-1);
  if (open) return { kind: 'wait', until: null, why: { for: 'person', task: open } };
  const reviewAt = state.reviewedAt === null ? now : reviewAtOf(state, state.reviewedAt);
  if (reviewAt > now) return { kind: 'wait', until: reviewAt, why: { for: 'review' } };
  return openPersonTask(state, REVIEW_STEP, 'review', now);
}
