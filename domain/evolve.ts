import {
  type BalanceView,
  CALENDAR_STEP,
  type CaseState,
  DID_NOT_REACH,
  type Fact,
  type GivenAnswer,
} from './case-state.ts';
import { refusalOfCall } from './cooldown-steps.ts';
import { withApproval, withCancelled, withChecked, withProposed } from './evolve-agreements.ts';
import { withOwnHold, withStanding } from './evolve-protection.ts';
import type { Instant } from './instant.ts';
import { type Channel, tierOf } from './strategy.ts';

/** Folds one fact into the case; facts that are stale or do not apply change nothing. */
export function evolve(state: CaseState, fact: Fact): CaseState {
  switch (fact.type) {
    case 'balanceChanged':
      return fact.balance.version > state.balance.version ? withBalance(state, fact.balance, fact.at) : state;
    case 'contactSettled':
      return withContact(state, fact);
    case 'contactFailed':
      return withFailure(state, fact);
    case 'contactDeferred': {
      const known = state.deferred[fact.step];
      if (known?.until === fact.until) return state;
      const times = (known?.times ?? 0) + 1;
      return { ...state, deferred: { ...state.deferred, [fact.step]: { until: fact.until, times } } };
    }
    case 'taskOpened':
      if (state.openTasks.some((task) => task.taskId === fact.task.taskId)) return state;
      return {
        ...state,
        openTasks: [...state.openTasks, fact.task],
        taskCount: state.taskCount + 1,
        done: { ...state.done, [fact.task.step]: { result: 'taskOpened', at: fact.task.openedAt } },
      };
    case 'taskAnswered':
      return withAnswer(state, fact.answer);
    case 'answersRecorded':
      return {
        ...state,
        unrecordedAnswers: state.unrecordedAnswers.filter((answer) => !fact.taskIds.includes(answer.taskId)),
      };
    case 'replanned':
      return { ...state, steps: fact.steps, plannedPauses: fact.pauses, done: withoutCalendarStep(state.done) };
    case 'standingChanged':
      return withStanding(state, fact.standing);
    case 'holdChanged':
      return withOwnHold(state, fact.event);
    case 'holdsRecorded':
      return { ...state, unrecordedEvents: state.unrecordedEvents.filter(({ id }) => !fact.eventIds.includes(id)) };
    case 'agreementProposed':
      return withProposed(state, fact);
    case 'agreementCancelled':
      return withCancelled(state, fact);
    case 'agreementChecked':
      return withChecked(state, fact);
    case 'agreementsRecorded':
      return {
        ...state,
        unrecordedAgreements: state.unrecordedAgreements.filter((id) => !fact.agreementIds.includes(id)),
      };
    case 'closed':
      return { ...state, closed: { outcome: fact.outcome, at: fact.at } };
    default:
      return fact satisfies never;
  }
}

function withContact(state: CaseState, { step, channel, result, at }: OfType<'contactSettled'>): CaseState {
  const isNewlySent = result === 'sent' && state.done[step]?.result !== 'sent';
  return {
    ...state,
    done: { ...state.done, [step]: { result, at } },
    failedOn: DID_NOT_REACH.has(result) ? withChannel(state.failedOn, step, channel) : state.failedOn,
    contactsSent: state.contactsSent + (isNewlySent ? 1 : 0),
  };
}

/** Counts once, and only for the channel that was tried last: a failure that is told late changes nothing. */
function withFailure(state: CaseState, { step, channel, at }: OfType<'contactFailed'>): CaseState {
  const failedOn = withChannel(state.failedOn, step, channel);
  if (failedOn === state.failedOn) return state;
  const isOfLast = state.done[step]?.result === 'sent';
  return { ...state, failedOn, done: isOfLast ? { ...state.done, [step]: { result: 'failed', at } } : state.done };
}

function withChannel(failedOn: CaseState['failedOn'], step: string, channel: Channel): CaseState['failedOn'] {
  const known = failedOn[step] ?? [];
  return known.includes(channel) ? failedOn : { ...failedOn, [step]: [...known, channel] };
}

type OfType<Type extends Fact['type']> = Extract<Fact, { type: Type }>;

/** After a new plan a calendar that still lacks a year is asked for again. */
function withoutCalendarStep(done: CaseState['done']): CaseState['done'] {
  return Object.fromEntries(Object.entries(done).filter(([step]) => step !== CALENDAR_STEP));
}

function withBalance(state: CaseState, balance: BalanceView, at: Instant): CaseState {
  const tier = tierOf(state.tiers, balance.overdueMinor);
  return { ...state, balance, tier, tierSince: tier === state.tier ? state.tierSince : at };
}

function withAnswer(state: CaseState, answer: GivenAnswer): CaseState {
  const task = state.openTasks.find((each) => each.taskId === answer.taskId);
  if (!task) return state;
  const answered: CaseState = {
    ...state,
    openTasks: state.openTasks.filter((each) => each.taskId !== answer.taskId),
    unrecordedAnswers: [...state.unrecordedAnswers, answer],
    reviewedAt: task.kind === 'review' ? answer.at : state.reviewedAt,
    handedOffAt: answer.answer === 'handedOff' ? answer.at : state.handedOffAt,
    refusals:
      task.kind === 'agentCall' && answer.answer === 'refused'
        ? [...state.refusals, refusalOfCall(state, task, answer)]
        : state.refusals,
  };
  return task.kind === 'approval' ? withApproval(answered, answer.answer === 'approved', answer.at) : answered;
}
