import type { Calendar } from '../../domain/calendar.ts';
import {
  type BalanceView,
  type CaseState,
  type ContactResult,
  type Fact,
  NO_STANDING,
  type OpenTask,
  type StandingView,
  type TaskAnswer,
} from '../../domain/case-state.ts';
import { evolve } from '../../domain/evolve.ts';
import type { Statement } from '../../domain/events.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Action, type ContactIntent, nextAction } from '../../domain/next-action.ts';
import { openCase } from '../../domain/open-case.ts';
import type { Channel, Strategy } from '../../domain/strategy.ts';
import { statement, taipei } from './events.ts';
import { calendar, strategy } from './strategy.ts';

/** Midnight in Taipei three days before the due date: when a loan is usually first seen. */
export const SEEN_AT = taipei('2026-03-29 00:00');

/** A balance of an amount that is due; of nothing, it is clear and NT$15,000.00 of the loan are left. */
export function view(overdueMinor: number, change: Partial<BalanceView> = {}): BalanceView {
  const effectiveAt = change.effectiveAt ?? SEEN_AT;
  const cleared = overdueMinor > 0 ? null : { at: effectiveAt, outstandingMinor: 1_500_000 };
  return { version: 1, effectiveAt, overdueMinor, cleared, closed: null, ...change };
}

/** A case of NT$5,000.00, tier medium, opened three days before its due date of 1 April 2026. */
export function openedCase(
  opening: {
    readonly strategy?: Partial<Strategy>;
    readonly calendar?: Calendar;
    readonly statement?: Partial<Statement>;
    readonly balance?: BalanceView;
    readonly standing?: StandingView;
    readonly at?: Instant;
  } = {},
): CaseState {
  return openCase({
    statement: statement(opening.statement),
    episode: 1,
    strategy: strategy(opening.strategy),
    calendar: opening.calendar ?? calendar(),
    balance: opening.balance ?? view(500_000),
    standing: opening.standing ?? NO_STANDING,
    at: opening.at ?? SEEN_AT,
  });
}

export function given(state: CaseState, ...facts: readonly Fact[]): CaseState {
  return facts.reduce(evolve, state);
}

/** The loan has NT$ so much due from an instant on; versions go up by themselves. */
export function balanceChanged(state: CaseState, at: Instant, overdueMinor: number): Fact {
  const balance = view(overdueMinor, { version: state.balance.version + 1, effectiveAt: at });
  return { type: 'balanceChanged', balance, at };
}

export function settled(step: string, at: Instant, result: ContactResult = 'sent', channel: Channel = 'sms'): Fact {
  return { type: 'contactSettled', step, channel, result, at };
}

export function answered(taskId: string, answer: TaskAnswer, at: Instant): Fact {
  return { type: 'taskAnswered', answer: { taskId, answer, actor: 'agent-1', reason: 'a test', at } };
}

/** Freezes a value through and through: whatever changes it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) deepFreeze(each);
  }
  return value;
}

/** The contacts that are due at an instant; none when the case does something else. */
export function contactsDue(state: CaseState, now: Instant): readonly ContactIntent[] {
  const action = nextAction(deepFreeze(state), now);
  return action.kind === 'contact' ? action.contacts : [];
}

/** The task that a case opens at an instant. */
export function taskDue(state: CaseState, now: Instant): OpenTask {
  const action = nextAction(deepFreeze(state), now);
  if (action.kind !== 'openTask') throw new Error(`At ${now} the case does not open a task: ${JSON.stringify(action)}`);
  return action.task;
}

/** What a case does first of something else than waiting, and when; the case is left alone until then. */
export function firstDeed(state: CaseState, from: Instant): { readonly at: Instant; readonly action: Action } {
  let now = from;
  for (let look = 0; look < 100; look += 1) {
    const action = nextAction(deepFreeze(state), now);
    if (action.kind !== 'wait' || action.until === null) return { at: now, action };
    if (action.until <= now) throw new Error(`At ${now} the case waits until ${action.until}, which is over.`);
    now = action.until;
  }
  throw new Error('The case only ever waits.');
}

/** Performs what falls due before an instant, every contact sent, every task opened and nobody answering. */
export function lived(opened: CaseState, from: Instant, until: Instant): CaseState {
  let state = opened;
  for (let look = 0; look < 1_000; look += 1) {
    const { at, action } = firstDeed(state, from);
    if (at >= until || action.kind === 'wait' || action.kind === 'close') return state;
    state = given(state, ...factsOf(action, at));
  }
  throw new Error(`The case does not come to rest before ${until}.`);
}

/** What an action leads to when all goes well. */
export function factsOf(action: Action, at: Instant): readonly Fact[] {
  switch (action.kind) {
    case 'contact':
      return action.contacts.map((intent) => settled(intent.step, intent.at, 'sent', intent.channel));
    case 'openTask':
      return [{ type: 'taskOpened', task: action.task }];
    case 'recordAnswers':
      return [{ type: 'answersRecorded', taskIds: action.answers.map((answer) => answer.taskId) }];
    case 'close':
      return [{ type: 'closed', outcome: action.outcome, at: action.at }];
    case 'recordHolds':
      return [{ type: 'holdsRecorded', eventIds: action.events.map(({ id }) => id) }];
    case 'recordAgreements':
      return [{ type: 'agreementsRecorded', agreementIds: action.agreements.map(({ agreementId }) => agreementId) }];
    case 'replan':
    case 'checkAgreement':
      throw new Error(`At ${at} the case asks to ${action.kind}.`);
    case 'wait':
      return [];
    default:
      return action satisfies never;
  }
}
