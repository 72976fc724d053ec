import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BalanceView } from '../domain/case-state.ts';
import { ANSWER_TASK, type AnswerTaskInput, BALANCE_CHANGED, CASE_PROGRESS, type CaseProgress } from './contract.ts';

/** A fact with no answer needed, possibly sent twice or late: hence a signal that carries a version. */
export const balanceChangedSignal = defineSignal<[BalanceView]>(BALANCE_CHANGED);

/** An Update, since whoever answers must hear whether the answer was taken. */
export const answerTaskUpdate = defineUpdate<void, [AnswerTaskInput]>(ANSWER_TASK);

export const caseProgressQuery = defineQuery<CaseProgress>(CASE_PROGRESS);
