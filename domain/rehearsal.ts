import type { Instant } from './instant.ts';
import { RehearsedCase } from './rehearsed-case.ts';
import { RehearsedDebtor } from './rehearsed-debtor.ts';
import type { RehearsalPolicy, RehearsedLoan } from './rehearsed-loan.ts';
import type { RunResult } from './run-result.ts';

export { type RehearsedLoan, eventsSeen } from './rehearsed-loan.ts';

/** A bound on the steps of one debtor's cases, so that a planner that never moves on is an error and not a hang. */
const STEP_LIMIT = 10_000;

/**
 * Runs the loans of one debtor from the first instant to `end` (exclusive) as a discrete-event simulation: the same
 * planner, judge and state as on the server, with the ledger in memory. At one instant the cases act in the order of
 * their loan references, each after the money that has come in for it; after all of them come the debtor's responses.
 */
export function rehearseDebtor(loans: readonly RehearsedLoan[], policy: RehearsalPolicy, end: Instant): RunResult {
  const debtor = new RehearsedDebtor(policy);
  const cases = loans.map((loan) => new RehearsedCase(loan, policy, debtor));
  const inOrder = cases.toSorted((a, b) => (a.loanRef < b.loanRef ? -1 : 1));
  for (let count = 0; count < STEP_LIMIT; count += 1) {
    const next = earliest(inOrder, (each) => each.nextInstant());
    const response = earliest(inOrder, (each) => each.nextResponseAt());
    const isResponse = response !== null && (!next || response.at < next.at);
    const due = isResponse ? response : next;
    if (!due || due.at >= end) {
      return {
        contacts: cases.flatMap((each) => each.contacts),
        cases: cases.map((each) => each.line(end)),
        tasks: cases.flatMap((each) => each.tasks),
        agreements: cases.flatMap((each) => each.agreementLines()),
      };
    }
    if (isResponse) due.rehearsed.respond(due.at);
    else due.rehearsed.step(due.at);
  }
  throw new RangeError(`The cases of ${loans[0]?.statement.debtor.debtorRef} never come to rest.`);
}

interface Due {
  readonly rehearsed: RehearsedCase;
  readonly at: Instant;
}

/** The case that has something to come soonest; the first of several at one instant. */
function earliest(cases: readonly RehearsedCase[], atOf: (rehearsed: RehearsedCase) => Instant | null): Due | null {
  let first: Due | null = null;
  for (const rehearsed of cases) {
    const at = atOf(rehearsed);
    if (at !== null && (!first || at < first.at)) first = { rehearsed, at };
  }
  return first;
}
