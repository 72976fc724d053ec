import type { Client } from '@temporalio/client';
import type { LoanEvent } from '../../domain/events.ts';
import { type Instant, MINUTE_MS, plusMs } from '../../domain/instant.ts';
import { viewOfEvents } from '../../domain/open-case.ts';
import { compareText } from '../../domain/order.ts';
import { type RehearsedLoan, eventsSeen } from '../../domain/rehearsal.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { caseAtRest, fastForward } from '../../local/fast-forward.ts';
import { type CaseProgress, caseWorkflowId } from '../../workflows/contract.ts';
import type { DebtorPlan } from '../plan-run.ts';

/** What the driver needs of the world that it drives. */
export interface World {
  readonly client: Client;
  readonly strategy: Strategy;
  /** Sends an event as the loan system would; resolves when it is committed. */
  readonly send: (event: LoanEvent) => Promise<void>;
  /** Resolves when the engine has the balance of so many events of a loan. */
  readonly told: (loanRef: string, version: number) => Promise<void>;
  /** Called with the instant that a loan has reached. */
  readonly onMoved: (loanRef: string, at: Instant) => void;
}

/**
 * Clocks are moved up to so long before an instant at which two things meet, and from there step by step: a virtual
 * clock goes on in real time, and must not run past a payment while that is being sent.
 */
const MARGIN_MS = 15 * MINUTE_MS;
/** How far past a due step a clock is moved so that the step is surely taken. */
const PAST_MS = 1_000;
const STEP_LIMIT = 5_000;
const SETTLE_LIMIT = 600;

interface DrivenCase {
  readonly loan: RehearsedLoan;
  /** Events sent so far. */
  sent: number;
  isOpen: boolean;
}

/**
 * Lives the life of one debtor's loans on the server: moves the clocks of their cases, in step with each other, and
 * sends every payment when its instant has come. Their announcements must have been sent before.
 */
export async function driveDebtor(world: World, plan: DebtorPlan): Promise<void> {
  const cases = plan.loans.map((loan): DrivenCase => {
    const seen = eventsSeen(loan);
    const isOpen = (viewOfEvents(seen, world.strategy)?.overdueMinor ?? 0) > 0;
    return { loan, sent: seen.length, isOpen };
  });
  await Promise.all(cases.map(({ loan, sent }) => world.told(loan.statement.loanRef, sent)));
  for (let step = 0; step < STEP_LIMIT; step += 1) {
    const payment = nextPayment(cases, plan.end);
    await moveUntil(world, cases, payment?.event.timestamp ?? plan.end);
    if (!payment) return;
    const { driven, event } = payment;
    if (driven.isOpen) await move(world, driven, plusMs(event.timestamp, -MARGIN_MS));
    await world.send(event);
    driven.sent += 1;
    await world.told(driven.loan.statement.loanRef, driven.sent);
    world.onMoved(driven.loan.statement.loanRef, event.timestamp);
  }
  throw new RangeError(`The cases of debtor ${plan.debtorRef} never come to rest.`);
}

function nextPayment(cases: readonly DrivenCase[], end: Instant): { driven: DrivenCase; event: LoanEvent } | null {
  let first: { driven: DrivenCase; event: LoanEvent } | null = null;
  for (const driven of cases) {
    const event = driven.loan.events[driven.sent];
    if (event && event.timestamp < end && (!first || event.timestamp < first.event.timestamp))
      first = { driven, event };
  }
  return first;
}

/** Lets the cases do everything that falls due before an instant, in the order in which it does. */
async function moveUntil(world: World, cases: readonly DrivenCase[], until: Instant): Promise<void> {
  for (let step = 0; step < STEP_LIMIT; step += 1) {
    const due = await dueTimes(world, cases);
    const [next, following] = due;
    if (!next || next.at >= until) return;
    const meeting = following && following.at < until ? following.at : until;
    const quiet = plusMs(meeting, -MARGIN_MS);
    await move(world, next.driven, next.at < quiet ? quiet : plusMs(next.at, PAST_MS));
  }
  throw new RangeError(`The cases never come to rest before ${until}.`);
}

/** When the open cases do something next, soonest first; in order of their loans at one instant. */
async function dueTimes(world: World, cases: readonly DrivenCase[]): Promise<{ driven: DrivenCase; at: Instant }[]> {
  const due: { driven: DrivenCase; at: Instant }[] = [];
  for (const driven of cases) {
    const progress = driven.isOpen ? await settled(world, driven) : null;
    if (progress?.action?.kind === 'wait' && progress.action.until !== null)
      due.push({ driven, at: progress.action.until });
  }
  const refOf = ({ driven }: { driven: DrivenCase }) => driven.loan.statement.loanRef;
  return due.sort((a, b) => compareText(a.at, b.at) || compareText(refOf(a), refOf(b)));
}

/** The progress of a case once it has nothing under way; null when it has closed. */
async function settled(world: World, driven: DrivenCase): Promise<CaseProgress | null> {
  const progress = await caseAtRest(world.client, driven.loan.statement.loanRef, SETTLE_LIMIT);
  if (!progress.isOver) return progress;
  driven.isOpen = false;
  return null;
}

async function move(world: World, driven: DrivenCase, to: Instant): Promise<void> {
  const { loanRef } = driven.loan.statement;
  const progress = await settled(world, driven);
  if (!progress) return;
  await fastForward(world.client, { workflowId: caseWorkflowId(loanRef), clockOffsetMs: progress.clockOffsetMs, to });
  world.onMoved(loanRef, to);
}
