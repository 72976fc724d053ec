import { ApplicationFailure, defineQuery, defineUpdate, setHandler } from '@temporalio/workflow';
import { evolveGrievance } from '../domain/evolve-grievance.ts';
import type { GrievanceFact, GrievanceState } from '../domain/grievance.ts';
import { type GrievanceRefusal, refusalOfDebtorAnswer, refusalOfTaskAnswer } from '../domain/grievance-refusal.ts';
import type { CaseClock } from './case-clock.ts';
import {
  ANSWER_DEBTOR,
  type AnswerDebtorInput,
  GRIEVANCE_PROGRESS,
  type GrievanceProgress,
} from './grievance-contract.ts';
import { answerTaskUpdate } from './messages.ts';

export const answerDebtorUpdate = defineUpdate<void, [AnswerDebtorInput]>(ANSWER_DEBTOR);
export const grievanceProgressQuery = defineQuery<GrievanceProgress>(GRIEVANCE_PROGRESS);

/**
 * Registers the handlers of what people tell a grievance. They only put facts into the queue that its loop drains.
 * Validators see it with everything that has arrived folded in: of two people at once the second hears of the first.
 * @param stateOf the grievance as it stands without what is in the queue; null while it is being opened.
 * @returns the queue.
 */
export function grievanceInbox(clock: CaseClock, stateOf: () => GrievanceState | null): GrievanceFact[] {
  const arrived: GrievanceFact[] = [];
  const asOfNow = (): GrievanceState => {
    const state = stateOf();
    if (!state) throw ApplicationFailure.nonRetryable('It is still being opened.', 'GRIEVANCE_UNKNOWN');
    return arrived.reduce(evolveGrievance, state);
  };

  setHandler(
    answerTaskUpdate,
    (answer) => {
      arrived.push({ type: 'taskAnswered', answer: { ...answer, at: clock.now() } });
    },
    {
      validator: (answer) => refuse(refusalOfTaskAnswer(asOfNow(), answer)),
      description: 'A person answers an open task: actor and reason are required',
    },
  );
  setHandler(
    answerDebtorUpdate,
    (answer) => {
      arrived.push({ type: 'debtorAnswered', answer, at: clock.now() });
    },
    {
      validator: (answer) => refuse(refusalOfDebtorAnswer(asOfNow(), answer)),
      description: 'The debtor was told what came of it: channel, reference and remedy',
    },
  );
  return arrived;
}

/** @throws the refusal, if there is one */
function refuse(refusal: GrievanceRefusal | null): void {
  if (refusal) throw ApplicationFailure.nonRetryable(refusal.message, refusal.code);
}
