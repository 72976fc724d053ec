import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type BalanceView, type CaseState, type Fact, TASK_ANSWERS } from '../domain/case-state.ts';
import { evolve } from '../domain/evolve.ts';
import { type Instant, epochMsOf, laterOf } from '../domain/instant.ts';
import { type Action, nextAction } from '../domain/next-action.ts';
import { type CaseClock, caseClock } from './case-clock.ts';
import { caseDisplay, sentenceOf } from './case-display.ts';
import { ACTIVITY_TIMEOUT_MS } from './contract.ts';
import type { AnswerTaskInput, CaseActivities, CaseInput, CaseResult } from './contract.ts';
import { answerTaskUpdate, balanceChangedSignal, caseProgressQuery, contactsFailedSignal } from './messages.ts';

/**
 * One delinquency episode of one loan, from the first reminder to its end. It interprets `nextAction`: waits or
 * performs, folds what happened into the state, asks again. Null: nothing was due, so there was no case.
 */
export async function collectionCase(input: CaseInput): Promise<CaseResult | null> {
  const clock = caseClock(input);
  const arrived: Fact[] = [];
  const show = caseDisplay();
  let state = input.carried?.state ?? null;
  let action: Action | null = null;
  let isOver = false;

  // Handlers only put facts into the queue that the loop below drains, so nothing happens in two places at once.
  setHandler(
    balanceChangedSignal,
    (balance) => {
      arrived.push(heard(balance, clock));
    },
    { description: 'The loan system has posted something: the new balance and its version' },
  );
  setHandler(
    contactsFailedSignal,
    (failed) => {
      for (const contact of failed) {
        arrived.push({ type: 'contactFailed', ...contact, at: laterOf(contact.at, clock.now()) });
      }
    },
    { description: 'Messages that a provider had taken did not arrive' },
  );
  setHandler(
    answerTaskUpdate,
    (answer) => {
      arrived.push({ type: 'taskAnswered', answer: { ...answer, at: clock.now() } });
    },
    { validator: (answer) => assertAnswerable(state, arrived, answer), description: 'A person answers an open task' },
  );
  setHandler(
    caseProgressQuery,
    () => ({
      state,
      action,
      clockOffsetMs: clock.offsetMs,
      isOver: isOver || state?.closed != null,
      isWaiting: action?.kind === 'wait' && arrived.length === 0,
    }),
    { description: 'Where the case stands and what it is doing' },
  );

  state ??= await activities('Opens the case').openCase({
    loanRef: input.loanRef,
    runId: workflowInfo().runId,
    at: clock.now(),
  });
  if (!state) {
    isOver = true;
    return null;
  }

  for (;;) {
    state = fold(state, arrived.splice(0));
    action = nextAction(state, clock.now());
    show(state, action);
    if (action.kind === 'close') {
      state = await close(state, action, clock);
      if (state.closed) return finish(state, arrived, clock);
    } else if (action.kind === 'wait') {
      if (isHistoryLong(input)) await carryOn(input, state, arrived, clock);
      await wait(action, arrived, clock);
    } else {
      state = fold(state, await perform(state, action, clock));
    }
  }
}

/**
 * A balance that the case hears of, by whatever way. It counts from now on, or from its own instant if that is still to
 * come: a back-dated payment does not make steps due that would have been taken earlier.
 */
function heard(balance: BalanceView, clock: CaseClock): Fact {
  return { type: 'balanceChanged', balance, at: laterOf(balance.effectiveAt, clock.now()) };
}

/** Facts that change nothing, such as a second delivery, are harmless: `evolve` ignores them. */
function fold(state: CaseState, facts: readonly Fact[]): CaseState {
  return facts.reduce(evolve, state);
}

async function wait(action: Extract<Action, { kind: 'wait' }>, arrived: readonly Fact[], clock: CaseClock) {
  const somethingArrived = () => arrived.length > 0;
  if (action.until === null) await condition(somethingArrived);
  else await condition(somethingArrived, msUntil(action.until, clock), { summary: sentenceOf(action) });
}

function msUntil(instant: Instant, clock: CaseClock): number {
  return Math.max(1, epochMsOf(instant) - epochMsOf(clock.now()));
}

async function perform(
  state: CaseState,
  action: Exclude<Action, { kind: 'close' | 'wait' }>,
  clock: CaseClock,
): Promise<readonly Fact[]> {
  const { loanRef, episode, strategy, balance } = state;
  const { makeContacts, openTask, recordAnswers, replanCase } = activities(sentenceOf(action));
  switch (action.kind) {
    case 'contact': {
      const { contacts } = action;
      const balanceVersion = balance.version;
      const { facts, newerBalance } = await makeContacts({
        loanRef,
        episode,
        strategy,
        contacts,
        balanceVersion,
      });
      return newerBalance ? [...facts, heard(newerBalance, clock)] : facts;
    }
    case 'openTask':
      await openTask({ loanRef, episode, task: action.task });
      return [{ type: 'taskOpened', task: action.task }];
    case 'recordAnswers':
      await recordAnswers({ loanRef, episode, answers: action.answers });
      return [{ type: 'answersRecorded', taskIds: action.answers.map((answer) => answer.taskId) }];
    case 'replan':
      return [{ type: 'replanned', steps: await replanCase({ loanRef, episode }) }];
    default:
      return action satisfies never;
  }
}

/** Closes the case, unless the balance has moved on in the database: then the case goes on with the newer one. */
async function close(
  state: CaseState,
  { outcome, at }: Extract<Action, { kind: 'close' }>,
  clock: CaseClock,
): Promise<CaseState> {
  const { loanRef, episode, balance } = state;
  const newer = await activities(`Closes: ${outcome}`).closeCase({
    loanRef,
    episode,
    outcome,
    at,
    balanceVersion: balance.version,
  });
  return evolve(state, newer ? heard(newer, clock) : { type: 'closed', outcome, at });
}

/** A debt that fell due anew while the case was closing is a new episode, under the same id. */
async function finish(state: CaseState, arrived: readonly Fact[], clock: CaseClock): Promise<CaseResult> {
  await condition(allHandlersFinished);
  const { loanRef, episode, closed, balance } = state;
  if (!closed) throw ApplicationFailure.nonRetryable('The case has not closed.', 'CASE_UNKNOWN');
  const dueAnew = arrived.some(
    (fact) => fact.type === 'balanceChanged' && fact.balance.version > balance.version && fact.balance.overdueMinor > 0,
  );
  if (dueAnew) {
    await continueAsNew<typeof collectionCase>({
      loanRef,
      ...(clock.offsetMs === 0 ? {} : { sandboxStartsAt: clock.now() }),
    });
  }
  return { loanRef, episode, outcome: closed.outcome, closedAt: closed.at };
}

function isHistoryLong({ sandboxHistoryLimit = Number.POSITIVE_INFINITY }: CaseInput): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > sandboxHistoryLimit;
}

/** A fresh history with the same state. What has arrived is folded in first: nothing is left behind in the queue. */
async function carryOn(input: CaseInput, state: CaseState, arrived: Fact[], clock: CaseClock): Promise<void> {
  await condition(allHandlersFinished);
  await continueAsNew<typeof collectionCase>({
    ...input,
    carried: { state: fold(state, arrived.splice(0)), clockOffsetMs: clock.offsetMs },
  });
}

/** Synchronous: an asynchronous validator could not reject. */
function assertAnswerable(
  state: CaseState | null,
  arrived: readonly Fact[],
  { taskId, answer }: AnswerTaskInput,
): void {
  const task = state?.openTasks.find((each) => each.taskId === taskId);
  const answered = arrived.some((fact) => fact.type === 'taskAnswered' && fact.answer.taskId === taskId);
  if (!task || answered) {
    throw ApplicationFailure.nonRetryable(
      `Task ${taskId} is not open.`,
      answered ? 'TASK_ALREADY_ANSWERED' : 'TASK_UNKNOWN',
    );
  }
  if (!TASK_ANSWERS[task.kind].includes(answer)) {
    const offered = TASK_ANSWERS[task.kind].join(', ');
    throw ApplicationFailure.nonRetryable(
      `A ${task.kind} task is answered by one of: ${offered}.`,
      'TASK_ANSWER_INVALID',
    );
  }
}

/**
 * The activities of one action. Every one is keyed by the case, step and attempt in its input, so a repetition is
 * harmless; each try ends after `ACTIVITY_TIMEOUT_MS` and tries come at most ten minutes apart. They do not give up by themselves:
 * a contact that no provider takes is settled as undelivered by its activity, and the rest only needs the database.
 */
function activities(summary: string): CaseActivities {
  return proxyActivities<CaseActivities>({
    startToCloseTimeout: ACTIVITY_TIMEOUT_MS,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' },
    summary,
  });
}
