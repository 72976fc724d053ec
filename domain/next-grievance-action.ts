import type { Deed, GrievanceState } from './grievance.ts';
import { type Duty, type GrievanceTask, openDuties, plannedTasks } from './grievance-duties.ts';
import type { Instant } from './instant.ts';
import { compareText } from './order.ts';
import { type Suspension, suspensionOf } from './suspension.ts';

export type GrievanceAction =
  | { readonly kind: 'wait'; readonly until: Instant | null; readonly duties: readonly Duty[] }
  | { readonly kind: 'openTask'; readonly task: GrievanceTask }
  | { readonly kind: 'record'; readonly deeds: readonly Deed[]; readonly suspension: Suspension | null }
  | { readonly kind: 'close'; readonly at: Instant };

/**
 * Decides what happens next about a grievance; the only place that does. It ends when the debtor was answered and the
 * loan system has what the outcome asks of it, not before: until then the hold stays.
 */
export function nextGrievanceAction(state: GrievanceState, now: Instant): GrievanceAction {
  const { unrecorded, answer, correctedAt } = state;
  if (unrecorded.length > 0) return { kind: 'record', deeds: unrecorded, suspension: suspensionOf(state) };
  const duties = openDuties(state);
  if (duties.length === 0) return { kind: 'close', at: correctedAt ?? answer?.at ?? now };
  const [next] = duties
    .flatMap((duty) => plannedTasks(state, duty, now))
    .filter(({ step }) => !state.tasks.some((task) => task.step === step))
    .toSorted((a, b) => compareText(a.at, b.at));
  if (next === undefined || next.at > now) {
    return { kind: 'wait', until: next?.at ?? null, duties: duties.map(({ duty }) => duty) };
  }
  const { at: _at, ...planned } = next;
  const taskId = `${state.kind}~${state.grievanceId}~${next.step}`;
  return { kind: 'openTask', task: { taskId, ...planned, openedAt: now, endedAt: null } };
}
