import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ProposedAgreement } from '../domain/agreement-refusal.ts';
import type { BalanceView, StandingView } from '../domain/case-state.ts';
import {
  ANSWER_TASK,
  type AgreementAnswer,
  type AnswerTaskInput,
  BALANCE_CHANGED,
  CANCEL_AGREEMENT,
  CASE_PROGRESS,
  CONTACTS_FAILED,
  type CancelAgreementInput,
  type CaseProgress,
  type FailedContact,
  PLACE_HOLD,
  PROPOSE_AGREEMENT,
  type PlaceHoldInput,
  RELEASE_HOLD,
  type ReleaseHoldInput,
  STANDING_CHANGED,
} from './contract.ts';

// Facts with no answer needed, possibly sent twice or late, are signals; they carry a version or say all every time.
export const balanceChangedSignal = defineSignal<[BalanceView]>(BALANCE_CHANGED);
/** Messages that did not arrive, all of the episode every time, so that none is lost. */
export const contactsFailedSignal = defineSignal<[readonly FailedContact[]]>(CONTACTS_FAILED);
export const standingChangedSignal = defineSignal<[StandingView]>(STANDING_CHANGED);

// What somebody wants of the case is an Update, since they must hear whether it was taken.
export const answerTaskUpdate = defineUpdate<void, [AnswerTaskInput]>(ANSWER_TASK);
export const proposeAgreementUpdate = defineUpdate<AgreementAnswer, [ProposedAgreement]>(PROPOSE_AGREEMENT);
export const cancelAgreementUpdate = defineUpdate<void, [CancelAgreementInput]>(CANCEL_AGREEMENT);
export const placeHoldUpdate = defineUpdate<void, [PlaceHoldInput]>(PLACE_HOLD);
export const releaseHoldUpdate = defineUpdate<void, [ReleaseHoldInput]>(RELEASE_HOLD);

export const caseProgressQuery = defineQuery<CaseProgress>(CASE_PROGRESS);
