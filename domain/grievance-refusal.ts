import { TASK_ANSWERS, type TaskAnswer } from './case-state.ts';
import type { ErrorCode } from './errors.ts';
import { openTaskOf } from './evolve-grievance.ts';
import { type DebtorAnswer, type GrievanceState, isUpheld } from './grievance.ts';

export interface GrievanceRefusal {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Why a task cannot be answered like this: TASK_UNKNOWN, TASK_ANSWER_INVALID, FOUR_EYES; null when it can. */
export function refusalOfTaskAnswer(
  state: GrievanceState,
  { taskId, answer, actor }: { readonly taskId: string; readonly answer: TaskAnswer; readonly actor: string },
): GrievanceRefusal | null {
  const task = openTaskOf(state, taskId);
  if (!task) return { code: 'TASK_UNKNOWN', message: `Task ${taskId} is not open.` };
  const offered = TASK_ANSWERS[task.kind];
  if (offered.length === 0) {
    const message = `Task ${taskId} is done by telling how the debtor was answered.`;
    return { code: 'TASK_ANSWER_INVALID', message };
  }
  if (!offered.includes(answer)) {
    return {
      code: 'TASK_ANSWER_INVALID',
      message: `A ${task.kind} task is answered by one of: ${offered.join(', ')}.`,
    };
  }
  if (task.duty === 'investigation' && state.about?.kind === 'agent' && state.about.ref === actor) {
    return { code: 'FOUR_EYES', message: 'Whoever is complained about cannot decide the complaint.' };
  }
  return null;
}

/** Why the debtor cannot have been answered like this: GRIEVANCE_UNDECIDED, _ANSWERED, _REMEDY; null when they can. */
export function refusalOfDebtorAnswer(
  { kind, grievanceId, decision, answer }: GrievanceState,
  { remedy }: DebtorAnswer,
): GrievanceRefusal | null {
  if (decision === null) {
    return { code: 'GRIEVANCE_UNDECIDED', message: `The ${kind} ${grievanceId} has not been decided.` };
  }
  if (answer !== null) {
    return { code: 'GRIEVANCE_ANSWERED', message: `The ${kind} ${grievanceId} has been answered.` };
  }
  const isDue = kind === 'complaint' && isUpheld(decision.outcome);
  if (isDue === (remedy !== null)) return null;
  const message = isDue ? 'An upheld complaint has a remedy.' : `A ${kind} that is ${decision.outcome} has no remedy.`;
  return { code: 'GRIEVANCE_REMEDY', message };
}
