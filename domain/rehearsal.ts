import type { Instant } from './instant.ts';
import {
  type ContactsMade,
  type RehearsalPolicy,
  RehearsedCase,
  type RehearsedLoan,
  type Turn,
} from './rehearsed-case.ts';
import type { RunResult } from './run-result.ts';

export { type RehearsedLoan, eventsSeen } from './rehearsed-case.ts';

/** A bound on the turns of one debtor's cases, so that a planner that never moves on is an error and not a hang. */
const TURN_LIMIT = 10_000;

/**
 * Runs the loans of one debtor from the first instant to `end` (exclusive) as a discrete-event simulation: the same
 * planner, judge and state as on the server, with the ledger in memory. At one instant payments come first, then cases
 * in order of their loan reference.
 */
export function rehearseDebtor(loans: readonly RehearsedLoan[], policy: RehearsalPolicy, end: Instant): RunResult {
  const made: ContactsMade = new Map();
  const cases = loans.map((loan) => new RehearsedCase(loan, policy, made));
  for (let count = 0; count < TURN_LIMIT; count += 1) {
    const next = earliest(cases);
    if (!next || next.turn.at >= end) {
      return {
        contacts: cases.flatMap((each) => each.contacts),
        cases: cases.map((each) => each.line(end)),
        tasks: cases.flatMap((each) => each.tasks),
      };
    }
    next.rehearsed.take(next.turn);
  }
  throw new RangeError(`The cases of ${loans[0]?.statement.debtor.debtorRef} never come to rest.`);
}

interface Candidate {
  readonly rehearsed: RehearsedCase;
  readonly turn: Turn;
}

function earliest(cases: readonly RehearsedCase[]): Candidate | null {
  let first: Candidate | null = null;
  for (const rehearsed of cases) {
    const turn = rehearsed.nextTurn();
    if (turn && (!first || compare({ rehearsed, turn }, first) < 0)) first = { rehearsed, turn };
  }
  return first;
}

function compare(a: Candidate, b: Candidate): number {
  if (a.turn.at !== b.turn.at) return a.turn.at < b.turn.at ? -1 : 1;
  return a.turn.rank - b.turn.rank || (a.rehearsed.loanRef < b.rehearsed.loanRef ? -1 : 1);
}
