import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BalanceView } from '../domain/case-state.ts';
import {
  ANSWER_TASK,
  type AnswerTaskInput,
  BALANCE_CHANGED,
  CASE_PROGRESS,
  CONTACTS_FAILED,
  type CaseProgress,
  type FailedContact,
} from './contract.ts';

/** A fact with no answer needed, possibly sent twice or late: hence a signal that carries a version. */
export const balanceChangedSignal = defineSignal<[BalanceView]>(BALANCE_CHANGED);

/** Also a fact: messages that did not arrive, all of the episode every time, so that none is lost. */
export const contactsFailedSignal = defineSignal<[readonly FailedContact[]]>(CONTACTS_FAILED);

/** An Update, since whoever answers must hear whether the answer was taken. */
export const answerTaskUpdate = defineUpdate<void, [AnswerTaskInput]>(ANSWER_TASK);

export const caseProgressQuery = defineQuery<CaseProgress>(CASE_PROGRESS);
