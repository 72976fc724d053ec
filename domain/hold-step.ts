import type { Action } from './action.ts';
import { type CaseState, REVIEW_STEP } from './case-state.ts';
import type { Instant } from './instant.ts';
import { pauseOfHold, pausesOf } from './pauses.ts';
import { openPersonTask, reviewAtOf } from './person-task.ts';

/**
 * While collection is on hold the ladder stands still: it waits for the last of the holds to end. Money that was agreed on
 * is still looked at in its time. A hold of which nobody knows the end is looked at by a person every month.
 */
export function holdAction(state: CaseState, now: Instant): Action | null {
  const { loanRef, holds } = state;
  const active = holds.filter((hold) => {
    const pause = pauseOfHold(hold, loanRef);
    return pause !== null && pause.from <= now && (pause.to === null || now < pause.to);
  });
  if (active.length === 0) return null;
  const why = { for: 'hold', reasons: [...new Set(active.map(({ reason }) => reason))].sort() } as const;
  const [pause] = pausesOf({ ...state, agreements: [] }).filter(({ to }) => to === null || now < to);
  if (pause === undefined) return null;
  const checkAt = nextCheck(state);
  if (pause.to !== null) return { kind: 'wait', until: earlier(pause.to, checkAt), why };
  const task = state.openTasks.find(({ kind }) => kind === 'review');
  if (task) return { kind: 'wait', until: checkAt, why };
  const reviewAt = reviewAtOf(state, pause.from);
  if (reviewAt <= now) return openPersonTask(state, REVIEW_STEP, 'review', now);
  return { kind: 'wait', until: earlier(reviewAt, checkAt), why };
}

/** When an open agreement is next decided. */
function nextCheck({ agreements }: CaseState): Instant | null {
  const open = agreements.find(({ status }) => status === 'open');
  return open?.instalments[open.instalmentsPaid]?.decidedAt ?? null;
}

function earlier(a: Instant, b: Instant | null): Instant {
  return b === null || a < b ? a : b;
}
