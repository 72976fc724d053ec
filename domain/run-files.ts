import { type Instant, toSeconds } from './instant.ts';
import { compareText } from './order.ts';
import type { AgreementLine, CaseLine, ContactLine, RunResult } from './run-result.ts';

/**
 * Puts a result into the order of the files: contacts by instant, loan, step; cases by loan; tasks by instant, loan;
 * agreements by loan, in the order in which they were made.
 */
export function inFileOrder(result: RunResult): RunResult {
  return {
    contacts: result.contacts.toSorted(
      (a, b) => compareText(a.at, b.at) || compareText(a.loanRef, b.loanRef) || compareText(a.step, b.step),
    ),
    cases: result.cases.toSorted((a, b) => compareText(a.loanRef, b.loanRef)),
    tasks: result.tasks.toSorted(
      (a, b) => compareText(a.at, b.at) || compareText(a.loanRef, b.loanRef) || compareText(a.step, b.step),
    ),
    agreements: result.agreements.toSorted(
      (a, b) =>
        compareText(a.loanRef, b.loanRef) ||
        compareText(a.madeAt, b.madeAt) ||
        compareText(a.agreementId, b.agreementId),
    ),
  };
}

/** `contacts.csv`: one line for every contact proposed. Instants are UTC with seconds. */
export function contactsCsv(contacts: readonly ContactLine[]): string {
  const lines = contacts.map((line) =>
    [line.loanRef, line.step, line.channel, toSeconds(line.at), line.verdict, line.reason].join(','),
  );
  return ['loan_id,step,channel,at,verdict,reason', ...lines, ''].join('\n');
}

/** `cases.csv`: one line a loan. `closed_at` is empty while the case is open. */
export function casesCsv(cases: readonly CaseLine[]): string {
  const lines = cases.map((line) =>
    [
      line.loanRef,
      line.outcome,
      line.closedAt === null ? '' : toSeconds(line.closedAt),
      line.paidMinor,
      line.contactsSent,
    ].join(','),
  );
  return ['loan_id,outcome,closed_at,paid_minor,contacts_sent', ...lines, ''].join('\n');
}

/**
 * `agreements.csv`: one line for every promise, plan and settlement. Instants are UTC with minutes: a server's clock has
 * gone on by a moment when it hears what was agreed. `ended_at` is empty while the agreement is open.
 */
export function agreementsCsv(agreements: readonly AgreementLine[]): string {
  const lines = agreements.map((line) =>
    [
      line.loanRef,
      line.agreementId,
      line.kind,
      toMinutes(line.madeAt),
      line.parts,
      line.agreedMinor,
      line.dueOn,
      line.status,
      line.endedAt === null ? '' : toMinutes(line.endedAt),
      line.receivedMinor,
    ].join(','),
  );
  const head = 'loan_id,agreement,kind,made_at,parts,agreed_minor,due_on,status,ended_at,received_minor';
  return [head, ...lines, ''].join('\n');
}

function toMinutes(instant: Instant): string {
  return `${instant.slice(0, 16)}Z`;
}
