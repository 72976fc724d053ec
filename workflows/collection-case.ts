import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { CaseState, Fact } from '../domain/case-state.ts';
import { evolve } from '../domain/evolve.ts';
import { type Instant, epochMsOf } from '../domain/instant.ts';
import { type Action, nextAction, recordingAction } from '../domain/next-action.ts';
import { type CaseClock, caseClock } from './case-clock.ts';
import { caseDisplay, sentenceOf } from './case-display.ts';
import { caseInbox, heard } from './case-inbox.ts';
import { activities, perform } from './case-performer.ts';
import type { CaseInput, CaseResult } from './contract.ts';
import { isHistoryLong } from './history-length.ts';
import { caseProgressQuery } from './messages.ts';

/**
 * One delinquency episode of one loan, from the first reminder to its end. It interprets `nextAction`: waits or
 * performs, folds what happened into the state, asks again. Null: nothing was due, so there was no case.
 */
export async function collectionCase(input: CaseInput): Promise<CaseResult | null> {
  const clock = caseClock(input);
  const show = caseDisplay();
  let state = input.carried?.state ?? null;
  let action: Action | null = null;
  let isOver = false;
  const arrived = caseInbox(clock, () => state);

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
    state,
  });
  return evolve(state, newer ? heard(newer, clock) : { type: 'closed', outcome, at });
}

/**
 * What was said at the last moment is recorded all the same. A debt that fell due anew while the case was closing is a new
 * episode, under the same id.
 */
async function finish(ended: CaseState, arrived: readonly Fact[], clock: CaseClock): Promise<CaseResult> {
  await condition(allHandlersFinished);
  let state = fold(
    ended,
    arrived.filter(({ type }) => type === 'holdChanged'),
  );
  for (let rest = recordingAction(state); rest !== null; rest = recordingAction(state)) {
    state = fold(state, await perform(state, rest, clock));
  }
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

/** A fresh history with the same state. What has arrived is folded in first: nothing is left behind in the queue. */
async function carryOn(input: CaseInput, state: CaseState, arrived: Fact[], clock: CaseClock): Promise<void> {
  await condition(allHandlersFinished);
  await continueAsNew<typeof collectionCase>({
    ...input,
    carried: { state: fold(state, arrived.splice(0)), clockOffsetMs: clock.offsetMs },
  });
}
