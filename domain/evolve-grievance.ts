import type { GivenAnswer } from './case-state.ts';
import { type Deed, GRIEVANCE_OUTCOMES, type GrievanceFact, type GrievanceState } from './grievance.ts';
import type { Duty, GrievanceTask } from './grievance-duties.ts';
import type { Instant } from './instant.ts';

/** Folds one fact into a grievance; facts that come again or do not apply change nothing. */
export function evolveGrievance(state: GrievanceState, fact: GrievanceFact): GrievanceState {
  switch (fact.type) {
    case 'taskOpened':
      if (state.tasks.some(({ taskId }) => taskId === fact.task.taskId)) return state;
      return { ...state, tasks: [...state.tasks, fact.task] };
    case 'taskAnswered':
      return withTaskAnswer(state, fact.answer);
    case 'debtorAnswered':
      if (state.decision === null || state.answer !== null) return state;
      return withDeed({ ...state, answer: { ...fact.answer, at: fact.at } }, fact, {
        duties: ['acknowledgement', 'answer'],
        at: fact.at,
      });
    case 'deedsRecorded':
      return { ...state, unrecorded: state.unrecorded.slice(fact.count) };
    case 'closed':
      return { ...state, closedAt: fact.at };
    default:
      return fact satisfies never;
  }
}

function withTaskAnswer(state: GrievanceState, answer: GivenAnswer): GrievanceState {
  const task = openTaskOf(state, answer.taskId);
  if (!task) return state;
  const { at } = answer;
  const deed: Deed = { type: 'taskAnswered', answer };
  // An escalation is answered for itself: the duty is as late as before.
  if (task.kind === 'escalation') {
    return { ...state, tasks: ended(state, (each) => each === task, at), unrecorded: [...state.unrecorded, deed] };
  }
  const { duty } = task;
  if (duty === 'acknowledgement') return withDeed({ ...state, acknowledgedAt: at }, deed, { duties: [duty], at });
  if (duty === 'correction') return withDeed({ ...state, correctedAt: at }, deed, { duties: [duty], at });
  const outcome = GRIEVANCE_OUTCOMES[state.kind].find((each) => each === answer.answer);
  // Of the answer to the debtor it has to be said how it was given.
  if (duty !== 'investigation' || outcome === undefined) return state;
  return withDeed({ ...state, decision: { outcome, at } }, deed, { duties: [duty], at });
}

/** A task that a person may still answer. */
export function openTaskOf({ tasks }: GrievanceState, taskId: string): GrievanceTask | null {
  return tasks.find((task) => task.taskId === taskId && task.endedAt === null) ?? null;
}

/** Somebody has done duties: their tasks are over, those of supervisors too. */
function withDeed(
  state: GrievanceState,
  deed: Deed,
  { duties, at }: { readonly duties: readonly Duty[]; readonly at: Instant },
): GrievanceState {
  return {
    ...state,
    tasks: ended(state, ({ duty }) => duties.includes(duty), at),
    unrecorded: [...state.unrecorded, deed],
  };
}

function ended(
  { tasks }: GrievanceState,
  which: (task: GrievanceTask) => boolean,
  at: Instant,
): readonly GrievanceTask[] {
  return tasks.map((task) => (task.endedAt === null && which(task) ? { ...task, endedAt: at } : task));
}
