import type { Action } from './action.ts';
import type { CaseState, OpenTask } from './case-state.ts';
import { DAY_MS, type Instant, plusMs } from './instant.ts';
import type { TaskKind } from './strategy.ts';

/** A case that goes nowhere by itself is looked at again by a person at this interval. */
export const REVIEW_AGAIN_MS = 30 * DAY_MS;

/** A task of a step; its id is unique for ever. */
export function openTask(state: CaseState, task: Omit<OpenTask, 'taskId'>): Action {
  const taskId = `${state.loanRef}~${state.episode}~${task.step}~${state.taskCount + 1}`;
  return { kind: 'openTask', task: { taskId, ...task } };
}

/** A task that the ladder does not wait for. */
export function openPersonTask(state: CaseState, step: string, kind: TaskKind, now: Instant): Action {
  return openTask(state, { step, kind, openedAt: now, goesOnAt: now });
}

/** When a person is to look at a case that stands still since an instant. */
export function reviewAtOf({ reviewedAt }: CaseState, since: Instant): Instant {
  return plusMs(reviewedAt !== null && reviewedAt > since ? reviewedAt : since, REVIEW_AGAIN_MS);
}
