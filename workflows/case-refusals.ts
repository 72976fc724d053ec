import { ApplicationFailure } from '@temporalio/workflow';
import { type ProposedAgreement, refusalOfAgreement } from '../domain/agreement-refusal.ts';
import { type CaseState, TASK_ANSWERS } from '../domain/case-state.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { AnswerTaskInput, CancelAgreementInput, PlaceHoldInput, ReleaseHoldInput } from './contract.ts';

// Validators of Updates: synchronous, since an asynchronous one could not reject; they see the case with everything that
// has arrived folded in, so that of two people at once the second hears of the first.

/** @throws TASK_UNKNOWN, TASK_ALREADY_ANSWERED, TASK_ANSWER_INVALID, FOUR_EYES, OTHER_AGENT */
export function assertAnswerable(
  before: CaseState | null,
  state: CaseState | null,
  { taskId, answer, actor }: AnswerTaskInput,
): void {
  const task = state?.openTasks.find((each) => each.taskId === taskId);
  if (!task) {
    const wasOpen = before?.openTasks.some((each) => each.taskId === taskId) === true;
    throw refusal(wasOpen ? 'TASK_ALREADY_ANSWERED' : 'TASK_UNKNOWN', `Task ${taskId} is not open.`);
  }
  if (!TASK_ANSWERS[task.kind].includes(answer)) {
    const offered = TASK_ANSWERS[task.kind].join(', ');
    throw refusal('TASK_ANSWER_INVALID', `A ${task.kind} task is answered by one of: ${offered}.`);
  }
  if (task.notBy?.includes(actor) === true) {
    throw refusal('OTHER_AGENT', 'The debtor has refused to talk to this agent: somebody else has to do it.');
  }
  if (task.kind === 'approval' && state?.proposal?.actor === actor) {
    throw refusal('FOUR_EYES', 'Whoever proposed it cannot approve or refuse it.');
  }
}

/** @throws AGREEMENT_… as `refusalOfAgreement` says; CASE_UNKNOWN while the case is being opened */
export function assertAgreeable(state: CaseState | null, proposed: ProposedAgreement, now: Instant): void {
  const refused = refusalOfAgreement(opened(state), proposed, now);
  if (refused) throw refusal(refused.code, refused.message);
}

/** @throws AGREEMENT_UNKNOWN */
export function assertCancellable(state: CaseState | null, { agreementId }: CancelAgreementInput): void {
  const isOpen = opened(state).agreements.some((each) => each.agreementId === agreementId && each.status === 'open');
  if (!isOpen) throw refusal('AGREEMENT_UNKNOWN', `No agreement ${agreementId} is open.`);
}

/** @throws CASE_CLOSED, HOLD_INVALID */
export function assertHoldable(state: CaseState | null, { holdId, from, until }: PlaceHoldInput, now: Instant): void {
  const { closed, holds } = opened(state);
  if (closed) throw refusal('CASE_CLOSED', 'The case is closed.');
  if (holds.some((hold) => hold.holdId === holdId)) throw refusal('HOLD_INVALID', `Hold ${holdId} is there already.`);
  if (until !== undefined && until <= (from ?? now)) {
    throw refusal('HOLD_INVALID', 'The hold ends before it begins.');
  }
}

/** @throws HOLD_UNKNOWN */
export function assertReleasable(state: CaseState | null, { holdId }: ReleaseHoldInput, now: Instant): void {
  const hold = opened(state).holds.find((each) => each.holdId === holdId);
  if (!hold || (hold.to !== null && hold.to <= now)) throw refusal('HOLD_UNKNOWN', `No hold ${holdId} is in force.`);
}

function opened(state: CaseState | null): CaseState {
  if (!state) throw refusal('CASE_UNKNOWN', 'The case is still being opened.');
  return state;
}

function refusal(code: ErrorCode, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, code);
}
