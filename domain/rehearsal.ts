import type { PastContact } from './contact-ledger.ts';
import type { Instant } from './instant.ts';
import { type RehearsalPolicy, RehearsedCase, type RehearsedLoan } from './rehearsed-case.ts';
import type { RunResult } from './run-result.ts';

export { type RehearsedLoan, eventsSeen } from './rehearsed-case.ts';

/** A bound on the steps of one debtor's cases, so that a planner that never moves on is an error and not a hang. */
const STEP_LIMIT = 10_000;

/**
 * Runs the loans of one debtor from the first instant to `end` (exclusive) as a discrete-event simulation: the same
 * planner, judge and state as on the server, with the ledger in memory. At one instant the cases act in the order of
 * their loan references, each after the money that has come in for it.
 */
export function rehearseDebtor(loans: readonly RehearsedLoan[], policy: RehearsalPolicy, end: Instant): RunResult {
  const made: PastContact[] = [];
  const cases = loans.map((loan) => new RehearsedCase(loan, policy, made));
  const inOrder = cases.toSorted((a, b) => (a.loanRef < b.loanRef ? -1 : 1));
  for (let count = 0; count < STEP_LIMIT; count += 1) {
    const next = earliest(inOrder);
    if (!next || next.at >= end) {
      return {
        contacts: cases.flatMap((each) => each.contacts),
        cases: cases.map((each) => each.line(end)),
        tasks: cases.flatMap((each) => each.tasks),
      };
    }
    next.rehearsed.step(next.at);
  }
  throw new RangeError(`The cases of ${loans[0]?.statement.debtor.debtorRef} never come to rest.`);
}

/** The case that has something to do soonest; the first of several at one instant. */
function earliest(cases: readonly RehearsedCase[]): { rehearsed: RehearsedCase; at: Instant } | null {
  let first: { rehearsed: RehearsedCase; at: Instant } | null = null;
  for (const rehearsed of cases) {
    const at = rehearsed.nextInstant();
    if (at !== null && (!first || at < first.at)) first = { rehearsed, at };
  }
  return first;
}
