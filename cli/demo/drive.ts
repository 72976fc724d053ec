import type { Client } from '@temporalio/client';
import type { CaseState } from '../../domain/case-state.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { type Instant, MINUTE_MS, plusMs } from '../../domain/instant.ts';
import { viewOfEvents } from '../../domain/open-case.ts';
import { compareText } from '../../domain/order.ts';
import { type RehearsedLoan, eventsSeen } from '../../domain/rehearsal.ts';
import type { PendingResponses } from '../../domain/responses/pending-responses.ts';
import type { Saying } from '../../domain/responses/sayings.ts';
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
  /** How debtors respond, and who is told; null: all they do is pay. */
  readonly responses: {
    readonly pendingOf: (loan: RehearsedLoan) => PendingResponses;
    /** Resolves when it is committed. @returns whether more may be said */
    readonly take: (saying: Saying, about: { readonly loanRef: string; readonly at: Instant }) => Promise<boolean>;
  } | null;
  /** Called with the instant that a loan has reached. */
  readonly onMoved: (loanRef: string, at: Instant) => void;
}

/**
 * Clocks are moved up to so long before an instant at which two things meet, and from there step by step: a virtual
 * clock goes on in real time, and must not run past a payment while that is being sent.
 */
const MARGIN_MS = 15 * MINUTE_MS;
/**
 * How far past a due step a clock is moved, in the clock's own time: longer than the step takes in real time. A clock that
 * reached its aim by itself while a step was under way would be skipped on to the case's next timer.
 */
const PAST_MS = MINUTE_MS;
const STEP_LIMIT = 5_000;
const SETTLE_LIMIT = 600;

interface DrivenCase {
  readonly loan: RehearsedLoan;
  /** Events sent so far. */
  sent: number;
  isOpen: boolean;
  /** The case when it was last at rest. */
  state: CaseState | null;
  readonly pending: PendingResponses | null;
}

/** Something that Kept is told from outside: money, or what a debtor says and does. */
interface Telling {
  readonly driven: DrivenCase;
  readonly at: Instant;
  /** Null: a response. */
  readonly payment: LoanEvent | null;
}

/**
 * Lives the life of one debtor's loans on the server: moves the clocks of their cases, in step with each other, sends
 * every payment when its instant has come, and lets the debtor respond. Their announcements must have been sent before.
 */
export async function driveDebtor(world: World, plan: DebtorPlan): Promise<void> {
  const cases = plan.loans.map((loan): DrivenCase => {
    const seen = eventsSeen(loan);
    const isOpen = (viewOfEvents(seen, world.strategy)?.overdueMinor ?? 0) > 0;
    const pending = world.responses?.pendingOf(loan) ?? null;
    return { loan, sent: seen.length, isOpen, state: null, pending };
  });
  await Promise.all(cases.map(({ loan, sent }) => world.told(loan.statement.loanRef, sent)));
  for (let step = 0; step < STEP_LIMIT; step += 1) {
    const [next, following] = await dueTimes(world, cases);
    const telling = nextTelling(cases, plan.end);
    const until = telling?.at ?? plan.end;
    if (next && (next.at < until || (next.at === until && telling?.payment === null))) {
      await moveOn(world, next, following && following.at < until ? following.at : until);
    } else if (telling) {
      await tell(world, telling);
    } else {
      return;
    }
  }
  throw new RangeError(`The cases of debtor ${plan.debtorRef} never come to rest.`);
}

/** What Kept is told next before the end: money before what is said at the same instant. */
function nextTelling(cases: readonly DrivenCase[], end: Instant): Telling | null {
  const tellings = cases.flatMap((driven): Telling[] => {
    const payment = driven.loan.events[driven.sent];
    const response = driven.isOpen && driven.state ? driven.pending?.next(driven.state) : null;
    return [
      ...(payment ? [{ driven, at: payment.timestamp, payment }] : []),
      ...(response ? [{ driven, at: response.at, payment: null }] : []),
    ];
  });
  const [first] = tellings
    .filter(({ at }) => at < end)
    .toSorted((a, b) => compareText(a.at, b.at) || Number(a.payment === null) - Number(b.payment === null));
  return first ?? null;
}

async function tell(world: World, { driven, at, payment }: Telling): Promise<void> {
  const { loanRef } = driven.loan.statement;
  if (payment) {
    // While an agreement is open the ladder stands still, and what the money comes to counts from its own instant on.
    const isPaused = driven.state?.agreements.at(-1)?.status === 'open';
    if (driven.isOpen) await move(world, driven, isPaused ? at : plusMs(at, -MARGIN_MS));
    await world.send(payment);
    driven.sent += 1;
    await world.told(loanRef, driven.sent);
    world.onMoved(loanRef, at);
    return;
  }
  await move(world, driven, at);
  if (!driven.state || !driven.pending || !world.responses) return;
  for (const saying of driven.pending.take(driven.state)) {
    if (!(await world.responses.take(saying, { loanRef, at }))) return;
  }
}

/** Lets a case do what falls due, and moves on through a time in which nothing else happens. */
async function moveOn(world: World, { driven, at }: DueTime, meeting: Instant): Promise<void> {
  const quiet = plusMs(meeting, -MARGIN_MS);
  // What a case does may be responded to, so none of it is passed over.
  const isQuiet = driven.pending === null && at < quiet;
  await move(world, driven, isQuiet ? quiet : plusMs(at, PAST_MS));
}

interface DueTime {
  readonly driven: DrivenCase;
  readonly at: Instant;
}

/** When the open cases do something next, soonest first; in order of their loans at one instant. */
async function dueTimes(world: World, cases: readonly DrivenCase[]): Promise<DueTime[]> {
  const due: DueTime[] = [];
  for (const driven of cases) {
    const progress = driven.isOpen ? await settled(world, driven) : null;
    if (progress?.action?.kind === 'wait' && progress.action.until !== null)
      due.push({ driven, at: progress.action.until });
  }
  const refOf = ({ driven }: DueTime) => driven.loan.statement.loanRef;
  return due.sort((a, b) => compareText(a.at, b.at) || compareText(refOf(a), refOf(b)));
}

/** The progress of a case once it has nothing under way; null when it has closed. */
async function settled(world: World, driven: DrivenCase): Promise<CaseProgress | null> {
  const progress = await caseAtRest(world.client, driven.loan.statement.loanRef, SETTLE_LIMIT);
  driven.state = progress.state;
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
