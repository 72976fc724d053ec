import { toSeconds } from './instant.ts';
import { compareText } from './order.ts';
import type { CaseLine, ContactLine, RunResult } from './run-result.ts';

/** Puts a result into the order of the files: contacts by instant, loan, step; cases by loan; tasks by instant, loan. */
export function inFileOrder(result: RunResult): RunResult {
  return {
    contacts: result.contacts.toSorted(
      (a, b) => compareText(a.at, b.at) || compareText(a.loanRef, b.loanRef) || compareText(a.step, b.step),
    ),
    cases: result.cases.toSorted((a, b) => compareText(a.loanRef, b.loanRef)),
    tasks: result.tasks.toSorted(
      (a, b) => compareText(a.at, b.at) || compareText(a.loanRef, b.loanRef) || compareText(a.step, b.step),
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
