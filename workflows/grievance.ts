import { allHandlersFinished, condition, continueAsNew, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { evolveGrievance } from '../domain/evolve-grievance.ts';
import type { GrievanceFact, GrievanceState } from '../domain/grievance.ts';
import { epochMsOf } from '../domain/instant.ts';
import { type GrievanceAction, nextGrievanceAction } from '../domain/next-grievance-action.ts';
import { type CaseClock, caseClock } from './case-clock.ts';
import type { GrievanceInput, GrievanceResult } from './grievance-contract.ts';
import { grievanceDetailsOf, grievanceSentenceOf } from './grievance-display.ts';
import { grievanceInbox, grievanceProgressQuery } from './grievance-inbox.ts';
import { grievanceActivities, performGrievance } from './grievance-performer.ts';
import { isHistoryLong } from './history-length.ts';

/**
 * One complaint or dispute, from its raising until the debtor was answered and the loan system has what follows from it.
 * It interprets `nextGrievanceAction`. A workflow of its own: it goes on when the loan is paid, and needs no open case.
 */
export async function grievance(input: GrievanceInput): Promise<GrievanceResult> {
  const clock = caseClock(input);
  let state = input.carried?.state ?? null;
  let action: GrievanceAction | null = null;
  const arrived = grievanceInbox(clock, () => state);

  setHandler(
    grievanceProgressQuery,
    () => ({
      state,
      action,
      clockOffsetMs: clock.offsetMs,
      isOver: state?.closedAt != null,
      isWaiting: action?.kind === 'wait' && arrived.length === 0,
    }),
    { description: 'Where the complaint or dispute stands' },
  );

  const { kind, grievanceId } = input;
  state ??= await grievanceActivities(`Opens the ${kind}`).openGrievance({ grievanceId });
  for (;;) {
    state = fold(state, arrived.splice(0));
    action = nextGrievanceAction(state, clock.now());
    setCurrentDetails(grievanceDetailsOf(state, action));
    if (action.kind === 'wait') {
      if (isHistoryLong(input)) await carryOn(input, state, arrived, clock);
      await wait(action, arrived, clock);
      continue;
    }
    state = fold(state, await performGrievance(state, action));
    const { closedAt, decision } = state;
    if (closedAt === null || decision === null) continue;
    await condition(allHandlersFinished);
    return { kind, grievanceId, outcome: decision.outcome, closedAt };
  }
}

function fold(state: GrievanceState, facts: readonly GrievanceFact[]): GrievanceState {
  return facts.reduce(evolveGrievance, state);
}

async function wait(
  action: Extract<GrievanceAction, { kind: 'wait' }>,
  arrived: readonly GrievanceFact[],
  clock: CaseClock,
): Promise<void> {
  const somethingArrived = () => arrived.length > 0;
  if (action.until === null) await condition(somethingArrived);
  else {
    const durationMs = Math.max(1, epochMsOf(action.until) - epochMsOf(clock.now()));
    await condition(somethingArrived, durationMs, { summary: grievanceSentenceOf(action) });
  }
}

/** A fresh history with the same state. What has arrived is folded in first: nothing is left behind in the queue. */
async function carryOn(
  input: GrievanceInput,
  state: GrievanceState,
  arrived: GrievanceFact[],
  clock: CaseClock,
): Promise<void> {
  await condition(allHandlersFinished);
  await continueAsNew<typeof grievance>({
    ...input,
    carried: { state: fold(state, arrived.splice(0)), clockOffsetMs: clock.offsetMs },
  });
}
