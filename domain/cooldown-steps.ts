import type { Action } from './action.ts';
import type { CaseState, GivenAnswer, OpenTask, Refusal } from './case-state.ts';
import { DAY_MS, type Instant, plusMs } from './instant.ts';
import { openTask } from './person-task.ts';

/** After a debtor has refused to talk, nobody contacts them for so many days, unless the step says otherwise. */
export const COOLDOWN_DAYS = 7;
/** A call that is made again after a cooldown, by somebody else. */
const CALL_AGAIN_STEP_PREFIX = 'case:call-again:';

/** What a debtor's angry refusal of a call leads to. */
export function refusalOfCall({ steps }: CaseState, task: OpenTask, { actor, at }: GivenAnswer): Refusal {
  const perform = steps.find(({ id }) => id === task.step)?.perform;
  const days = (perform?.do === 'task' ? perform.cooldownDays : undefined) ?? COOLDOWN_DAYS;
  return { actor, at, until: plusMs(at, days * DAY_MS) };
}

/** Lets a debtor who has refused be, and then has somebody else call them. */
export function cooldownAction(state: CaseState, now: Instant): Action | null {
  const { refusals, done } = state;
  const last = refusals.at(-1);
  if (!last) return null;
  if (now < last.until) return { kind: 'wait', until: last.until, why: { for: 'cooldown' } };
  const step = `${CALL_AGAIN_STEP_PREFIX}${refusals.length}`;
  if (done[step]) return null;
  const notBy = [...new Set(refusals.map(({ actor }) => actor))];
  return openTask(state, { step, kind: 'agentCall', openedAt: now, goesOnAt: now, notBy });
}
