import type { TaskAnswer } from '../../domain/case-state.ts';
import { evolveGrievance } from '../../domain/evolve-grievance.ts';
import { type DebtorAnswer, type GrievanceFact, type GrievanceState, openedGrievance } from '../../domain/grievance.ts';
import type { Instant } from '../../domain/instant.ts';
import { nextGrievanceAction } from '../../domain/next-grievance-action.ts';
import { deepFreeze } from './case.ts';
import { taipei } from './events.ts';

/** Wednesday 8 April 2026, 15:00 in Taipei. */
export const RAISED_AT = taipei('2026-04-08 15:00');

export const LEVELS = {
  acknowledgeWithinHours: 24,
  decideWithinDays: 15,
  answerWithinDays: 3,
  correctWithinDays: 7,
  escalateAgainAfterDays: 3,
  suspendDays: 14,
} as const;

/** A complaint about an agent that came by the API, as its investigation begins. */
export function opened(change: Partial<Parameters<typeof openedGrievance>[0]> = {}): GrievanceState {
  return openedGrievance({
    grievanceId: 'G-1',
    kind: 'complaint',
    loanRef: 'LOAN',
    episode: 1,
    way: 'api',
    about: { kind: 'agent', ref: 'agent-9' },
    raisedAt: RAISED_AT,
    levels: LEVELS,
    ...change,
  });
}

export function givenGrievance(state: GrievanceState, ...facts: readonly GrievanceFact[]): GrievanceState {
  return deepFreeze(facts.reduce(evolveGrievance, deepFreeze(state)));
}

/** Opens every task and records every deed that is due at an instant, until there is nothing left but to wait or close. */
export function livedUntil(opening: GrievanceState, now: Instant): GrievanceState {
  let state = opening;
  for (let look = 0; look < 100; look += 1) {
    const action = nextGrievanceAction(deepFreeze(state), now);
    if (action.kind === 'wait' || action.kind === 'close') return state;
    if (action.kind === 'openTask') state = givenGrievance(state, { type: 'taskOpened', task: action.task });
    else state = givenGrievance(state, { type: 'deedsRecorded', count: action.deeds.length });
  }
  throw new Error(`At ${now} it does not come to rest.`);
}

export function taskAnswered(step: string, answer: TaskAnswer, at: Instant, id = 'complaint~G-1'): GrievanceFact {
  return { type: 'taskAnswered', answer: { taskId: `${id}~${step}`, answer, actor: 'agent-3', reason: 'a test', at } };
}

export function debtorAnswered(at: Instant, remedy: DebtorAnswer['remedy'] = null): GrievanceFact {
  return { type: 'debtorAnswered', answer: { channel: 'letter', reference: 'L-1', remedy, actor: 'agent-3' }, at };
}

/** Steps of the tasks that are open, with the instants at which they were opened. */
export function openSteps({ tasks }: GrievanceState): (readonly [string, Instant])[] {
  return tasks.filter(({ endedAt }) => endedAt === null).map(({ step, openedAt }) => [step, openedAt]);
}
